/** A plan that knows the whole court opens the door, so the game can be won. */
import assert from "node:assert/strict";
import { DungeonEscape } from "../../../lib/env/sims/dungeon_escape.ts";
import type { NamedArrays } from "../../../lib/util/arrays.ts";

const behavior = "DungeonEscape?team=0";

Deno.test("agents that go by a plan open the door", () => {
  const areas = 20;
  const environment = new DungeonEscape({ seed: 1, areas });
  const { decision, terminal } = environment.getSteps(behavior);
  environment.reset();
  let opened = 0, over = 0;
  for (let i = 0; i < 200; i++) {
    const state = environment.snapshot();
    const actions = Array.from(
      decision.agentIds.subarray(0, decision.count),
      (agent) => plan(state, agent),
    );
    environment.setActions(behavior, {
      continuous: new Float32Array(),
      discrete: Int32Array.from(actions),
    });
    environment.step();
    // An area whose episode is over has begun anew; one that only lost an
    // agent has not.
    const areasOf = (from: (row: number) => boolean) =>
      new Set(
        Array.from({ length: terminal.count }, (_, row) => row)
          .filter(from)
          .map((row) => terminal.groupIds[row]),
      );
    const { episodeSteps } = environment.snapshot();
    opened += areasOf((row) => terminal.groupRewards[row] > 0).size;
    over += areasOf((row) =>
      Number(episodeSteps.data[terminal.groupIds[row] - 1]) < 5
    ).size;
  }
  console.log(`${opened} of ${over} doors opened`);
  assert(over > 50 && opened >= 0.9 * over);
});

/** The nearest runs to the dragon, then to the key, then to the door. */
function plan(state: NamedArrays, agent: number): number {
  const of = (name: string, index: number) => Number(state[name].data[index]);
  const area = Math.floor(agent / 3);
  const dragon = [of("dragonX", area), of("dragonZ", area)];
  const vector = (other: number, [x, z]: number[]) => [
    x - of("agentX", other),
    z - of("agentZ", other),
  ];
  const distance = (other: number) => Math.hypot(...vector(other, dragon));
  const living = [0, 1, 2].map((member) => 3 * area + member)
    .filter((other) => of("isAlive", other) === 1);
  const [nearest] = living.sort((a, b) => distance(a) - distance(b));
  const holder = of("holder", area);
  if (agent !== (holder < 0 ? nearest : holder)) return 0;
  const [x, z] = vector(agent, holder < 0 ? dragon : [0, 12.6]);
  const sine = of("agentForwardX", agent);
  const cosine = of("agentForwardZ", agent);
  const angle = Math.atan2(x * cosine - z * sine, x * sine + z * cosine);
  if (Math.abs(angle) < 0.35) return 1;
  return angle > 0 ? 3 : 4;
}
