/** Connection and handshake: items 1 to 5. */
import assert from "node:assert/strict";
import { parameterMessages } from "../../../lib/env/unity/side_channels/environment_parameters.ts";
import { joinMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import { runCommand } from "../../support/command.ts";
import { isOld, type Item } from "./item.ts";
import {
  type Greeting,
  greetingReply,
  statusReply,
  stepReply,
} from "./replies.ts";
import { type Ending, PlayerSession } from "./session.ts";

const text = (value: string) => [...new TextEncoder().encode(value)];

/** A message field: tag, length, bytes. */
function field(tag: number, ...body: number[]): number[] {
  return [tag, body.length, ...body];
}

const status200 = [0x0a, 3, 0x08, 0xc8, 1];

export const connectionItems: readonly Item[] = [
  {
    number: 1,
    name: "the port is two words, the last ones; other words are ignored",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
        switches: ["--mlagents-port", "1", "--unknown", "word"],
        words: ["--mlagents-port=2", "-another"],
      });
      await session.next();
      const { code, log } = await session.finish();
      assert.equal(code, 0);
      assert.match(log, new RegExp(`port ${session.trainer.port}`));
      const silent = await runCommand(
        ["serve", "scene:Vectors", "--mlagents-port=2"],
        ".",
      );
      assert.equal(silent.code, 0);
      assert.match(silent.output, /^Without --mlagents-port N/);
    },
  },
  {
    number: 2,
    name: "one call at a time, no deadline; without a trainer it gives up",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
      });
      await session.begin();
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert(session.trainer.isQuiet);
      await session.step();
      assert.equal((await session.finish()).code, 0);
      const { port } = session.trainer;
      session.trainer.close();
      const { code, output } = await runCommand([
        ...["serve", "scene:Vectors", "--package", packageVersion],
        ...["--mlagents-port", String(port)],
      ], ".");
      assert.deepEqual(
        [code, output],
        [0, `No trainer listens on port ${port}.\n`],
      );
    },
  },
  {
    number: 3,
    name: "calls 1 and 2 have the bytes of Unity's",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
      });
      const hello = await session.next();
      const capabilities = isOld(packageVersion)
        ? [8, 1]
        : [1, 2, 3, 4, 5, 6, 7].flatMap((each) => [each << 3, 1]);
      const initialization = [
        ...field(0x0a, ...text("AcademySingleton")),
        ...field(0x12, ...text(isOld(packageVersion) ? "1.0.0" : "1.5.0")),
        ...field(0x3a, ...text(packageVersion)),
        ...field(0x42, ...capabilities),
      ];
      assert.deepEqual(
        [...hello.bytes],
        [...status200, ...field(0x12, ...field(0x12, ...initialization))],
      );
      const ready = await session.ask(greetingReply({}));
      assert.deepEqual([...ready.bytes], status200);
    },
  },
  {
    number: 4,
    name: "what a handshake must have is demanded",
    test: async (packageVersion) => {
      const greeted = (greeting: Greeting) => [greetingReply(greeting)];
      const cases: [Uint8Array[], RegExp][] = [
        [[new Uint8Array()], /a status, 200 as a rule, is missing/],
        [[statusReply(200)], /its initialization is missing/],
        [greeted({ capabilities: null }), /its capabilities is missing/],
        [greeted({ communication: "1.5.0-dev" }), /numeric communication/],
        [[...greeted({}), statusReply(200)], /an rl_input is missing/],
      ];
      if (isOld(packageVersion)) {
        const answers = [greetingReply({ library: "1.1.0" }), stepReply({})];
        cases.push([
          answers,
          /so new a trainer.*found library version 1\.1\.0/,
        ]);
      }
      const endings = await Promise.all(
        cases.map(([answers]) => endAfter(packageVersion, answers)),
      );
      endings.forEach(({ code, errors, log }, i) => {
        assert.equal(code, 1);
        assert.match(errors, cases[i][1]);
        assert.match(log, cases[i][1]);
      });
    },
  },
  {
    number: 5,
    name: "side channels of answer 2 count, its command does not",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Channels", {
        packageVersion,
      });
      await session.next();
      await session.ask(greetingReply({}));
      const sideChannel = joinMessages(parameterMessages({ width: 9 }));
      const told = await session.ask(stepReply({ command: 0, sideChannel }));
      const [{ observations: [observation] }] = told.infos["Channels?team=0"];
      assert.equal(observation.values?.[2], 9);
    },
  },
];

/** How a player ends that gets these answers. */
async function endAfter(
  packageVersion: string,
  answers: readonly Uint8Array[],
): Promise<Ending> {
  await using session = await PlayerSession.start("scene:Vectors", {
    packageVersion,
  });
  for (const answer of answers) {
    await session.next();
    session.answer(answer);
  }
  return await session.end();
}
