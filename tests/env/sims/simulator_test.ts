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
