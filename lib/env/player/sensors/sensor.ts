import type { ObservationSpec } from "../../../spec.ts";
import type { MessageWriter } from "../../unity/messages/message_writer.ts";

/** What an agent sees with; each agent has sensors of its own. */
export interface Sensor {
  /** Images are `[C, H, W]` here, whatever the player's package says. */
  readonly spec: ObservationSpec;
  /** Begins a new frame: before the agent fills in what is to be seen. */
  update(): void;
  /** Forgets earlier frames: after the end of an episode. */
  reset(): void;
  /** Adds the observation to an agent's info. */
  write(writer: MessageWriter): void;
}
