import { Channel } from "../../unity/side_channels/framing.ts";
import type { SideChannelMessage } from "../../unity/side_channels/framing.ts";
import type { Academy } from "../academy/academy.ts";
import { Agent } from "../academy/agent.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";
import type { Scene, SceneKind, SceneTools } from "./scene.ts";

/** The raw channel whose messages come back as they are. */
export const echoChannel = "621f0a70-4f87-11ea-a6bf-784f4387d1f7";

/** Sees two draws of one parameter and another one; reports statistics. */
class Reporting extends Agent {
  readonly #tools: SceneTools;
  readonly #sensor: VectorSensor;

  constructor(academy: Academy, tools: SceneTools) {
    const sensor = new VectorSensor(tools.dialect, 3);
    super(academy, {
      behavior: "Channels?team=0",
      actionSpec: { continuousSize: 0, discreteBranches: [2] },
      sensors: [sensor],
      maxStep: 10,
    });
    this.#tools = tools;
    this.#sensor = sensor;
  }

  protected override observe(): void {
    const { parameters } = this.#tools;
    this.#sensor.values[0] = parameters.read("height", 1);
    this.#sensor.values[1] = parameters.read("height", 1);
    this.#sensor.values[2] = parameters.read("width", 2);
  }

  protected override act(): void {
    const [choice] = this.discrete;
    this.addReward(choice);
    const { academy, stepCount } = this;
    academy.addStatistic("Channels/Choice", choice, "average");
    academy.addStatistic("Channels/Step", stepCount, "latest");
    academy.addStatistic("Channels/Choices", 1, "sum");
    academy.addStatistic("Channels/Choices", 2, "sum");
    academy.addStatistic("Channels/Steps", stepCount, "histogram");
    academy.addStatistic("Channels/Steps", -stepCount, "histogram");
  }
}

/** Sends raw bytes and float properties back. */
function createEcho(tools: SceneTools): Scene {
  for (let area = 0; area < tools.areas; area++) {
    new Reporting(tools.academy, tools).enable();
  }
  const echoes: SideChannelMessage[] = [];
  return {
    receive: (message) => {
      const isKnown = message.channel === echoChannel ||
        message.channel === Channel.floatProperties;
      if (isKnown) echoes.push(message);
      return isKnown;
    },
    takeMessages: () => echoes.splice(0),
  };
}

export const channels: SceneKind = {
  parameters: ["height", "width"],
  create: createEcho,
};
