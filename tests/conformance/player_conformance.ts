import { connectionItems } from "./player/connection_items.ts";
import { contentItems } from "./player/content_items.ts";
import { episodeItems } from "./player/episode_items.ts";
import { stepItems } from "./player/step_items.ts";
import { strictnessItems } from "./player/strictness_items.ts";
import { troubleItems } from "./player/trouble_items.ts";

const items = [
  ...connectionItems,
  ...stepItems,
  ...episodeItems,
  ...contentItems,
  ...strictnessItems,
  ...troubleItems,
];

/**
 * Every item of the checklist for stand-in players, tried over gRPC with the
 * player in a process of its own: protocol, section 9.
 */
export function playerConformance(packageVersion: string): void {
  for (const { number, name, test } of items) {
    Deno.test(
      `player of package ${packageVersion}: item ${number}, ${name}`,
      () => test(packageVersion),
    );
  }
}
