import { defaultPackage } from "../../../lib/env/player/package_preset.ts";
import type { PlayerWorld } from "../../../lib/env/player/player_world.ts";
import { worldFactory } from "../../../lib/env/player/world_factory.ts";
import { writeAgentAction } from "../../../lib/env/unity/messages/agent_actions.ts";
import { allCapabilities } from "../../../lib/env/unity/messages/envelope.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import type { Capability } from "../../../lib/env/unity/messages/tags.ts";
import { dialectOf } from "./dialects.ts";
import { readInfos, type SeenInfo } from "./read_infos.ts";

/** How a world is made, where it is not plain. */
export interface DrivenOptions {
  readonly packageVersion?: string;
  readonly trainer?: readonly Capability[];
  readonly seed?: number;
  readonly areas?: number;
  readonly hasEpisodeIds?: boolean;
}

/** One agent's action. */
export interface DrivenAction {
  readonly continuous?: readonly number[];
  readonly discrete?: readonly number[];
}

/** Plays a world without a wire: its infos by behavior, actions in return. */
export class WorldDriver {
  readonly world: PlayerWorld;
  readonly log: string[] = [];

  constructor(name: string, options: DrivenOptions = {}) {
    const { packageVersion = defaultPackage, trainer = allCapabilities } =
      options;
    this.world = worldFactory(name)({
      seed: options.seed ?? 1,
      areas: options.areas ?? 1,
      dialect: dialectOf(packageVersion, trainer),
      hasEpisodeIds: options.hasEpisodeIds ?? false,
      log: (line) => this.log.push(line),
    });
  }

  /** Goes on; what each behavior's agents tell. */
  async next(isReset = false): Promise<Record<string, SeenInfo[]>> {
    await this.world.advance(isReset);
    const infos: Record<string, SeenInfo[]> = {};
    for (const [name, behavior] of this.world.behaviors) {
      const writer = new MessageWriter();
      behavior.writeInfos(writer);
      infos[name] = readInfos(writer.message.slice());
    }
    return infos;
  }

  /** Gives the agents that decide their actions, in their order. */
  act(name: string, actions: readonly DrivenAction[]): void {
    const behavior = this.world.behaviors.get(name);
    if (!behavior) throw new Error(`there is no behavior ${name}`);
    const writer = new MessageWriter();
    for (const { continuous = [], discrete = [] } of actions) {
      writeAgentAction(
        writer,
        behavior.actionSpec,
        Float32Array.from(continuous),
        Int32Array.from(discrete),
        0,
      );
    }
    const list = writer.message.slice();
    const part = { behavior: name, start: 0, end: list.length };
    behavior.readActions(Reader.create(list), part);
  }
}
