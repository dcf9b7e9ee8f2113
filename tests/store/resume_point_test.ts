import assert from "node:assert/strict";
import { join } from "node:path";
import {
  chooseResumePoint,
  findCheckpoints,
  type FoundCheckpoint,
} from "../../lib/store/resume_point.ts";
import { encodeCheckpoint } from "../../lib/store/checkpoint_file.ts";
import { RunPaths } from "../../lib/store/run_paths.ts";
import { writeFileAtomically } from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

function found(
  behavior: string,
  step: number,
  moment: string,
  behaviors: string[],
): FoundCheckpoint {
  const path = `${behavior}-${step}`;
  return { behavior, step, moment, behaviors, path, reward: null };
}

function chosen(list: FoundCheckpoint[]): [Record<string, number>, boolean] {
  const { checkpoints, consistent } = chooseResumePoint(list);
  return [
    Object.fromEntries(
      [...checkpoints].map(([name, { step }]) => [name, step]),
    ),
    consistent,
  ];
}

Deno.test("one behavior goes on from its newest checkpoint", () => {
  const list = [found("A", 200, "m2", ["A"]), found("A", 100, "m1", ["A"])];
  assert.deepEqual(chosen(list), [{ A: 200 }, true]);
  assert.deepEqual(chosen([]), [{}, true]);
});

Deno.test("a moment that was not finished is passed over", () => {
  const both = ["A", "B"];
  const first = [found("A", 100, "m1", both), found("B", 90, "m1", both)];
  assert.deepEqual(chosen([...first, found("A", 200, "m2", both)]), [
    { A: 100, B: 90 },
    true,
  ]);
  assert.deepEqual(
    chosen([
      ...first,
      found("A", 200, "m2", both),
      found("B", 180, "m2", both),
    ]),
    [{ A: 200, B: 180 }, true],
  );
});

Deno.test("a behavior that came later starts from zero at an older moment", () => {
  assert.deepEqual(
    chosen([
      found("A", 100, "m1", ["A"]),
      found("B", 50, "m2", ["A", "B"]), // A's checkpoint of m2 is damaged.
    ]),
    [{ A: 100 }, true],
  );
});

Deno.test("a behavior that has not come back keeps its last state", () => {
  assert.deepEqual(
    chosen([
      found("A", 100, "m1", ["A", "B"]),
      found("B", 900, "m1", ["A", "B"]),
      found("A", 200, "m2", ["A"]),
    ]),
    [{ A: 200, B: 900 }, true],
  );
});

Deno.test("without a whole moment each newest is taken, and it is said", () => {
  assert.deepEqual(
    chosen([
      found("A", 100, "m1", ["A", "B"]),
      found("A", 200, "m2", ["A", "B"]),
      found("B", 300, "m3", ["A", "B"]),
    ]),
    [{ A: 200, B: 300 }, false],
  );
});

Deno.test("equal run states do not hide newer checkpoints", () => {
  const both = ["A", "B"];
  assert.deepEqual(
    chosen([
      found("A", 100, "m", both),
      found("B", 90, "m", both),
      found("A", 200, "m", both),
      found("B", 180, "m", both),
    ]),
    [{ A: 200, B: 180 }, true],
  );
});

Deno.test("findCheckpoints separates whole files from damaged and foreign ones", () =>
  inTemporaryFolder(async (folder) => {
    const paths = new RunPaths(folder, "r");
    await Deno.mkdir(paths.behaviorFolder("A"), { recursive: true });
    await Deno.mkdir(paths.logs);
    const pieces = encodeCheckpoint(checkpoint("A", 20, runState(1)), ["A"]);
    await writeFileAtomically(paths.checkpoint("A", 20), pieces);
    await writeFileAtomically(paths.checkpoint("A", 30), pieces[0]);
    for (
      const name of ["A-20.onnx", "notes.txt", ".A-40.safetensors.1-1.tmp"]
    ) {
      await Deno.writeTextFile(join(paths.behaviorFolder("A"), name), "");
    }
    const { found, damaged } = await findCheckpoints(paths);
    assert.deepEqual(found.map(({ path }) => path), [
      paths.checkpoint("A", 20),
    ]);
    assert.equal(damaged.length, 1);
    assert(damaged[0].message.includes(paths.checkpoint("A", 30)));
  }));
