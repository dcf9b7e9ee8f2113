/**
 * Trains in an environment of one's own: an agent sees to which end of a line it
 * is to go, and gets there in five steps at best.
 *
 *   deno run -A examples/07_own_environment.ts
 */
import * as agents from "../mod.ts";

const actionSpec = { continuousSize: 0, discreteBranches: [2] }; // left, right
const spec = { observationSpecs: [agents.vectorObservation(1)], actionSpec };

class Line implements agents.Environment {
  readonly behaviorSpecs = new Map([["Line", spec]]);
  readonly #decision = agents.createAgentColumns(spec, 1);
  readonly #terminal = agents.createAgentColumns(spec, 1);
  readonly #actions = agents.zeroActions(actionSpec, 1);
  #goal = 0;
  #position = 0;

  constructor(readonly random: agents.RandomGenerator) {}

  getSteps = () => ({ decision: this.#decision, terminal: this.#terminal });
  setActions(_: string, { discrete }: agents.ActionColumns) {
    this.#actions.discrete.set(discrete);
  }
  setAction(name: string, agentId: number, action: agents.AgentAction) {
    const [decision, actions] = [this.#decision, this.#actions];
    agents.placeAction(name, actionSpec, decision, agentId, action, actions);
  }
  setParameters() {} // there are none
  takeStatistics = () => [];
  close() {}
  async [Symbol.asyncDispose]() {}

  reset() {
    this.#terminal.clear();
    this.#begin();
  }

  step() {
    this.#terminal.clear();
    this.#position += this.#actions.discrete[0] === 1 ? 0.2 : -0.2;
    if (Math.abs(this.#position) < 0.99) {
      return this.#report(this.#decision, -0.01); // what a step costs
    }
    this.#report(this.#terminal, this.#position * this.#goal);
    this.#begin();
  }

  #begin() {
    this.#goal = this.random.integer(2) === 1 ? 1 : -1;
    this.#position = 0;
    this.#report(this.#decision, 0);
  }

  #report(columns: agents.MutableAgentColumns, reward: number) {
    columns.clear();
    const row = columns.addRow(1); // the agent's number
    columns.rewards[row] = reward;
    columns.observations[0][row] = this.#goal;
    this.#actions.discrete.fill(0);
  }
}

const makeLine = (seed: number) => new Line(new agents.RandomGenerator(seed));

const result = await agents.train({
  behaviors: {
    Line: {
      hyperparameters: {
        batch_size: 16,
        buffer_size: 64,
        learning_rate: 5e-3,
      },
      network_settings: { hidden_units: 32, num_layers: 1 },
      max_steps: 3_000,
    },
  },
})
  .env(makeLine)
  .seed(1)
  .runId("example_07")
  .force() // replaces what an earlier start of this example left
  .run();

const played = await agents.play(result.models.Line)
  .env(makeLine(2))
  .deterministic()
  .run();
const rewards = played.episodes.Line.map(({ reward }) => reward.toFixed(2));
console.log(`rewards of ten episodes: ${rewards.join(", ")}`);
