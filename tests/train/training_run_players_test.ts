/** The training loop with several players, and what may befall them. */
import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { EnvironmentLost } from "../../lib/env/environment_lost.ts";
import { Basic } from "../../lib/env/sims/basic.ts";
import { UserError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/events.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { LineGame } from "../support/line_game.ts";
import {
  ShuffledPlayers,
  type ShuffledPlayersOptions,
} from "../support/shuffled_players.ts";
import {
  eventsOf,
  savedRun,
  settingsOf,
  trainHere,
  type TrainHereOptions,
} from "../support/train_here.ts";

const small = {
  hyperparameters: { batch_size: 16, buffer_size: 64 },
  network_settings: { hidden_units: 8, num_layers: 1, normalize: true },
  max_steps: 400,
  summary_freq: 50,
  checkpoint_interval: 1e6,
} as const;

const gameOf = (seed: number, behaviors = ["A?team=0"], continuousSize = 1) =>
  new LineGame({ seed, continuousSize, behaviors });

/** Trains with shuffled players; returns the events, also after a failure. */
async function trainPlayers(
  {
    count = 4,
    lockstep = false,
    behaviors = ["A"],
    seed = 1,
    ...options
  }: Partial<ShuffledPlayersOptions> & Partial<TrainHereOptions> & {
    count?: number;
    lockstep?: boolean;
    behaviors?: string[];
  } = {},
) {
  const players = new ShuffledPlayers({
    createGame: (workerId, restarts) => gameOf(10 * workerId + restarts),
    ...options,
    seed,
  });
  const restarts = { lifetime: 10, rate: -1, periodSeconds: 60 };
  const events: RunEvent[] = [];
  const failed = await trainHere({
    settings: settingsOf(
      Object.fromEntries(behaviors.map((name) => [name, small])),
    ),
    ...options,
    seed: 1,
    players: { count, lockstep, restarts, open: players.open },
    emit: (event) => void events.push(event),
  }).then(() => null, (error: unknown) => error);
  const started = players.started.flat();
  assert(started.every(({ closes }) => closes === 1), "all are closed, once");
  return { events, players: players.started, failed };
}

const noticesOf = (events: readonly RunEvent[]) =>
  eventsOf(events, "notice").map(({ message }) => message);

/** Weights and all else that a run ends with. */
const finalState = (events: readonly RunEvent[]): NamedArrays | undefined =>
  savedRun(events).behaviors.get("A");

const ended = () => new EnvironmentLost("ended", { what: "The player ended" });

/** Checks that a failed run is saved; returns the error's words. */
function assertSaved(events: readonly RunEvent[], failed: unknown): string {
  assert(failed instanceof UserError);
  const [{ step, final }] = eventsOf(events, "checkpoint").slice(-1);
  // How many decisions the other players have made by then is up to them.
  assert(step > 0 && !final);
  assert.equal(eventsOf(events, "run_ended")[0].reason, "failed");
  assert.equal(events.at(-1)?.type, "run_ended");
  return failed.message;
}

Deno.test("players in any order train one policy to the end", async () => {
  const played = [0, 1, 2, 3].map((seed) => gameOf(seed));
  const { events, players, failed } = await trainPlayers({
    createGame: (workerId) => played[workerId],
    settings: settingsOf({ A: { ...small, max_steps: 2000 } }),
  });
  assert.equal(failed, null);
  const [{ reason, steps }] = eventsOf(events, "run_ended");
  assert.equal(reason, "finished");
  assert.deepEqual(noticesOf(events), []);
  assert.deepEqual(players.map(([{ resets }]) => resets), [1, 1, 1, 1]);
  const episodes = played.map((game) => game.finalRewards("A?team=0").length);
  assert(episodes.every((count) => count > 5), `${episodes}`);
  const rewards = eventsOf(events, "summary").map(({ statistics }) =>
    statistics.get("Environment/Cumulative Reward")?.count ?? 0
  );
  const counted = rewards.reduce((sum, count) => sum + count, 0);
  const all = episodes.reduce((sum, count) => sum + count, 0);
  assert(counted > 0.9 * all && counted <= all, `${counted} of ${all}`);
  assert(steps.A > 2000);
});

Deno.test("in lockstep the order of arrival changes nothing", async () => {
  const results = async ({ lockstep = true, losesOne = false }) => {
    const runs = [];
    for (const seed of [1, 2]) {
      const { events, failed } = await trainPlayers({
        seed,
        lockstep,
        failure: (workerId, restarts, step) =>
          losesOne && workerId === 2 && restarts === 0 && step === 40
            ? ended()
            : undefined,
      });
      assert.equal(failed, null);
      runs.push(finalState(events));
    }
    return runs;
  };
  const [first, second] = await results({});
  assert.deepEqual(first, second);
  // Not even where one is lost and comes back.
  const [lost, lostAgain] = await results({ losesOne: true });
  assert.deepEqual(lost, lostAgain);
  assert.notDeepEqual(lost, first);
  // The orders do differ.
  const [other, another] = await results({ lockstep: false });
  assert.notDeepEqual(other, another);
});

Deno.test("a player that is lost in mid-run is started again", async () => {
  for (const count of [1, 4]) {
    const { events, players, failed } = await trainPlayers({
      count,
      failure: (workerId, restarts, step) =>
        workerId === count - 1 && restarts === 0 && step === 40
          ? ended()
          : undefined,
    });
    assert.equal(failed, null);
    assert.equal(eventsOf(events, "run_ended")[0].reason, "finished");
    assert.deepEqual(noticesOf(events), [
      (count > 1 ? "player 3: " : "") +
      "The player ended\n  It is started again: restart 1 of 10.",
    ]);
    const starts = players.map((each) => each.length);
    assert.deepEqual(starts, [...Array(count - 1).fill(1), 2]);
    assert(players.flat().every(({ resets }) => resets === 1));
  }
});

Deno.test("a player that is lost again and again ends the run, saved", async () => {
  const { events, failed } = await trainPlayers({
    count: 2,
    failure: (workerId, _, step) =>
      workerId === 1 && step === 40 ? ended() : undefined,
    settings: settingsOf({ A: { ...small, max_steps: 5000 } }),
  });
  assert.match(
    assertSaved(events, failed),
    /^player 1: The player ended\nplayer 1: it may not be started again in this run \(found 10 restarts/,
  );
  assert.equal(noticesOf(events).length, 10);
});

Deno.test("players may be closed; with the last one the run ends, saved", async () => {
  const { events, failed, players } = await trainPlayers({
    count: 3,
    lockstep: true,
    failure: (workerId, _, step) =>
      step === 40 + 20 * workerId
        ? new EnvironmentLost("closed", { what: "The player was closed" })
        : undefined,
  });
  assert.match(assertSaved(events, failed), /^player 2: The player was closed/);
  assert.deepEqual(noticesOf(events), [
    "player 0: The player was closed\n  The other 2 go on without it.",
    "player 1: The player was closed\n  The other goes on without it.",
  ]);
  assert.deepEqual(players.map((each) => each.length), [1, 1, 1]);
});

Deno.test("another error of a player ends the run, saved, and names it", async () => {
  const { events, failed } = await trainPlayers({
    failure: (workerId, _, step) =>
      workerId === 2 && step === 60
        ? new UserError({ what: "a value is NaN", path: "A?team=0" })
        : undefined,
  });
  assert.equal(
    assertSaved(events, failed),
    "player 2: A?team=0: a value is NaN",
  );
  assert.deepEqual(noticesOf(events), []);
});

Deno.test("a player that comes back with other agents ends the run, saved", async () => {
  const { events, failed } = await trainPlayers({
    createGame: (workerId, restarts) =>
      gameOf(workerId, ["A?team=0"], 1 + restarts),
    failure: (workerId, _, step) =>
      workerId === 1 && step === 60 ? ended() : undefined,
  });
  assert.match(
    assertSaved(events, failed),
    /^player 1: A\?team=0: the behavior is not what it was .*\(found number of continuous actions: 2 instead of 1\)/,
  );
});

Deno.test("a behavior that only a late player has is trained, too", async () => {
  const { events, failed } = await trainPlayers({
    behaviors: ["A", "B"],
    createGame: (workerId, restarts) =>
      gameOf(workerId, ["A?team=0", ...restarts > 0 ? ["B?team=3"] : []]),
    failure: (workerId, restarts, step) =>
      workerId === 1 && restarts === 0 && step === 30 ? ended() : undefined,
  });
  assert.equal(failed, null);
  const started = eventsOf(events, "behavior_started");
  assert.deepEqual(started.map(({ behavior }) => behavior), ["A", "B"]);
  assert(
    events.indexOf(started[1]) >
      events.findIndex(({ type }) => type === "notice"),
  );
  const [{ steps }] = eventsOf(events, "run_ended");
  assert(steps.A > 400 && steps.B > 400);
});

Deno.test("of the latest values those of the first player count, of others all", async () => {
  const { events, failed } = await trainPlayers({
    count: 3,
    lockstep: true,
    createGame: (workerId) => {
      const game: Environment = gameOf(workerId);
      game.takeStatistics = () => [
        { name: "latest", value: workerId, aggregation: "latest" },
        { name: "sum", value: 1, aggregation: "sum" },
        { name: "mean", value: workerId, aggregation: "average" },
      ];
      return game;
    },
  });
  assert.equal(failed, null);
  const summaries = eventsOf(events, "summary");
  assert(summaries.length > 5);
  for (const { statistics } of summaries) {
    const [latest, sum, mean] = ["latest", "sum", "mean"].map((name) =>
      statistics.get(name) ?? assert.fail(name)
    );
    assert.deepEqual([latest.mean, latest.value], [0, 0]);
    assert.equal(sum.value, 3 * latest.count);
    assert.deepEqual([mean.mean, mean.count], [1, 3 * latest.count]);
  }
});

Deno.test("inference with several players acts and saves nothing", async () => {
  const { events: trained } = await trainPlayers();
  const stop = new AbortController();
  let steps = 0;
  const { events, failed } = await trainPlayers({
    inference: true,
    saved: savedRun(trained),
    stop: stop.signal,
    failure: () => {
      if (++steps === 500) stop.abort();
      return undefined;
    },
  });
  assert.equal(failed, null);
  assert.deepEqual(eventsOf(events, "checkpoint"), []);
  const summaries = eventsOf(events, "summary");
  assert(summaries.length > 3);
  assert(summaries.every(({ isTraining }) => !isTraining));
  assert.equal(eventsOf(events, "run_ended")[0].reason, "stopped");
});

Deno.test("a run goes on with another number of players, or after a simulator", async () => {
  const settings = (max_steps: number) =>
    settingsOf({ A: { ...small, max_steps }, Basic: small });
  const { events: first } = await trainPlayers({ count: 2 });
  const [{ steps }] = eventsOf(first, "run_ended");
  const { events, failed } = await trainPlayers({
    count: 3,
    saved: savedRun(first),
    settings: settings(800),
  });
  assert.equal(failed, null);
  assert.equal(eventsOf(events, "behavior_started")[0].step, steps.A);
  assert(eventsOf(events, "run_ended")[0].steps.A > 800);
  const simulated = await trainHere({
    environment: new Basic({ seed: 1, areas: 3 }),
    settings: settings(1),
  });
  const { failed: error } = await trainPlayers({
    count: 2,
    saved: savedRun(simulated),
    settings: settingsOf({ Basic: { ...small, max_steps: 800 } }),
    createGame: (seed) => new Basic({ seed }),
  });
  assert.equal(error, null);
});
