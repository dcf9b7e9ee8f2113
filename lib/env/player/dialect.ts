import { UserError } from "../../errors.ts";
import type { ActionSpec } from "../../spec.ts";
import type { InfoStyle } from "../unity/messages/agent_info_writer.ts";
import type { SpecFields } from "../unity/messages/brain_parameters.ts";
import type { Capability } from "../unity/messages/tags.ts";
import type { PackagePreset } from "./package_preset.ts";

/** What a player may say: what its package knows and the trainer can read. */
export class Dialect {
  readonly preset: PackagePreset;
  /** How agents and observations are described. */
  readonly style: InfoStyle;
  readonly #trainer: ReadonlySet<Capability>;

  constructor(preset: PackagePreset, trainer: ReadonlySet<Capability>) {
    this.preset = preset;
    this.#trainer = trainer;
    this.style = {
      imageShape: preset.imageShape,
      imageValues: preset.imageValues,
      isDetailed: preset.describesSensors,
      // Sent to every trainer; older ones skip the fields.
      hasGroups: this.#knows("multiAgentGroups"),
    };
  }

  /** Where the actions of behaviors are described. */
  get specFields(): SpecFields {
    if (!this.#knows("hybridActions")) return "legacy";
    return this.agreesOn("hybridActions") ? "present" : "both";
  }

  /** Where the actions of agents are read. */
  get actionFields(): "present" | "legacy" {
    return this.#knows("hybridActions") ? "present" : "legacy";
  }

  /** True if the package and the trainer both know something. */
  agreesOn(capability: Capability): boolean {
    return this.#knows(capability) && this.#trainer.has(capability);
  }

  /** Throws a UserError for actions that one of the two cannot take. */
  checkActions(behavior: string, spec: ActionSpec): void {
    const isHybrid = spec.continuousSize > 0 &&
      spec.discreteBranches.length > 0;
    if (isHybrid) this.demand("hybridActions", "hybrid actions", behavior);
  }

  /** Throws a UserError if the package or the trainer lacks a capability. */
  demand(capability: Capability, what: string, path: string): void {
    if (this.agreesOn(capability)) return;
    const { package: version } = this.preset.versions;
    const who = this.#knows(capability)
      ? "the trainer"
      : `package ${version} of this player`;
    throw new UserError({
      what: `The scene needs ${what}, which ${who} does not know`,
      path,
      allowed: `both sides with the capability ${capability}`,
      cure: "Choose another --package, another trainer or another scene.",
    });
  }

  #knows(capability: Capability): boolean {
    return this.preset.capabilities.includes(capability);
  }
}
