import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { Basic } from "../../lib/env/sims/basic.ts";
import { UserError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/events.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { LineGame } from "../support/line_game.ts";
import {
  eventsOf,
  savedRun,
  settingsOf,
  trainHere,
} from "../support/train_here.ts";

/** Settings that end within a second. */
const small = {
  hyperparameters: { batch_size: 16, buffer_size: 64 },
  network_settings: { hidden_units: 8, num_layers: 1 },
  max_steps: 300,
  summary_freq: 100,
  checkpoint_interval: 100,
} as const;

const lineGame = (behaviors: readonly string[], seed = 1) =>
  new LineGame({ seed, continuousSize: 1, behaviors });

/** An environment with some members replaced. */
function changed(
  environment: Environment,
  changes: (original: Environment) => Partial<Environment>,
): Environment {
  const overrides: Partial<Environment> = changes(environment);
  return new Proxy(environment, {
    get(target, name) {
      const value = Reflect.get(name in overrides ? overrides : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const checkpointsOf = (events: readonly RunEvent[]) =>
  eventsOf(events, "checkpoint").map(({ behavior, step, final }) => ({
    behavior,
    step,
    final,
  }));

Deno.test("every behavior learns until all have passed max_steps", async () => {
  const settings = settingsOf({
    A: small,
    B: { ...small, max_steps: 500 },
  });
  const environment = lineGame(["A?team=0", "B?team=0"]);
  const events = await trainHere({ environment, settings });
  assert.deepEqual(events.slice(0, 3).map(({ type }) => type), [
    "run_started",
    "behavior_started",
    "behavior_started",
  ]);
  const [ended] = eventsOf(events, "run_ended");
  assert.equal(events.at(-1), ended);
  assert.equal(ended.reason, "finished");
  assert.deepEqual(Object.keys(ended.steps), ["A", "B"]);
  assert(ended.steps.A > 300 && ended.steps.A < 500);
  assert(ended.steps.B > 500);
  for (const behavior of ["A", "B"]) {
    const summaries = eventsOf(events, "summary")
      .filter((summary) => summary.behavior === behavior);
    assert.deepEqual(
      summaries.slice(0, 3).map(({ step }) => step),
      [100, 200, 300],
    );
  }
  const final = eventsOf(events, "checkpoint").filter(({ final }) => final);
  assert.deepEqual(final.map(({ behavior }) => behavior), ["A", "B"]);
  // One moment: both carry the very same state of the run.
  assert.equal(final[0].runState, final[1].runState);
});

Deno.test("teams of one behavior are trained together", async () => {
  // Short intervals: nearly all episodes are in a summary at the end.
  const settings = settingsOf({ A: { ...small, summary_freq: 10 } });
  const environment = lineGame(["A?team=0", "A?team=1"]);
  const events = await trainHere({ environment, settings });
  assert.equal(eventsOf(events, "behavior_started").length, 1);
  assert.deepEqual(Object.keys(eventsOf(events, "run_ended")[0].steps), ["A"]);
  const played = ["A?team=0", "A?team=1"].map((name) =>
    environment.finalRewards(name).length
  );
  assert(played.every((episodes) => episodes > 0));
  const counted = eventsOf(events, "summary").reduce(
    (sum, { statistics }) =>
      sum + (statistics.get("Environment/Cumulative Reward")?.count ?? 0),
    0,
  );
  assert(counted > Math.max(...played), "episodes of both teams count");
});

Deno.test("a behavior that appears late gets a trainer then", async () => {
  const settings = settingsOf({ A: small, B: small });
  let steps = 0;
  const environment = changed(
    lineGame(["A?team=0", "B?team=0"]),
    (original) => ({
      step: () => {
        steps++;
        return original.step();
      },
      get behaviorSpecs() {
        const known = [...original.behaviorSpecs];
        return new Map(steps < 50 ? known.slice(0, 1) : known);
      },
    }),
  );
  const events = await trainHere({ environment, settings });
  const started = events.map((event) =>
    event.type === "behavior_started" ? event.behavior : event.type
  );
  const [a, b] = ["A", "B"].map((name) => started.indexOf(name));
  assert(a >= 0 && b > a);
  assert(started.slice(a, b).includes("progress"));
  const { steps: reached } = eventsOf(events, "run_ended")[0];
  assert(reached.A > 300 && reached.B > 300);
});

Deno.test("what was learned is saved when the environment fails", async () => {
  const cause = new UserError({ what: "The Unity player ended" });
  let steps = 0;
  const environment = changed(lineGame(["A?team=0"]), (original) => ({
    step: () => {
      if (++steps > 150) throw cause;
      return original.step();
    },
  }));
  const events: RunEvent[] = [];
  const run = trainHere({
    environment,
    settings: settingsOf({ A: { ...small, checkpoint_interval: 1000 } }),
    emit: (event) => void events.push(event),
  });
  await assert.rejects(run, (error) => error === cause);
  const [checkpoint] = checkpointsOf(events);
  assert(checkpoint.step > 50);
  assert.equal(checkpoint.final, false);
  assert.equal(events.at(-1)?.type, "run_ended");
  assert.equal(eventsOf(events, "run_ended")[0].reason, "failed");
});

Deno.test("a reward that is no number ends the run and names the agent", async () => {
  const environment = changed(lineGame(["A?team=0"]), (original) => ({
    getSteps: (name) => {
      const steps = original.getSteps(name);
      if (steps.terminal.count > 0) steps.terminal.rewards[0] = NaN;
      return steps;
    },
  }));
  const events: RunEvent[] = [];
  const run = trainHere({
    environment,
    settings: settingsOf({ A: small }),
    emit: (event) => void events.push(event),
  });
  await assert.rejects(run, {
    name: "UserError",
    message: /^A: agent \d+ received a reward that is not a finite number/,
  });
  const [{ reason }] = eventsOf(events, "run_ended");
  assert.equal(reason, "failed");
});

Deno.test("a sink that fails ends the run with its error", async () => {
  const cause = new UserError({ what: "no space left on the disk" });
  const seen: RunEvent[] = [];
  const run = trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: small }),
    emit: (event) => {
      seen.push(event);
      if (event.type === "checkpoint") throw cause;
    },
  });
  await assert.rejects(run, (error) => error === cause);
  assert.equal(eventsOf(seen, "run_ended")[0].reason, "failed");
});

Deno.test("training goes on while a checkpoint is written", async () => {
  const written = Promise.withResolvers<void>();
  const seen: string[] = [];
  await trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: small }),
    emit: async (event) => {
      if (event.type === "summary") {
        seen.push(`summary ${event.step}`);
        if (event.step === 200) written.resolve();
      }
      if (event.type === "run_ended") seen.push("end");
      if (event.type !== "checkpoint") return;
      await written.promise;
      seen.push(event.final ? "final" : "checkpoint");
    },
  });
  assert.deepEqual(seen.slice(0, 3), [
    "summary 100",
    "summary 200",
    "checkpoint",
  ]);
  assert.deepEqual(seen.slice(-2), ["final", "end"]);
});

Deno.test("a run that is stopped at once saves its first state", async () => {
  const events = await trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: small }),
    stop: AbortSignal.abort(),
  });
  assert.deepEqual(checkpointsOf(events), [
    { behavior: "A", step: 0, final: true },
  ]);
  const [{ reason, steps }] = eventsOf(events, "run_ended");
  assert.deepEqual({ reason, steps }, { reason: "stopped", steps: { A: 0 } });
});

Deno.test("an environment that waits is freed by the stop", async () => {
  const stop = new AbortController();
  let steps = 0;
  const environment = changed(lineGame(["A?team=0"]), (original) => ({
    step: async () => {
      if (++steps < 150) return original.step();
      // As a Unity player does that never answers.
      const freed = Promise.withResolvers<void>();
      stop.signal.addEventListener(
        "abort",
        () => freed.reject(stop.signal.reason),
      );
      setTimeout(() => stop.abort(), 1);
      await freed.promise;
    },
  }));
  const events = await trainHere({
    environment,
    settings: settingsOf({ A: { ...small, checkpoint_interval: 1000 } }),
    stop: stop.signal,
  });
  const [{ step, final }] = checkpointsOf(events);
  assert(step > 50 && final);
  assert.equal(eventsOf(events, "run_ended")[0].reason, "stopped");
});

Deno.test("inference acts and saves nothing", async () => {
  const settings = settingsOf({ A: small });
  const trained = await trainHere({
    environment: lineGame(["A?team=0"]),
    settings,
  });
  const stop = new AbortController();
  const environment = lineGame(["A?team=0"], 2);
  const before = structuredClone(savedRun(trained));
  const saved = savedRun(trained);
  const events = await trainHere({
    environment,
    settings,
    inference: true,
    saved,
    stop: stop.signal,
    emit: () => {
      if (environment.finalRewards("A?team=0").length > 100) stop.abort();
    },
  });
  assert.deepEqual(checkpointsOf(events), []);
  const summaries = eventsOf(events, "summary");
  assert(summaries.length > 0);
  assert(summaries.every(({ isTraining }) => !isTraining));
  const [{ steps }] = eventsOf(events, "run_ended");
  assert.deepEqual(steps, eventsOf(trained, "run_ended")[0].steps);
  assert.deepEqual(saved, before, "the trained state is left as it was");
});

Deno.test("a state that does not fit is refused before anything begins", async () => {
  const environment = () => lineGame(["A?team=0"]);
  const first = await trainHere({
    environment: environment(),
    settings: settingsOf({ A: small }),
  });
  const events: RunEvent[] = [];
  const run = trainHere({
    environment: environment(),
    settings: settingsOf({
      A: { ...small, network_settings: { hidden_units: 9, num_layers: 1 } },
    }),
    saved: savedRun(first),
    emit: (event) => void events.push(event),
  });
  await assert.rejects(run, { name: "UserError", message: /does not fit/ });
  assert.deepEqual(events, []);
});

Deno.test("after a failure the environment begins anew", async () => {
  const settings = settingsOf({ Basic: { ...small, max_steps: 600 } });
  let steps = 0;
  const failing = changed(new Basic({ seed: 3, areas: 3 }), (original) => ({
    step: () => {
      // As if it broke off half-way.
      if (++steps === 100) original.step();
      if (steps === 100) throw new Error("broken");
      return original.step();
    },
  }));
  const events: RunEvent[] = [];
  await assert.rejects(
    trainHere({
      environment: failing,
      settings,
      emit: (event) => void events.push(event),
    }),
    { message: "broken" },
  );
  const again = await trainHere({
    environment: new Basic({ seed: 3, areas: 3 }),
    settings,
    saved: savedRun(events),
  });
  const [{ step }] = eventsOf(again, "behavior_started");
  assert(step > 200 && step < 300);
  assert(eventsOf(again, "run_ended")[0].steps.Basic > 600);
});

Deno.test("a finished run goes on with a larger max_steps", async () => {
  const first = await trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: small }),
  });
  const [{ step }] = checkpointsOf(first).slice(-1);
  const again = await trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: small }),
    saved: savedRun(first),
  });
  assert.deepEqual(checkpointsOf(again).at(-1)?.step, step);
  const further = await trainHere({
    environment: lineGame(["A?team=0"]),
    settings: settingsOf({ A: { ...small, max_steps: 600 } }),
    saved: savedRun(first),
  });
  assert.equal(eventsOf(further, "run_started")[0].resumed, true);
  assert.equal(eventsOf(further, "behavior_started")[0].step, step);
  assert.deepEqual(eventsOf(further, "summary").map((each) => each.step), [
    400,
    500,
    600,
  ]);
  assert(eventsOf(further, "run_ended")[0].steps.A > 600);
});

Deno.test("a stop anywhere and a resume change nothing in the end", async () => {
  const settings = settingsOf({ Basic: { ...small, max_steps: 600 } });
  const train = (
    saved?: ReturnType<typeof savedRun>,
    stopAfter = Infinity,
  ) => {
    const stop = new AbortController();
    let steps = 0;
    return trainHere({
      environment: changed(new Basic({ seed: 3, areas: 3 }), (original) => ({
        step: () => {
          if (++steps >= stopAfter) stop.abort();
          return original.step();
        },
      })),
      settings,
      ...(saved && { saved }),
      stop: stop.signal,
    });
  };
  const finalState = (events: readonly RunEvent[]): NamedArrays => ({
    ...savedRun(events).behaviors.get("Basic"),
    ...savedRun(events).runState,
  });
  const whole = await train();
  for (const stopAfter of [19, 64]) {
    let saved: ReturnType<typeof savedRun> | undefined;
    let events: RunEvent[];
    do {
      events = await train(saved, stopAfter);
      saved = savedRun(events);
    } while (eventsOf(events, "run_ended")[0].reason === "stopped");
    assert.deepEqual(finalState(events), finalState(whole));
  }
});
