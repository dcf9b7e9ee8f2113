import { Academy } from "../../../../lib/env/player/academy/academy.ts";
import {
  Agent,
  type AgentOptions,
} from "../../../../lib/env/player/academy/agent.ts";
import { writeAgentAction } from "../../../../lib/env/unity/messages/agent_actions.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { dialectOf } from "../dialects.ts";
import { readInfos, type SeenInfo } from "../read_infos.ts";

/** Tells what is done to it, and does what a test wants. */
export class RecordingAgent extends Agent {
  readonly log: string[] = [];
  onObserve = () => {};
  onAct = () => {};
  onUpdate = () => {};
  forbidden: number[] = [];

  constructor(academy: Academy, options: Partial<AgentOptions> = {}) {
    super(academy, {
      behavior: "A",
      actionSpec: { continuousSize: 1, discreteBranches: [2] },
      sensors: [],
      ...options,
    });
  }

  override update(): void {
    this.onUpdate();
  }

  protected override beginEpisode(): void {
    this.log.push("begin");
  }

  protected override observe(): void {
    this.onObserve();
  }

  protected override maskActions(): void {
    for (const action of this.forbidden) this.forbid(0, action);
  }

  protected override act(): void {
    this.log.push(`act ${this.continuous[0]} ${this.discrete[0]}`);
    this.onAct();
  }
}

export function createAcademy(
  options: { packageVersion?: string; hasEpisodeIds?: boolean } = {},
): Academy {
  return new Academy({
    dialect: dialectOf(options.packageVersion ?? "3.0.0"),
    hasEpisodeIds: options.hasEpisodeIds ?? false,
    log: () => {},
  });
}

/** What a behavior's agents have told so far. */
export function toldBy(academy: Academy, behavior = "A"): SeenInfo[] {
  const writer = new MessageWriter();
  academy.behaviors.get(behavior)?.writeInfos(writer);
  return readInfos(writer.message.slice());
}

/** The same in short: id, `d` for a decision, `e` for an end, `i` for an
 * interruption. */
export function shortly(academy: Academy, behavior = "A"): string {
  return toldBy(academy, behavior).map(({ id, done, interrupted }) =>
    `${id}${done ? interrupted ? "i" : "e" : "d"}`
  ).join(" ");
}

/** Answers with an action for each agent that decides. */
export function answer(
  academy: Academy,
  actions: readonly (readonly [number, number])[],
): void {
  const behavior = academy.behaviors.get("A");
  if (!behavior) throw new Error("no agent has been enabled");
  const writer = new MessageWriter();
  for (const [value, choice] of actions) {
    const { actionSpec } = behavior;
    const discrete = Int32Array.of(choice);
    writeAgentAction(writer, actionSpec, Float32Array.of(value), discrete, 0);
  }
  const { message } = writer;
  const part = { behavior: "A", start: 0, end: message.length };
  behavior.readActions(Reader.create(message), part);
}
