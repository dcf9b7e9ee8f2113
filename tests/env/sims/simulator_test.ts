/** The order of events of Unity's academy, on a game that counts its steps. */
import assert from "node:assert/strict";
import {
  type Game,
  Simulator,
  type SimulatorOptions,
} from "../../../lib/env/sims/simulator.ts";
import { UserError } from "../../../lib/errors.ts";
import { vectorObservation } from "../../../lib/spec.ts";
import { environmentConformance } from "../../conformance/environment_conformance.ts";

const behavior = "Countdown?team=0";

const game: Game = {
  behavior,
  spec: {
    observationSpecs: [vectorObservation(1)],
    actionSpec: { continuousSize: 1, discreteBranches: [3] },
  },
  decisionPeriod: 3,
  maxStep: 8,
  parameters: [],
};

/** Rewards 1 and the action each step; branch value n ends after n steps. */
class Countdown extends Simulator {
  readonly #steps: Int32Array;

  constructor(options: SimulatorOptions & { areas: number }, played = game) {
    super(played, options);
    this.#steps = new Int32Array(options.areas);
  }

  protected override beginEpisode(area: number) {
    this.#steps[area] = 0;
  }

  protected override observe(
    area: number,
    [column]: Float32Array[],
    row: number,
  ) {
    column[row] = this.#steps[area];
  }

  protected override act(area: number) {
    this.addReward(area, 1 + this.continuous[area]);
    if (this.discrete[area] > 0 && --this.discrete[area] === 0) {
      this.setReward(area, -10);
      this.endEpisode(area);
    }
  }

  protected override advance() {
    for (let area = 0; area < this.areas; area++) this.#steps[area]++;
  }

  protected override liveArrays() {
    return { steps: this.#steps };
  }
}

/** `id: observation, reward` of each record, `!` for interrupted ones. */
function describe(environment: Countdown) {
  const { decision, terminal } = environment.getSteps(behavior);
  const words = ({ count, agentIds, observations, rewards }: typeof decision) =>
    Array.from(
      { length: count },
      (_, row) => `${agentIds[row]}: ${observations[0][row]}, ${rewards[row]}`,
    );
  return {
    terminal: words({ ...terminal, actionMask: null }).map((text, row) =>
      terminal.interrupted[row] ? `${text} !` : text
    ),
    decision: words(decision),
  };
}

function act(environment: Countdown, continuous: number[], discrete: number[]) {
  environment.setActions(behavior, {
    continuous: Float32Array.from(continuous),
    discrete: Int32Array.from(discrete),
  });
  environment.step();
  return describe(environment);
}

environmentConformance(
  "Simulator",
  (seed) => new Countdown({ seed, areas: 3 }),
);

Deno.test("actions repeat until the next decision and rewards add up", () => {
  const environment = new Countdown({ seed: 1, areas: 2 });
  environment.reset();
  assert.deepEqual(describe(environment), {
    terminal: [],
    decision: ["0: 0, 0", "1: 0, 0"],
  });
  assert.deepEqual(act(environment, [0.5, 0], [0, 0]), {
    terminal: [],
    decision: ["0: 3, 4.5", "1: 3, 3"],
  });
});

Deno.test("an end goes out with the next step, before the decisions", () => {
  const environment = new Countdown({ seed: 1, areas: 2 });
  environment.reset();
  // Agent 1 ends in the first step; the next step decides nothing.
  assert.deepEqual(act(environment, [0.5, 0.5], [0, 1]), {
    terminal: ["1: 0, -10"],
    decision: [],
  });
  // It acts with zeros for two steps, the other goes on with its action. Its
  // first observation is three steps old: ends come before the world moves.
  assert.deepEqual(act(environment, [], []), {
    terminal: [],
    decision: ["0: 3, 4.5", "1: 3, 2"],
  });
});

Deno.test("the step limit interrupts after acting, counted from the end", () => {
  const environment = new Countdown({ seed: 1, areas: 1 });
  environment.reset();
  assert.deepEqual(act(environment, [0], [2]).terminal, ["0: 1, -10"]);
  // Steps 2 to 9 are the next episode: decisions in 3, 6 and 9, end in 9.
  assert.deepEqual(act(environment, [], []).decision, ["0: 2, 1"]);
  assert.deepEqual(act(environment, [0], [0]).decision, ["0: 5, 3"]);
  assert.deepEqual(act(environment, [0], [0]).decision, ["0: 8, 3"]);
  assert.deepEqual(act(environment, [0], [0]), {
    terminal: ["0: 8, 1 !"],
    decision: [],
  });
});

Deno.test("an end in the last step of a period comes with the decision", () => {
  const environment = new Countdown({ seed: 1, areas: 1 }, {
    ...game,
    decisionPeriod: 2,
    maxStep: 0,
  });
  environment.reset();
  assert.deepEqual(act(environment, [0], [2]), {
    terminal: ["0: 1, -10"],
    decision: ["0: 1, 0"],
  });
});

Deno.test("a second end before the next decision is not reported", () => {
  const environment = new Countdown({ seed: 1, areas: 1 }, {
    ...game,
    decisionPeriod: 4,
    maxStep: 2,
  });
  environment.reset();
  assert.deepEqual(act(environment, [0], [0]).terminal, ["0: 1, 2 !"]);
  assert.deepEqual(act(environment, [], []), {
    terminal: [],
    decision: ["0: 1, 0"],
  });
});

Deno.test("a step before the first reset resets", () => {
  const environment = new Countdown({ seed: 1, areas: 1 });
  environment.step();
  assert.deepEqual(describe(environment).decision, ["0: 0, 0"]);
});

Deno.test("the number of areas is checked", () => {
  for (const areas of [0, -1, 1.5, NaN]) {
    assert.throws(() => new Countdown({ seed: 1, areas }), UserError);
  }
});

/**
 * Pairs with one aim: 1 earns for the group, 2 leaves, 3 wins for the group. An
 * episode is over when nobody is left, too.
 */
class Pairs extends Simulator {
  constructor(options: SimulatorOptions & { areas: number }) {
    super({
      ...game,
      behavior: "Pairs?team=0",
      spec: {
        observationSpecs: [vectorObservation(1)],
        actionSpec: { continuousSize: 0, discreteBranches: [4] },
      },
      groupSize: 2,
    }, options);
  }

  protected override beginEpisode() {}

  protected override observe(
    agent: number,
    [column]: Float32Array[],
    row: number,
  ) {
    column[row] = agent;
  }

  protected override act(agent: number) {
    const area = Math.floor(agent / 2);
    const choice = this.discrete[agent];
    if (choice > 0) this.addReward(agent, 0.5);
    if (choice === 1) this.addGroupReward(area, 1);
    if (choice === 2) this.removeAgent(agent);
    if (choice === 3) this.endEpisode(area);
    const isEmpty = this.isAlive[2 * area] + this.isAlive[2 * area + 1] === 0;
    if (isEmpty) this.endEpisode(area);
  }

  protected override liveArrays() {
    return {};
  }
}

environmentConformance("groups", (seed) => new Pairs({ seed, areas: 3 }));

/** `id (group): reward, group reward` of each record, `!` if interrupted. */
function describePairs(environment: Pairs, ...discrete: number[]) {
  const { decision, terminal } = environment.getSteps("Pairs?team=0");
  environment.setActions("Pairs?team=0", {
    continuous: new Float32Array(),
    discrete: Int32Array.from(discrete),
  });
  environment.step();
  return [terminal, decision].map((columns) =>
    Array.from({ length: columns.count }, (_, row) => {
      const { agentIds, groupIds, rewards, groupRewards } = columns;
      assert.equal(columns.observations[0][row], agentIds[row]);
      const mark = columns === terminal && terminal.interrupted[row]
        ? " !"
        : "";
      return `${agentIds[row]} (${groupIds[row]}): ` +
        `${rewards[row]}, ${groupRewards[row]}${mark}`;
    })
  );
}

Deno.test("a group's reward goes to each of its members, one's own to one", () => {
  const environment = new Pairs({ seed: 1, areas: 2 });
  environment.reset();
  assert.deepEqual(describePairs(environment, 1, 0, 0, 0), [
    [],
    ["0 (1): 1.5, 3", "1 (1): 0, 3", "2 (2): 0, 0", "3 (2): 0, 0"],
  ]);
});

Deno.test("who leaves a group ends alone and earns no more of it", () => {
  const environment = new Pairs({ seed: 1, areas: 2 });
  environment.reset();
  // Agent 1 acts after agent 0 has earned for both in the first step.
  assert.deepEqual(describePairs(environment, 1, 2, 0, 0), [
    ["1 (1): 0.5, 1"],
    [],
  ]);
  assert.deepEqual(describePairs(environment), [
    [],
    ["0 (1): 1.5, 3", "2 (2): 0, 0", "3 (2): 0, 0"],
  ]);
  // Actions are for those that decide: the second one is agent 2's.
  assert.deepEqual(describePairs(environment, 0, 1, 0), [
    [],
    ["0 (1): 0, 0", "2 (2): 1.5, 3", "3 (2): 0, 3"],
  ]);
});

Deno.test("a group's end is that of its living members; then all are back", () => {
  const environment = new Pairs({ seed: 1, areas: 1 });
  environment.reset();
  describePairs(environment, 0, 2);
  assert.deepEqual(describePairs(environment), [[], ["0 (1): 0, 0"]]);
  assert.deepEqual(describePairs(environment, 3), [["0 (1): 0.5, 0"], []]);
  assert.deepEqual(describePairs(environment), [
    [],
    ["0 (1): 0, 0", "1 (1): 0, 0"],
  ]);
});

Deno.test("the step limit interrupts a whole group", () => {
  const environment = new Pairs({ seed: 1, areas: 1 });
  environment.reset();
  describePairs(environment, 0, 0);
  describePairs(environment, 0, 0);
  assert.deepEqual(describePairs(environment, 0, 0), [
    ["0 (1): 0, 0 !", "1 (1): 0, 0 !"],
    [],
  ]);
});

Deno.test("the action of one of the living finds it", () => {
  const environment = new Pairs({ seed: 1, areas: 2 });
  environment.reset();
  describePairs(environment, 2, 0, 0, 0);
  describePairs(environment);
  environment.setAction("Pairs?team=0", 2, { discrete: [1] });
  environment.step();
  const { decision } = environment.getSteps("Pairs?team=0");
  assert.deepEqual([...decision.agentIds.subarray(0, 3)], [1, 2, 3]);
  assert.deepEqual([...decision.groupRewards.subarray(0, 3)], [0, 3, 3]);
  assert.throws(
    () => environment.setAction("Pairs?team=0", 0, { discrete: [1] }),
    /does not wait/,
  );
});
