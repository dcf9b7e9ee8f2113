/**
 * What players tell of agents that come, end and go, in every order, and what
 * becomes of it. Facts: protocol, section 4.
 */
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
import type { BehaviorSteps } from "../../../lib/env/env.ts";
import { type Info, type Output, writeOutput } from "./fake_player.ts";
import { joinPngs, makePng } from "./images/make_png.ts";

const specs = { B: { continuousSize: 1, discreteBranches: [2] } };

/** What an agent's action led to. */
interface Transition {
  readonly agent: number;
  /** What the agent saw when it chose the action. */
  readonly sees: number;
  readonly reward: number;
  readonly groupReward: number;
  /** How it ended; undefined if it goes on. */
  readonly end?: "done" | "interrupted";
  /** What it saw after the action. */
  readonly next: number;
}

/** Pairs records as every user of an environment has to. */
class Transitions {
  readonly #open = new Map<number, number>();

  /** Forgets what has not ended, as after a reset. */
  reset(): void {
    this.#open.clear();
  }

  take({ terminal, decision }: BehaviorSteps): Transition[] {
    const found: Transition[] = [];
    const settle = (steps: typeof decision, i: number, end?: string) => {
      const agent = steps.agentIds[i];
      const sees = this.#open.get(agent);
      const next = steps.observations[0][i];
      this.#open.delete(agent);
      if (sees === undefined) return;
      const reward = steps.rewards[i];
      const groupReward = steps.groupRewards[i];
      const transition = { agent, sees, reward, groupReward, next };
      found.push(
        end === undefined
          ? transition
          : { ...transition, end: end === "done" ? "done" : "interrupted" },
      );
    };
    for (let i = 0; i < terminal.count; i++) {
      const isCut = terminal.interrupted[i] === 1;
      const steps = { ...terminal, actionMask: null };
      settle(steps, i, isCut ? "interrupted" : "done");
    }
    for (let i = 0; i < decision.count; i++) {
      settle(decision, i);
      this.#open.set(decision.agentIds[i], decision.observations[0][i]);
    }
    return found;
  }
}

/** A player's behavior B, message after message. */
class Scene {
  readonly intake = new BehaviorIntake({ packageVersion: "3.0.0" });
  readonly transitions = new Transitions();
  #isDescribed = false;

  /** What a message with these infos brings. */
  send(...infos: readonly Info[]): Transition[] {
    this.receive({ infos: { B: infos } });
    return this.transitions.take(this.intake.find("B"));
  }

  receive(output: Output): boolean {
    const writer = new MessageWriter();
    writeOutput(writer, this.#isDescribed ? output : { ...output, specs });
    this.#isDescribed = true;
    const reader = Reader.create(writer.message.slice());
    return this.intake.receive(readPlayerMessage(reader), reader);
  }

  /** Ids of the agents that wait for an action. */
  get waiting(): number[] {
    const { agentIds, count } = this.intake.find("B").decision;
    return [...agentIds.subarray(0, count)];
  }
}

/** Agent `id` asks for a decision at time `sees`. */
function decides(id: number, sees: number, more: Partial<Info> = {}): Info {
  return { id, observations: [[sees]], ...more };
}

function ends(id: number, sees: number, more: Partial<Info> = {}): Info {
  return { id, observations: [[sees]], done: true, ...more };
}

function transition(
  agent: number,
  sees: number,
  next: number,
  more: Partial<Transition> = {},
): Transition {
  return { agent, sees, next, reward: 0, groupReward: 0, ...more };
}

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
    joinPngs(makePng({
      width: 1,
      height: 1,
      channels: 3,
      samples: [level, level, level],
    }));
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
