/** Slowness, crashes, trouble on the wire, seeds: items 23 to 26. */
import assert from "node:assert/strict";
import { splitMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import type { Item } from "./item.ts";
import { type Greeting, greetingReply, stepReply } from "./replies.ts";
import { type Ending, PlayerSession } from "./session.ts";

function trouble(...texts: string[]): string[] {
  return texts.flatMap((text) => ["--trouble", text]);
}

function start(
  packageVersion: string,
  texts: readonly string[],
  scene = "scene:Vectors",
): Promise<PlayerSession> {
  const switches = trouble(...texts);
  return PlayerSession.start(scene, { packageVersion, switches });
}

const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for what takes at least a quarter of a second. */
async function slowly<T>(promise: Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await promise;
  assert(performance.now() - begin >= 240);
  return result;
}

/** How a player ends that crashes after so many answers, or in the call then. */
async function crash(
  packageVersion: string,
  text: string,
  answered: number,
): Promise<Ending> {
  await using session = await start(packageVersion, [text]);
  const answers = [
    greetingReply({}),
    stepReply({ command: 1 }),
    stepReply({}),
    stepReply({}),
    // The first reset that the trainer asks for in mid-run.
    stepReply({ command: 1 }),
  ];
  for (const answer of answers.slice(0, answered)) {
    await session.next();
    session.answer(answer);
  }
  if (text.startsWith("crash-in-call")) await session.next();
  return await session.end();
}

export const troubleItems: readonly Item[] = [
  {
    number: 23,
    name: "slow: before each call of the handshake, at a step, for ever",
    test: async (packageVersion) => {
      await using session = await start(packageVersion, [
        ...["delay:0.25@hello", "delay:0.25@ready"],
        ...["delay:0.25@1", "delay:0.25@2", "delay:forever@3"],
      ]);
      await slowly(session.next());
      await slowly(session.ask(greetingReply({})));
      await slowly(session.ask(stepReply({ command: 1 })));
      await slowly(session.step());
      session.answer(stepReply({}));
      await pause(250);
      assert(session.trainer.isQuiet);
      session.process.kill("SIGTERM");
      assert.equal((await session.end()).signal, "SIGTERM");
    },
  },
  {
    number: 24,
    name: "crashes: by code and by signal, with and without a call",
    test: async (packageVersion) => {
      const cases: [string, number, number | string][] = [
        ["crash:3@hello", 0, 3],
        ["crash-in-call:4@hello", 0, 4],
        ["crash:SIGKILL@ready", 1, "SIGKILL"],
        ["crash-in-call:SIGABRT@ready", 1, "SIGABRT"],
        ["crash:SIGSEGV@2", 3, "SIGSEGV"],
        ["crash-in-call:0@2", 3, 0],
        ["crash:9@reset", 5, 9],
      ];
      const endings = await Promise.all(
        cases.map(([text, answered]) => crash(packageVersion, text, answered)),
      );
      endings.forEach(({ code, signal, log }, i) => {
        const [text, , end] = cases[i];
        assert.deepEqual([text, signal ?? code], [text, end]);
        assert.match(log, new RegExp(`Trouble as asked for: ${text}`));
      });
    },
  },
  {
    number: 25,
    name: "trouble on the wire",
    test: async (packageVersion) => {
      const name = "Vectors?team=0";
      await using session = await start(packageVersion, [
        ...["big@1", "cut@2", "unknown-channel@3", "nan-reward@4"],
        ...["nan-observation@5", "shape@6", "disconnect@7"],
      ]);
      const big = await session.begin();
      assert(big.bytes.length > 4 * 2 ** 20);
      assert.equal(big.infos[name].length, 3);
      const cut = await session.step();
      assert.throws(() => splitMessages(cut.sideChannel), /damaged/);
      const strange = await session.step();
      const [{ channel }] = splitMessages(strange.sideChannel);
      assert.match(channel, /^11111111-2222/);
      const [reward] = (await session.step()).infos[name];
      assert(Number.isNaN(reward.reward));
      const [observation] = (await session.step()).infos[name];
      assert(
        observation.observations.some(({ values }) =>
          values?.some(Number.isNaN)
        ),
      );
      const [grown] = (await session.step()).infos[name];
      assert.deepEqual(grown.observations[0].shape, [7]);
      assert.equal(grown.observations[0].values?.length, 7);
      session.answer(stepReply({}));
      await pause(250);
      assert(session.trainer.isQuiet);
      session.process.kill("SIGKILL");
      assert.match((await session.end()).log, /disconnect@7/);
    },
  },
  {
    number: 25,
    name: "a shape that changes with the next start, one worker that quits not",
    test: async (packageVersion) => {
      await using session = await start(packageVersion, [
        ...["shape@1,start=2", "ignore-quit,worker=0", "close@1,worker=1"],
      ]);
      const [{ observations }] = (await session.begin())
        .infos["Vectors?team=0"];
      assert.deepEqual(observations[0].shape, [6]);
      session.answer(stepReply({ command: 2 }));
      await pause(300);
      session.process.kill("SIGKILL");
      const { signal, log } = await session.end();
      assert.equal(signal, "SIGKILL");
      assert.match(log, /ignore-quit/);
    },
  },
  {
    number: 26,
    name: "the seed makes the run, num_areas the copies where it is known",
    test: async (packageVersion) => {
      const play = async (greeting: Greeting) => {
        await using session = await start(packageVersion, []);
        return await session.begin(greeting);
      };
      const [a, b, c, d] = await Promise.all([
        play({ seed: 1 }),
        play({ seed: 1 }),
        play({ seed: 2 }),
        play({ seed: 1, areas: 3 }),
      ]);
      assert.deepEqual(a.bytes, b.bytes);
      assert.notDeepEqual(a.bytes, c.bytes);
      const agents = Object.values(d.infos).flat().length;
      const copies = Number(packageVersion[0]) < 3 ? 1 : 3;
      assert.equal(agents, 3 * copies);
    },
  },
];
