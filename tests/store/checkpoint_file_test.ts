import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../lib/errors.ts";
import {
  encodeCheckpoint,
  readCheckpoint,
  readCheckpointInfo,
} from "../../lib/store/checkpoint_file.ts";
import { encodeSafetensors } from "../../lib/store/safetensors.ts";
import { writeFileAtomically } from "../../lib/util/atomic_file.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { checkpoint, runState } from "./run_events.ts";

Deno.test("a checkpoint comes back whole", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const event = checkpoint("Ball", 20, runState(3));
    await writeFileAtomically(path, encodeCheckpoint(event, ["Wall", "Ball"]));
    const read = await readCheckpoint(path);
    assert.deepEqual(read.state, event.state);
    assert.deepEqual(read.runState, event.runState);
    assert.equal(read.behavior, "Ball");
    assert.equal(read.trainerType, "ppo");
    assert.equal(read.step, 20);
    assert.equal(read.reward, 2);
    assert.deepEqual(read.behaviors, ["Ball", "Wall"]);
    assert.deepEqual(read.spec, event.spec);
    assert.equal(read.path, path);
    const { state: _, runState: __, path: ___, ...info } = read;
    assert.deepEqual(await readCheckpointInfo(path), info);
  }));

Deno.test("loaded arrays do not share memory, so each may go its own way", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const event = checkpoint("Ball", 20, runState(3));
    await writeFileAtomically(path, encodeCheckpoint(event, ["Ball"]));
    const { state, runState: shared } = await readCheckpoint(path);
    structuredClone(state.weights.data, {
      transfer: [state.weights.data.buffer as ArrayBuffer],
    });
    assert.equal(shared.moment.data[0], 3);
  }));

Deno.test("the moment tells run states apart, whatever the behavior", () =>
  inTemporaryFolder(async (folder) => {
    const moment = async (behavior: string, of: number) => {
      const path = join(folder, "a.safetensors");
      const event = checkpoint(behavior, 20, runState(of));
      await writeFileAtomically(path, encodeCheckpoint(event, [behavior]));
      return (await readCheckpointInfo(path)).moment;
    };
    assert.equal(await moment("Ball", 1), await moment("Wall", 1));
    assert.notEqual(await moment("Ball", 1), await moment("Ball", 2));
  }));

Deno.test("a checkpoint without reward and arrays comes back too", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const event = checkpoint("Ball", 0, {}, { reward: null, state: {} });
    await writeFileAtomically(path, encodeCheckpoint(event, ["Ball"]));
    const read = await readCheckpoint(path);
    assert.equal(read.reward, null);
    assert.deepEqual([read.state, read.runState], [{}, {}]);
  }));

Deno.test("safetensors files of others are refused by name", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "other.safetensors");
    const whole = {
      format: "deno-agents checkpoint 1",
      behavior: "Ball",
      step: "1",
      reward: "null",
      moment: "",
      behaviors: "[]",
    };
    const others: Record<string, string>[] = [
      {},
      { format: "pt" },
      { ...whole, format: "deno-agents checkpoint 2" },
      { ...whole, step: "-1" },
      { ...whole, step: "many" },
      { ...whole, reward: "{" },
      { ...whole, behaviors: "Ball" },
      { ...whole, spec: "{}" },
    ];
    await writeFileAtomically(
      path,
      encodeSafetensors({ arrays: {}, metadata: whole }),
    );
    await readCheckpoint(path);
    for (const metadata of others) {
      await writeFileAtomically(
        path,
        encodeSafetensors({ arrays: {}, metadata }),
      );
      for (const read of [readCheckpoint, readCheckpointInfo]) {
        await assert.rejects(
          read(path),
          (error: unknown) =>
            error instanceof UserError && error.message.includes(path),
        );
      }
    }
  }));
