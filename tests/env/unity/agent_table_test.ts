import assert from "node:assert/strict";
import {
  AgentTable,
  UNKNOWN_AGENT,
} from "../../../lib/env/unity/agent_table.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

Deno.test("a table holds what a map would hold", () => {
  const random = new RandomGenerator(3, "agent table");
  const table = new AgentTable();
  for (let round = 0; round < 50; round++) {
    const expected = new Map<number, number>();
    table.clear();
    const agents = random.integer(400);
    for (let i = 0; i < agents; i++) {
      // Near and far, negative too.
      const id = random.integer(2) ? random.integer(300) : -random.integer(
        2 ** 31,
      );
      assert.equal(table.add(id, i), !expected.has(id));
      if (!expected.has(id)) expected.set(id, i);
    }
    for (let id = -300; id < 300; id++) {
      assert.equal(table.get(id), expected.get(id) ?? UNKNOWN_AGENT);
    }
    for (const [id, row] of expected) assert.equal(table.get(id), row);
  }
});

Deno.test("rows behind one that is taken out move up", () => {
  const table = new AgentTable();
  [7, -2, 9].forEach((id, row) => table.add(id, row));
  table.removeRow(1, -1);
  assert.deepEqual([7, -2, 9].map((id) => table.get(id)), [0, -1, 1]);
  table.removeRow(0, -1);
  assert.deepEqual([7, -2, 9].map((id) => table.get(id)), [-1, -1, 0]);
  assert.equal(table.add(-2, 5), false);
});
