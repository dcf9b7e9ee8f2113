/**
 * What players tell of agents that come, end and go, in every order, and what
 * becomes of it. Facts: protocol, section 4.
 */
import assert from "node:assert/strict";
import { UserError } from "../../../lib/errors.ts";
import type { Info } from "./fake_player.ts";
import { makePng } from "./images/make_png.ts";
import { decides, ends, Scene, transition } from "./scene.ts";

Deno.test("an episode: decisions, an end, the next episode's decision", () => {
  const scene = new Scene();
  assert.deepEqual(scene.send(decides(0, 1, { reward: 9 })), []);
  assert.deepEqual(scene.send(decides(0, 2, { reward: 0.5 })), [
    transition(0, 1, 2, { reward: 0.5 }),
  ]);
  assert.deepEqual(scene.send(ends(0, 3, { reward: 1 }), decides(0, 10)), [
    transition(0, 2, 3, { reward: 1, end: "done" }),
  ]);
  assert.deepEqual(scene.send(decides(0, 11, { reward: 2 })), [
    transition(0, 10, 11, { reward: 2 }),
  ]);
});

Deno.test("the end may come alone, the next episode later", () => {
  const scene = new Scene();
  scene.send(decides(0, 1), decides(1, 1));
  assert.deepEqual(scene.send(ends(1, 2, { interrupted: true, reward: 4 })), [
    transition(1, 1, 2, { reward: 4, end: "interrupted" }),
  ]);
  assert.deepEqual(scene.waiting, []);
  assert.deepEqual(scene.send(decides(0, 3), decides(1, 3)), [
    transition(0, 1, 3),
  ]);
});

Deno.test("decision then end: one outcome, whoever else is in the list", () => {
  const scene = new Scene();
  scene.send(decides(0, 1), decides(1, 1), decides(2, 1), decides(3, 1));
  const brought = scene.send(
    ends(3, 2, { reward: 30 }),
    decides(0, 2, { reward: 1 }),
    decides(1, 2, { reward: 10, groupId: 7, groupReward: 100 }),
    decides(2, 2, { reward: 2 }),
    ends(1, 3, {
      reward: 20,
      groupId: 7,
      groupReward: 200,
      interrupted: true,
    }),
    decides(3, 9),
    ends(0, 4, { reward: 5 }),
  );
  assert.deepEqual(brought, [
    transition(3, 1, 2, { reward: 30, end: "done" }),
    transition(1, 1, 3, { reward: 30, groupReward: 300, end: "interrupted" }),
    transition(0, 1, 4, { reward: 6, end: "done" }),
    transition(2, 1, 2, { reward: 2 }),
  ]);
  assert.deepEqual(scene.waiting, [2, 3]);
  const { terminal } = scene.intake.find("B");
  assert.deepEqual([...terminal.groupIds.subarray(0, 3)], [0, 7, 0]);
  // The next decisions start afresh, but agent 2 goes on.
  assert.deepEqual(
    scene.send(...[0, 1, 2, 3].map((id) => decides(id, 20, { reward: 8 }))),
    [
      transition(2, 2, 20, { reward: 8 }),
      transition(3, 9, 20, { reward: 8 }),
    ],
  );
});

Deno.test("masks and images of folded decisions go with them", () => {
  const scene = new Scene();
  const picture = (level: number) =>
    makePng({
      width: 1,
      height: 1,
      channels: 3,
      samples: [level, level, level],
    }).bytes;
  const info = (id: number, level: number, more: Partial<Info> = {}): Info => ({
    id,
    observations: [[id], { shape: [3, 1, 1], pngs: picture(level) }],
    ...more,
  });
  scene.receive({
    infos: {
      B: [
        info(1, 10, { mask: [1, 0] }),
        info(2, 20, { mask: [0, 1] }),
        info(3, 30),
        info(1, 11, { done: true, mask: [1, 1] }),
        info(4, 40, { mask: [1, 0] }),
      ],
    },
  });
  const { decision, terminal } = scene.intake.find("B");
  const levels = (values: Float32Array, count: number) =>
    [...values.subarray(0, 3 * count)].map((v) => Math.round(v * 255));
  assert.deepEqual(scene.waiting, [2, 3, 4]);
  assert.deepEqual(
    levels(decision.observations[1], 3),
    [20, 20, 20, 30, 30, 30, 40, 40, 40],
  );
  assert.deepEqual(levels(terminal.observations[1], 1), [11, 11, 11]);
  assert.deepEqual(
    [...decision.actionMask?.subarray(0, 6) ?? []],
    [1, 0, 1, 1, 0, 1],
  );
});

Deno.test("an episode that ends before its first action leaves nothing", () => {
  const scene = new Scene();
  scene.send(decides(0, 1), decides(1, 1));
  // Agent 0 ended, began anew, and was ended before it could act.
  const brought = scene.send(
    ends(0, 2, { reward: 1 }),
    decides(0, 10, { reward: 50 }),
    decides(1, 2),
    ends(0, 11, { reward: 60 }),
  );
  assert.deepEqual(brought, [
    transition(0, 1, 2, { reward: 1, end: "done" }),
    transition(1, 1, 2),
  ]);
  assert.deepEqual(scene.waiting, [1]);
  assert.equal(scene.intake.find("B").terminal.count, 1);
});

Deno.test("an end without a decision leaves nothing", () => {
  const scene = new Scene();
  assert.deepEqual(scene.send(ends(0, 1, { reward: 5 })), []);
  assert.deepEqual(scene.send(decides(0, 2)), []);
  assert.deepEqual(scene.send(ends(0, 3)), [
    transition(0, 2, 3, { end: "done" }),
  ]);
  assert.deepEqual(scene.send(ends(0, 4, { reward: 5 })), []);
});

Deno.test("rewards left over from before a reset belong to nothing", () => {
  const scene = new Scene();
  scene.send(decides(0, 1), decides(1, 1));
  scene.transitions.reset();
  assert.deepEqual(
    scene.send(decides(0, 2, { reward: 7 }), ends(1, 2, { reward: 7 })),
    [],
  );
  assert.deepEqual(scene.send(decides(0, 3, { reward: 1 }), decides(1, 3)), [
    transition(0, 2, 3, { reward: 1 }),
  ]);
});

Deno.test("ids may change with every episode, and be negative", () => {
  const scene = new Scene();
  scene.send(decides(-5, 1));
  assert.deepEqual(
    scene.send(ends(-5, 2, { reward: 1 }), decides(-2147483648, 10)),
    [transition(-5, 1, 2, { reward: 1, end: "done" })],
  );
  assert.deepEqual(scene.send(decides(-2147483648, 11), decides(77, 0)), [
    transition(-2147483648, 10, 11),
  ]);
});

Deno.test("agents may come, go, and change places", () => {
  const scene = new Scene();
  scene.send(decides(0, 1));
  assert.deepEqual(scene.send(decides(2, 2), decides(0, 2), decides(1, 2)), [
    transition(0, 1, 2),
  ]);
  // Agent 0 is disabled and comes back as agent 3.
  assert.deepEqual(
    scene.send(ends(0, 3), decides(1, 3), decides(2, 3), decides(3, 3)),
    [
      transition(0, 2, 3, { end: "done" }),
      transition(1, 2, 3),
      transition(2, 2, 3),
    ],
  );
  assert.deepEqual(scene.send(), []);
  assert.deepEqual(scene.waiting, []);
  assert.deepEqual(scene.send(decides(1, 4)), [transition(1, 3, 4)]);
});

Deno.test("a group's members die early, its end comes for each", () => {
  const scene = new Scene();
  const member = { groupId: 3 };
  scene.send(...[0, 1, 2].map((id) => decides(id, 1, member)));
  assert.deepEqual(
    scene.send(
      ends(1, 2, { ...member, groupReward: 1 }),
      ...[0, 2].map((id) => decides(id, 2, { ...member, groupReward: 1 })),
    ),
    [
      transition(1, 1, 2, { groupReward: 1, end: "done" }),
      transition(0, 1, 2, { groupReward: 1 }),
      transition(2, 1, 2, { groupReward: 1 }),
    ],
  );
  assert.deepEqual(
    scene.send(
      ...[0, 2].map((id) =>
        ends(id, 3, { ...member, groupReward: 4, interrupted: true })
      ),
    ),
    [0, 2].map((id) =>
      transition(id, 2, 3, { groupReward: 4, end: "interrupted" })
    ),
  );
});

Deno.test("the first info of a behavior may be an end", () => {
  const scene = new Scene();
  assert.equal(scene.receive({ infos: { B: [ends(4, 1)] } }), true);
  const { spec, decision, terminal } = scene.intake.find("B");
  assert.deepEqual(spec.observationSpecs.map(({ shape }) => shape), [[1]]);
  assert.deepEqual([decision.count, terminal.count], [0, 1]);
});

Deno.test("keys may come before their description, and stay unknown", () => {
  const scene = new Scene();
  assert.equal(scene.receive({ infos: { B: [], C: [] } }), false);
  assert.deepEqual([...scene.intake.specs.keys()], []);
  const some = { infos: { C: [decides(1, 1)], B: [] } };
  assert.equal(scene.receive(some), false);
  assert.throws(() => scene.intake.find("C"), UserError);
  const described = { continuousSize: 0, discreteBranches: [2] };
  assert.equal(scene.receive({ ...some, specs: { C: described } }), true);
  assert.equal(scene.intake.find("C").decision.count, 1);
  assert.equal(scene.receive({ infos: {} }), false);
  assert.equal(scene.intake.find("C").decision.count, 0);
});
