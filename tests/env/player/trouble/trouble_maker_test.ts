/** What does not end the process; crashes are tried in processes elsewhere. */
import assert from "node:assert/strict";
import { parseTrouble } from "../../../../lib/env/player/trouble/trouble.ts";
import {
  type PlayerIdentity,
  TroubleMaker,
} from "../../../../lib/env/player/trouble/trouble_maker.ts";

const first: PlayerIdentity = { worker: 0, start: 1 };

function make(texts: readonly string[], identity = first) {
  const log: string[] = [];
  const add = (line: string) => log.push(line);
  const troubles = new TroubleMaker(texts.map(parseTrouble), identity, add);
  return { troubles, log };
}

Deno.test("trouble comes at its moment, once or from then on", () => {
  const { troubles } = make(["shape@2", "nan-reward@4+", "big:2@3", "cut@1+"]);
  const calls = [1, 2, 3, 4, 5];
  assert.deepEqual(
    calls.map((call) => troubles.infoFault(call)),
    [null, "shape", null, "nan-reward", "nan-reward"],
  );
  assert.deepEqual(
    calls.map((call) => troubles.padding(call)),
    [0, 0, 2 ** 21, 0, 0],
  );
  assert(calls.every((call) => troubles.cuts(call)));
  assert(!calls.some((call) => troubles.strays(call)));
});

Deno.test("trouble of other workers and other starts is left to them", () => {
  const texts = ["cut@1,worker=1", "unknown-channel@1,start=2"];
  const found = ([[0, 1], [1, 1], [0, 2], [1, 2]] as const).map(
    ([worker, start]) => {
      const { troubles } = make(texts, { worker, start });
      return [troubles.cuts(1), troubles.strays(1)];
    },
  );
  assert.deepEqual(found, [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]);
});

Deno.test("starts that nobody counts cannot matter", () => {
  assert.throws(
    () => make(["cut@1,start=2"], { worker: 0, start: null }),
    /--trouble cut@1,start=2: needs a record.*\n.*--record FILE/,
  );
});

Deno.test("a player is told to wait, to close or to drop the line", async () => {
  const { troubles, log } = make([
    ...["delay:0.05@hello", "delay:0@1+"],
    ...["close@ready", "disconnect@2"],
  ]);
  const begin = performance.now();
  assert.equal(await troubles.before("hello"), null);
  assert(performance.now() - begin >= 45);
  assert.equal(await troubles.before("ready"), "close");
  assert.equal(await troubles.before(1), null);
  assert.equal(await troubles.before(2), "disconnect");
  await troubles.during(1);
  await troubles.linger();
  // What repeats is told once.
  assert.deepEqual(log, [
    "Trouble as asked for: delay:0.05@hello",
    "Trouble as asked for: close@ready",
    "Trouble as asked for: delay:0@1+",
    "Trouble as asked for: disconnect@2",
  ]);
});
