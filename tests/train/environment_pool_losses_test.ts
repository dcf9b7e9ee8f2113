/** What a pool does when an environment is lost. */
import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { UserError } from "../../lib/errors.ts";
import { HeldEnvironment } from "../support/held_environment.ts";
import {
  gameOf,
  HeldPlayers,
  idsOf,
  lost,
  settle,
  stateOf,
  unlimited,
} from "../support/held_players.ts";

for (const reason of ["ended", "silent", "disconnected"] as const) {
  Deno.test(`one that is lost (${reason}) is started again, the others go on`, async () => {
    const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
    const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
  const pool = await players.start(1, { restarts: null });
  const error = lost("disconnected");
  players.of(0).fail(error);
  await assert.rejects(pool.next(), (thrown) => thrown === error);
  await pool.close();
});

Deno.test("an error that is no loss ends the run and names the player", async () => {
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
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
  const players = new HeldPlayers();
  const pool = await players.start(2);
  const error = new UserError({ what: "no such executable" });
  players.nextOpening = () => Promise.reject(error);
  players.of(0).fail(lost("ended"));
  await settle();
  assert.equal((await pool.next()).losses.length, 1);
  await assert.rejects(pool.next(), /player 0: no such executable/);
  await pool.close();
});
