/** What the trainer must not do, side channels, endings: items 20 to 22. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { echoChannel } from "../../../lib/env/player/scenes/channels.ts";
import { parameterMessages } from "../../../lib/env/unity/side_channels/environment_parameters.ts";
import {
  Channel,
  joinMessages,
} from "../../../lib/env/unity/side_channels/framing.ts";
import { PayloadWriter } from "../../../lib/env/unity/side_channels/payload.ts";
import { readStatistic } from "../../../lib/env/unity/side_channels/statistics.ts";
import type { Item } from "./item.ts";
import { type Action, statusReply, stepReply } from "./replies.ts";
import { channelMessages, type Ending, PlayerSession } from "./session.ts";

const vectors = "Vectors?team=0";
const masks = "Masks?team=0";

/** Actions of the three agents that wait for one. */
function actionsFor(behavior: string, ...actions: Action[]): Uint8Array {
  return stepReply({ actions: { [behavior]: actions } });
}

/** How a player ends whose first agents get this answer. */
async function endAfter(
  packageVersion: string,
  scene: string,
  answer: Uint8Array,
): Promise<Ending> {
  await using session = await PlayerSession.start(scene, { packageVersion });
  await session.begin();
  session.answer(answer);
  return await session.end();
}

const point = { continuous: [0, 0] };

export const strictnessItems: readonly Item[] = [
  {
    number: 20,
    name: "a trainer that breaks the protocol is told so, loudly",
    test: async (packageVersion) => {
      const wrong = (action: Action) =>
        actionsFor(vectors, point, action, point);
      const discrete = (choice: number) =>
        actionsFor(masks, ...[0, 1, 2].map(() => ({ discrete: [choice] })));
      const cases: [string, Uint8Array, RegExp][] = [
        ["Vectors", actionsFor("Other", point), /unknown behavior.*"Other"/],
        ["Vectors", actionsFor(vectors, point), /agents' actions.*1.*3/],
        ["Vectors", wrong({ continuous: [0] }), /continuous actions.*1.*2/],
        ["Vectors", wrong({ continuous: [0, NaN] }), /not a number/],
        ["Masks", discrete(4), /out of range.*found 4/],
        ["Vectors", statusReply(200), /an rl_input is missing/],
        ["Vectors", new Uint8Array(), /a status, 200 as a rule, is missing/],
      ];
      const endings = await Promise.all(
        cases.map(([scene, answer]) =>
          endAfter(packageVersion, `scene:${scene}`, answer)
        ),
      );
      endings.forEach(({ code, errors, log }, i) => {
        assert.equal(code, 1);
        for (const text of [errors, log]) assert.match(text, cases[i][2]);
      });
      // The second agent has forbidden the action behind its cue.
      await using session = await PlayerSession.start("scene:Masks", {
        packageVersion,
      });
      const told = await session.begin();
      const actions = told.infos[masks].map(({ mask }) => ({
        discrete: [Math.max(0, mask.indexOf(1))],
      }));
      session.answer(stepReply({ actions: { [masks]: actions } }));
      const { code, errors } = await session.end();
      assert.equal(code, 1);
      assert.match(errors, /masked action for agent 1/);
    },
  },
  {
    number: 21,
    name: "side channels: statistics, echoes, settings, samplers",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Channels", {
        packageVersion,
      });
      const timeScale = new PayloadWriter().int32(2).float32(20).finish();
      const size = new PayloadWriter().int32(0).int32(84).int32(42).finish();
      const engine = [timeScale, size].map((payload) => ({
        channel: Channel.engineConfiguration,
        payload,
      }));
      const property = new PayloadWriter().string("a").float32(0.5).finish();
      const echoes = [
        { channel: echoChannel, payload: Uint8Array.of(1, 2, 3) },
        { channel: Channel.floatProperties, payload: property },
      ];
      const sampler = { kind: "uniform", min: 3, max: 4, seed: 5 } as const;
      const parameters = parameterMessages({ height: sampler, width: 9 });
      const unknown = {
        channel: "00000000-1111-2222-3333-444444444444",
        payload: new Uint8Array(),
      };
      const block = joinMessages([
        ...engine,
        ...parameters,
        ...echoes,
        unknown,
      ]);
      const first = await session.begin({}, block);
      const seen = first.infos["Channels?team=0"][0].observations[0].values;
      assert(seen && seen.slice(0, 2).every((each) => each >= 3 && each <= 4));
      assert.notEqual(seen[0], seen[1]);
      assert.equal(seen[2], 9);
      assert.deepEqual(channelMessages(first), echoes);

      const second = await session.step();
      const statistics = channelMessages(second).map(({ channel, payload }) => {
        assert.equal(channel, Channel.statistics);
        return readStatistic(payload);
      });
      assert.deepEqual(
        statistics.map(({ name, value, aggregation }) =>
          `${name} ${value} ${aggregation}`
        ),
        [
          "Channels/Choice 0 average",
          "Channels/Step 1 latest",
          "Channels/Choices 1 sum",
          "Channels/Choices 2 sum",
          "Channels/Steps 1 histogram",
          "Channels/Steps -1 histogram",
        ],
      );
      assert.deepEqual(session.events("engine"), [
        { event: "engine", setting: "timeScale", value: 20 },
        { event: "engine", setting: "resolution", width: 84, height: 42 },
      ]);
      assert.deepEqual(session.events("parameter"), [
        { event: "parameter", name: "height", parameter: sampler },
        { event: "parameter", name: "width", parameter: 9 },
      ]);
      const bytes = session.events("message").map(({ payload }) => payload);
      assert.deepEqual(bytes, [
        "010203",
        Buffer.from(property).toString("hex"),
        "",
      ]);
      const { log } = await session.finish();
      assert.match(log, /no side channel 00000000-1111/);
    },
  },
  {
    number: 22,
    name: "any status but 200, and QUIT, end it; its own end is a call",
    test: async (packageVersion) => {
      const quiet = [
        statusReply(400),
        statusReply(500),
        stepReply({ command: 2 }),
      ];
      const endings = await Promise.all(
        quiet.map((answer) => endAfter(packageVersion, "sim:Basic", answer)),
      );
      for (const { code, errors } of endings) {
        assert.deepEqual([code, errors], [0, ""]);
      }
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
        switches: ["--trouble", "close@2"],
      });
      await session.begin();
      const last = await session.step();
      // Status 400, and no output.
      assert.deepEqual([...last.bytes], [0x0a, 3, 0x08, 0x90, 3]);
      session.answer(new Uint8Array());
      const { code } = await session.end();
      assert.equal(code, 0);
      const reason = "ended by itself";
      assert.deepEqual(session.events("end"), [{ event: "end", reason }]);
    },
  },
];
