import assert from "node:assert/strict";
import { BehaviorIntake } from "../../../lib/env/unity/behavior_intake.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import { UserError } from "../../../lib/errors.ts";
import { type Info, type Output, writeOutput } from "./fake_player.ts";
import { makePng } from "./images/make_png.ts";
import { decides, ends, Scene, specs } from "./scene.ts";

Deno.test("what no player sends is named", () => {
  const cases: [readonly Info[], RegExp][] = [
    [[decides(4, 1), decides(5, 1), decides(4, 2)], /two decisions.*agent 4/],
    [[ends(4, 1), ends(4, 2)], /two ends.*agent 4/],
    [[decides(4, 1), ends(4, 2), ends(4, 3)], /two ends.*agent 4/],
    [[decides(4, 1), ends(4, 2), decides(4, 3)], /two decisions.*agent 4/],
    [
      [ends(4, 1), decides(4, 2), ends(4, 3), decides(4, 4)],
      /two decisions.*agent 4/,
    ],
    [
      [decides(4, 1, { reward: 3e38 }), ends(4, 2, { reward: 3e38 })],
      /reward of agent 4 is not a finite.*Infinity/,
    ],
    [
      [decides(4, 1, { mask: [1, 0, 0] })],
      /action mask values.*3 .*agent 4.*2/,
    ],
  ];
  for (const [infos, message] of cases) {
    const scene = new Scene();
    scene.send(decides(4, 0), decides(5, 0));
    assert.throws(() => scene.send(...infos), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      assert.match(error.message, /^B: /);
      return true;
    });
  }
});

Deno.test("a behavior cannot change in mid-run", () => {
  const scene = new Scene();
  scene.send(decides(4, 0));
  // The same once more is no change.
  assert.equal(scene.receive({ infos: { B: [decides(4, 0)] }, specs }), true);
  const changed = { B: { continuousSize: 1, discreteBranches: [3] } };
  assert.throws(
    () => scene.receive({ infos: { B: [decides(4, 0)] }, specs: changed }),
    /^UserError: B: .*changed.*discrete branches: \[3\] instead of \[2\]/,
  );
  assert.throws(
    () => scene.send({ id: 4, observations: [[1, 2]] }),
    /Sensor "sensor 0" of agent 4: the shape has changed.*\[2\].*\[1\]/,
  );
  assert.throws(
    () => scene.send({ id: 4, observations: [[1], [2]] }),
    /another number of observations.*2 from agent 4.*1/,
  );
});

Deno.test("impossible actions and shapes are named", () => {
  const infos = { B: [decides(1, 1)] };
  const refuse = (output: Output, message: RegExp) =>
    assert.throws(() => {
      const writer = new MessageWriter();
      writeOutput(writer, output);
      const reader = Reader.create(writer.message);
      new BehaviorIntake({ packageVersion: "" })
        .receive(readPlayerMessage(reader), reader);
    }, message);
  for (
    const wrong of [
      { continuousSize: -1, discreteBranches: [] },
      { continuousSize: 0, discreteBranches: [2, 0] },
    ]
  ) refuse({ infos, specs: { B: wrong } }, /B: .*impossible actions/);
  for (const shape of [[-1], [1 << 20, 1 << 20]]) {
    refuse({ infos, specs, shape }, /B: Sensor "sensor 0" has an impossible/);
  }
});

Deno.test("a picture that cannot be used is named with its agent", () => {
  const scene = new Scene();
  const picture = { width: 2, height: 3, channels: 3 };
  const sees = (id: number, pngs: Uint8Array, mapping: number[] = []) => ({
    id,
    observations: [{ shape: [3, 2, 3], pngs, mapping }],
  });
  const good = makePng(picture).bytes;
  // In the first message, too.
  assert.throws(
    () => new Scene().receive({ infos: { B: [sees(7, Uint8Array.of(1))] } }),
    /B: Sensor "sensor 0" of agent 7: .*no PNG/,
  );
  scene.receive({ infos: { B: [sees(1, good)] } });
  const cases: [Info, RegExp][] = [
    [sees(7, good.subarray(0, 60)), /cannot be used.*cut off/],
    [sees(7, makePng({ ...picture, width: 3 }).bytes), /3 x 3 pixels.*2 x 3/],
    [sees(7, makePng({ ...picture, channels: 1 }).bytes), /1 channels.*3/],
    [sees(7, good, [0, 1]), /mapping \[0, 1\].*0 to 2/],
    [
      { id: 7, observations: [{ shape: [3, 2, 3], values: [1] }] },
      /number of values.*1.*18/,
    ],
  ];
  for (const [bad, message] of cases) {
    const infos = { B: [sees(1, good), bad, sees(8, good)] };
    assert.throws(() => scene.receive({ infos }), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, /^B: Sensor "sensor 0" of agent 7: /);
      assert.match(error.message, message);
      return true;
    });
  }
});
