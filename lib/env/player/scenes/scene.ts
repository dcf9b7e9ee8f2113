import type { RandomGenerator } from "../../../util/random.ts";
import type { ParameterReader } from "../../sims/parameter_reader.ts";
import type { SideChannelMessage } from "../../unity/side_channels/framing.ts";
import type { Academy } from "../academy/academy.ts";
import type { Dialect } from "../dialect.ts";

/** What a scene is made with. */
export interface SceneTools {
  readonly academy: Academy;
  readonly dialect: Dialect;
  /** Copies of the training area. */
  readonly areas: number;
  readonly parameters: ParameterReader;
  readonly random: RandomGenerator;
  readonly log: (line: string) => void;
}

/** What a scene does besides its agents. */
export interface Scene {
  /** Comes first when the trainer begins all episodes anew. */
  reset?(): void;
  /** Comes before each step of the academy. */
  update?(): void;
  /** Takes a side-channel message; false = no such channel. */
  receive?(message: SideChannelMessage): boolean;
  /** Side-channel messages since the last call. */
  takeMessages?(): SideChannelMessage[];
}

/** A test scene that players can be of. */
export interface SceneKind {
  /** The environment parameters that it reads. */
  readonly parameters?: readonly string[];
  /** Makes its agents and enables them. */
  create(tools: SceneTools): Scene;
}
