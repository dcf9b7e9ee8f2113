import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { Basic } from "../../lib/env/sims/basic.ts";
import { UserError } from "../../lib/errors.ts";
import { EnvironmentPool } from "../../lib/train/environment_pool.ts";
import { HeldEnvironment } from "../support/held_environment.ts";
import {
  gameOf,
  HeldPlayers,
  idsOf,
  lost,
  settle,
  stateOf,
} from "../support/held_players.ts";

Deno.test("all environments are opened at the same time", async () => {
  const openings: PromiseWithResolvers<Environment>[] = [];
  const opening = EnvironmentPool.open(
    new HeldPlayers().options(3, {
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
    new HeldPlayers().options(4, {
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
    new HeldPlayers().options(1, {
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

Deno.test("closing ends a restart and leaves nothing open", async () => {
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const one = await EnvironmentPool.open(
    new HeldPlayers().options(1, { open }),
  );
  await one.reset();
  const state = one.snapshot();
  assert(Object.keys(state).length > 0);
  const again = await EnvironmentPool.open(
    new HeldPlayers().options(1, { open }),
  );
  assert.equal(again.restore(state), true);
  assert.deepEqual(again.snapshot(), state);
  assert.deepEqual(idsOf(await again.next()), [0]);
  const two = await EnvironmentPool.open(
    new HeldPlayers().options(2, { open }),
  );
  assert.deepEqual(two.snapshot(), {});
  assert.equal(two.restore(state), false);
  const players = await new HeldPlayers().start(1);
  assert.deepEqual(players.snapshot(), {});
  assert.equal(players.restore(state), false);
  await players.close();
});
