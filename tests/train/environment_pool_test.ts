import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import {
  EnvironmentLost,
  type LossReason,
} from "../../lib/env/environment_lost.ts";
import { Basic } from "../../lib/env/sims/basic.ts";
import { UserError } from "../../lib/errors.ts";
import {
  EnvironmentPool,
  type EnvironmentPoolOptions,
  type Round,
} from "../../lib/train/environment_pool.ts";
import { HeldEnvironment } from "../support/held_environment.ts";
import { LineGame } from "../support/line_game.ts";

const gameOf = (seed: number) => new LineGame({ seed, continuousSize: 1 });

const unlimited = { lifetime: -1, rate: -1, periodSeconds: 60 };

/** A pool of environments that a test holds in its hand. */
class Players {
  /** All that were opened, by worker; the last ones are the present ones. */
  readonly opened: HeldEnvironment[][] = [];
  /** Replaces the opening of a worker's next environment. */
  nextOpening: ((signal: AbortSignal) => Promise<Environment>) | null = null;

  options(
    count: number,
    options: Partial<EnvironmentPoolOptions> = {},
  ): EnvironmentPoolOptions {
    return {
      count,
      open: (workerId, signal) => this.#open(workerId, signal),
      lockstep: false,
      restarts: unlimited,
      signal: new AbortController().signal,
      ...options,
    };
  }

  /** A pool whose members have all been stepped once. */
  async start(
    count: number,
    options: Partial<EnvironmentPoolOptions> = {},
  ): Promise<EnvironmentPool> {
    const pool = await EnvironmentPool.open(this.options(count, options));
    await pool.reset();
    const { arrivals } = await pool.next();
    for (const member of arrivals) pool.step(member);
    return pool;
  }

  /** The present environment of a worker. */
  of(workerId: number): HeldEnvironment {
    return this.opened[workerId].at(-1) ?? assert.fail();
  }

  #open(workerId: number, signal: AbortSignal): Promise<Environment> {
    const opening = this.nextOpening;
    this.nextOpening = null;
    if (opening) return opening(signal);
    const held = new HeldEnvironment(gameOf(workerId));
    (this.opened[workerId] ??= []).push(held);
    return Promise.resolve(held);
  }
}

const idsOf = ({ arrivals }: Round) => arrivals.map(({ workerId }) => workerId);

const lost = (reason: LossReason, what = "The Unity player ended") =>
  new EnvironmentLost(reason, { what, cure: "Look into its log." });

/** Lets all promises settle that depend on nothing outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** What a promise has come to so far. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = "pending";
  promise.then(() => state = "resolved", () => state = "rejected");
  await settle();
  return state;
}

Deno.test("all environments are opened at the same time", async () => {
  const openings: PromiseWithResolvers<Environment>[] = [];
  const opening = EnvironmentPool.open(
    new Players().options(3, {
      open: (workerId) => {
        openings[workerId] = Promise.withResolvers<Environment>();
        return openings[workerId].promise;
      },
    }),
  );
  assert.equal(openings.length, 3);
  const games = openings.map((_, seed) => gameOf(seed));
  [2, 0, 1].forEach((id) => openings[id].resolve(games[id]));
  const { members } = await opening;
  assert.deepEqual(members.map(({ environment }) => environment), games);
  assert.deepEqual(members.map(({ workerId }) => workerId), [0, 1, 2]);
});

Deno.test("the first error of a start wins, and nothing stays behind", async () => {
  const held = [0, 1].map((seed) => new HeldEnvironment(gameOf(seed)));
  const late = Promise.withResolvers<Environment>();
  const opening = EnvironmentPool.open(
    new Players().options(4, {
      open: (workerId, signal) => {
        if (workerId === 0) return Promise.resolve(held[0]);
        if (workerId === 1) return late.promise;
        if (workerId === 2) {
          return Promise.reject(
            new UserError({ what: "no such player" }),
          );
        }
        const { promise, reject } = Promise.withResolvers<Environment>();
        // As one that waits for a connection.
        signal.addEventListener("abort", () => reject(signal.reason));
        return promise;
      },
    }),
  );
  assert.equal(await stateOf(opening), "pending", "the late one is awaited");
  late.resolve(held[1]);
  await assert.rejects(opening, {
    name: "UserError",
    message: "player 2: no such player",
  });
  assert.deepEqual(held.map(({ closes }) => closes), [1, 1]);
});

Deno.test("a first reset that fails is the error of its player", async () => {
  const players = new Players();
  const pool = await EnvironmentPool.open(players.options(2, {
    open: (workerId) => {
      const game = gameOf(1);
      if (workerId === 1) game.reset = () => Promise.reject(lost("ended"));
      return Promise.resolve(game);
    },
  }));
  await assert.rejects(pool.reset(), /^UserError: player 1: The Unity player/);
  await pool.close();
});

Deno.test("a round has all that have arrived, and waits for no other", async () => {
  const players = new Players();
  const pool = await players.start(3);
  const round = pool.next();
  assert.equal(await stateOf(round), "pending");
  await players.of(2).release();
  assert.deepEqual(idsOf(await round), [2]);
  const [, , third] = pool.members;
  for (let i = 0; i < 5; i++) {
    pool.step(third);
    await players.of(2).release();
    assert.deepEqual(idsOf(await pool.next()), [2]);
  }
  // In the order in which they came.
  await players.of(1).release();
  await players.of(0).release();
  await settle();
  assert.deepEqual(idsOf(await pool.next()), [1, 0]);
  await pool.close();
});

Deno.test("in lockstep a round waits for all and has them in order", async () => {
  const players = new Players();
  const pool = await players.start(3, { lockstep: true });
  const round = pool.next();
  for (const id of [2, 0]) {
    await players.of(id).release();
    assert.equal(await stateOf(round), "pending");
  }
  await players.of(1).release();
  assert.deepEqual(idsOf(await round), [0, 1, 2]);
  await pool.close();
});

Deno.test("an environment in this process arrives at once", async () => {
  const pool = await EnvironmentPool.open(
    new Players().options(1, {
      open: () => Promise.resolve(gameOf(1)),
      restarts: null,
    }),
  );
  await pool.reset();
  let hasTurned = false;
  setImmediate(() => hasTurned = true);
  for (let i = 0; i < 100; i++) {
    const { arrivals: [member] } = await pool.next();
    pool.step(member);
  }
  assert.equal(hasTurned, false, "no turn of the event loop is waited for");
});

for (const reason of ["ended", "silent", "disconnected"] as const) {
  Deno.test(`one that is lost (${reason}) is started again, the others go on`, async () => {
    const players = new Players();
    const pool = await players.start(3, {
      restarts: { ...unlimited, lifetime: 10 },
    });
    const opening = Promise.withResolvers<Environment>();
    players.nextOpening = () => opening.promise;
    players.of(1).fail(lost(reason));
    const { losses, arrivals } = await pool.next();
    assert.deepEqual(arrivals, []);
    assert.deepEqual(losses.map(({ member }) => member.workerId), [1]);
    assert.equal(
      losses[0].message,
      "player 1: The Unity player ended\n  Look into its log.\n" +
        "  It is started again: restart 1 of 10.",
    );
    assert.equal(players.of(1).closes, 1);
    await players.of(0).release();
    assert.deepEqual(idsOf(await pool.next()), [0]);
    const round = pool.next();
    assert.equal(await stateOf(round), "pending");
    const fresh = new HeldEnvironment(gameOf(9));
    opening.resolve(fresh);
    assert.deepEqual(idsOf(await round), [1]);
    assert.equal(fresh.resets, 1);
    assert.equal(pool.members[1].environment, fresh);
    await pool.close();
    const closes = [players.of(0), players.of(1), players.of(2), fresh]
      .map((each) => each.closes);
    assert.deepEqual(closes, [1, 1, 1, 1], "each is closed once");
  });
}

Deno.test("in lockstep the others wait for one that is started again", async () => {
  const players = new Players();
  const pool = await players.start(2, { lockstep: true });
  const opening = Promise.withResolvers<Environment>();
  players.nextOpening = () => opening.promise;
  players.of(0).fail(lost("ended"));
  await players.of(1).release();
  await settle();
  const { losses, arrivals } = await pool.next();
  assert.deepEqual([losses.length, arrivals.length], [1, 0]);
  const round = pool.next();
  assert.equal(await stateOf(round), "pending");
  opening.resolve(gameOf(1));
  assert.deepEqual(idsOf(await round), [0, 1]);
  await pool.close();
});

Deno.test("one that is closed is not started again; the last one ends it", async () => {
  for (const lockstep of [false, true]) {
    const players = new Players();
    const pool = await players.start(3, { lockstep });
    const closed = lost("closed", "The Unity player was closed");
    const wordings: string[] = [];
    for (const id of [0, 2]) {
      players.of(id).fail(closed);
      const { losses: [{ message }] } = await pool.next();
      wordings.push(message);
    }
    assert.match(wordings[0], /^player 0: .*was closed[^]*The other 2 go on/);
    assert.match(wordings[1], /^player 2: [^]*\n {2}The other goes on without/);
    await players.of(1).release();
    const round = await pool.next();
    assert.deepEqual(idsOf(round), [1]);
    pool.step(round.arrivals[0]);
    players.of(1).fail(closed);
    await assert.rejects(pool.next(), /^UserError: player 1: .*was closed/);
    await pool.close();
    assert.deepEqual(players.opened.map((each) => each.length), [1, 1, 1]);
    assert.deepEqual([0, 1, 2].map((id) => players.of(id).closes), [1, 1, 1]);
  }
});

Deno.test("losses before the end are told before it", async () => {
  const players = new Players();
  const pool = await players.start(2);
  for (const id of [0, 1]) players.of(id).fail(lost("closed"));
  await settle();
  const { losses } = await pool.next();
  assert.match(losses[0].message, /^player 0: [^]*The other goes on/);
  assert.equal(losses.length, 1);
  await assert.rejects(pool.next(), /player 1: /);
  await pool.close();
});

Deno.test("beyond the limits of restarts the run ends with both reasons", async () => {
  const players = new Players();
  const pool = await players.start(2, {
    restarts: { ...unlimited, lifetime: 2 },
  });
  for (let restart = 1; restart <= 2; restart++) {
    players.of(1).fail(lost("ended"));
    const { losses: [{ message }] } = await pool.next();
    assert.match(message, new RegExp(`restart ${restart} of 2\\.$`));
    const { arrivals: [member] } = await pool.next();
    pool.step(member);
  }
  players.of(1).fail(lost("ended"));
  await assert.rejects(pool.next(), {
    message: "player 1: The Unity player ended\n  Look into its log.\n" +
      "player 1: it may not be started again in this run (found 2 restarts)\n" +
      "  Raise --max-lifetime-restarts, or -1 for no limit.",
  });
  // The others' limits are their own.
  await pool.close();
});

Deno.test("without restarts a loss is the run's error as it is", async () => {
  const players = new Players();
  const pool = await players.start(1, { restarts: null });
  const error = lost("disconnected");
  players.of(0).fail(error);
  await assert.rejects(pool.next(), (thrown) => thrown === error);
  await pool.close();
});

Deno.test("an error that is no loss ends the run and names the player", async () => {
  const players = new Players();
  const pool = await players.start(2);
  const error = new UserError({ what: "not a number", path: "Ball?team=0" });
  players.of(1).fail(error);
  await players.of(0).release();
  await assert.rejects(pool.next(), {
    message: "player 1: Ball?team=0: not a number",
    cause: error,
  });
  const other = new TypeError("broken");
  const again = await players.start(2);
  players.of(0).fail(other);
  await assert.rejects(again.next(), (thrown) => thrown === other);
  await pool.close();
  await again.close();
});

Deno.test("a restart that fails as the player did is tried once more", async () => {
  const players = new Players();
  const pool = await players.start(2);
  players.nextOpening = () => Promise.reject(lost("silent", "No connection"));
  players.of(1).fail(lost("ended"));
  await settle();
  const round = await pool.next();
  const [first, second] = round.losses.map(({ message }) => message);
  assert.match(first, /^player 1: The Unity player ended[^]*restart 1\.$/);
  assert.match(second, /^player 1: No connection[^]*restart 2\.$/);
  assert.deepEqual(idsOf(round), [1]);
  assert.deepEqual(players.opened[1].map(({ closes }) => closes), [1, 0]);
  await pool.close();
});

Deno.test("a restart that fails otherwise ends the run", async () => {
  const players = new Players();
  const pool = await players.start(2);
  const error = new UserError({ what: "no such executable" });
  players.nextOpening = () => Promise.reject(error);
  players.of(0).fail(lost("ended"));
  await settle();
  assert.equal((await pool.next()).losses.length, 1);
  await assert.rejects(pool.next(), /player 0: no such executable/);
  await pool.close();
});

Deno.test("closing ends a restart and leaves nothing open", async () => {
  const players = new Players();
  const pool = await players.start(2);
  const opening = Promise.withResolvers<Environment>();
  let wasTold = false;
  players.nextOpening = (signal) => {
    signal.addEventListener("abort", () => wasTold = true);
    return opening.promise;
  };
  players.of(0).fail(lost("ended"));
  await pool.next();
  const closing = pool.close();
  assert.equal(await stateOf(closing), "pending");
  assert(wasTold, "whoever opens is told to give up");
  assert.equal(players.of(1).closes, 1, "the others do not wait for it");
  // Too late to give up.
  const fresh = new HeldEnvironment(gameOf(1));
  opening.resolve(fresh);
  await closing;
  assert.equal(fresh.closes, 1);
});

Deno.test("all are closed at the same time, whoever fails in it", async () => {
  const closings: PromiseWithResolvers<void>[] = [];
  const players = new Players();
  const pool = await EnvironmentPool.open(players.options(3, {
    open: (seed) => {
      const game: Environment = gameOf(seed);
      game.close = () => {
        closings.push(Promise.withResolvers<void>());
        return closings[closings.length - 1].promise;
      };
      return Promise.resolve(game);
    },
  }));
  const closing = pool.close();
  await settle();
  assert.equal(closings.length, 3);
  assert.equal(pool.close(), closing);
  closings[0].reject(new Error("stuck"));
  closings[1].resolve();
  assert.equal(await stateOf(closing), "pending");
  closings[2].resolve();
  await assert.rejects(closing, { message: "stuck" });
});

Deno.test("the one who stops the run is given its own reason", async () => {
  const stop = new AbortController();
  const players = new Players();
  const pool = await players.start(2, { signal: stop.signal });
  const reason = new UserError({ what: "stopped" });
  stop.abort(reason);
  players.of(1).fail(reason);
  await assert.rejects(pool.next(), (thrown) => thrown === reason);
  await pool.close();
  const start = EnvironmentPool.open(players.options(2, {
    signal: stop.signal,
    open: (_, signal) => Promise.reject(signal.reason),
  }));
  await assert.rejects(start, (thrown) => thrown === reason);
});

Deno.test("a world in one environment is saved and restored, others not", async () => {
  const open = (seed: number) => Promise.resolve(new Basic({ seed }));
  const one = await EnvironmentPool.open(new Players().options(1, { open }));
  await one.reset();
  const state = one.snapshot();
  assert(Object.keys(state).length > 0);
  const again = await EnvironmentPool.open(new Players().options(1, { open }));
  assert.equal(again.restore(state), true);
  assert.deepEqual(again.snapshot(), state);
  assert.deepEqual(idsOf(await again.next()), [0]);
  const two = await EnvironmentPool.open(new Players().options(2, { open }));
  assert.deepEqual(two.snapshot(), {});
  assert.equal(two.restore(state), false);
  const players = await new Players().start(1);
  assert.deepEqual(players.snapshot(), {});
  assert.equal(players.restore(state), false);
  await players.close();
});
