import assert from "node:assert/strict";
import { join } from "node:path";
import { train, UserError } from "../../../mod.ts";
import { inspectFile } from "../../../lib/api/inspect/inspect_file.ts";
import { encodeModel } from "../../../lib/onnx/onnx_schema.ts";
import { basicRun } from "../../support/basic_run.ts";
import { smallModel } from "../../support/made_models.ts";
import { inTemporaryFolder } from "../../util/temporary_folder.ts";

async function inspected(path: string): Promise<string> {
  const texts: string[] = [];
  await inspectFile({ kind: "inspect", path }, {
    print: (text) => texts.push(text),
    complain: assert.fail,
  });
  assert.equal(texts.length, 1);
  return texts[0];
}

/** The results of a short run with normalised observations. */
async function withRun(body: (run: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const { Basic } = basicRun.behaviors;
    const network_settings = { ...Basic.network_settings, normalize: true };
    await train({
      ...basicRun,
      behaviors: { Basic: { ...Basic, network_settings } },
    })
      .resultsDir(folder).run();
    await body(join(folder, "r"));
  });
}

Deno.test("a checkpoint tells where the run stands, and its networks", () =>
  withRun(async (run) => {
    const text = await inspected(join(run, "Basic", "checkpoint.safetensors"));
    assert.match(text, /checkpoint\.safetensors: a checkpoint of a training/);
    assert.match(text, /^behavior +Basic$/m);
    assert.match(text, /^step +3\d\d$/m);
    assert.match(text, /^mean reward +(-?\d\.\d{3}|no episode had ended)$/m);
    assert.match(text, /^observations +VectorSensor_size20.* \[20\]$/m);
    assert.match(text, /^actions +discrete of 3 choices$/m);
    // 20 x 8 + 8 and heads of 3 and of 1.
    assert.match(text, /^parameters +372: actor 195, critic 177$/m);
    assert.match(text, /^normalizers +obs_0: 3\d\d observations$/m);
    assert.match(text, /^actor\.body\.0 +20 x 8, 8 +168$/m);
    assert.match(text, /^critic\.value +8 x 1, 1 +9$/m);
    assert.doesNotMatch(text, /adam|rollout/);
  }));

Deno.test("a run's folder tells its checkpoints, also damaged ones", () =>
  withRun(async (run) => {
    const before = await inspected(run);
    assert.match(before, /: a training run\n/);
    const rows = before.split("\n").filter((line) => /^Basic /.test(line));
    assert(rows.length > 1);
    for (const row of rows) assert.match(row, /Basic-\d+\.safetensors$/);
    const steps = rows.map((row) => Number(row.split(/ +/)[1]));
    assert.deepEqual(steps, steps.toSorted((a, b) => a - b));
    Deno.writeTextFileSync(join(run, "Basic", "Basic-7.safetensors"), "cut");
    const after = await inspected(run);
    assert.match(after, /^damaged +.*Basic-7\.safetensors is not a whole/m);
  }));

Deno.test("a model is told by its ending, in any case of letters", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "M.ONNX");
    Deno.writeFileSync(path, encodeModel(smallModel()));
    assert.match(await inspected(path), /M\.ONNX: a model for Unity/);
  }));

Deno.test("other files are refused, with what reads them", () =>
  inTemporaryFolder(async (folder) => {
    const cases: Record<string, RegExp> = {
      "a.yaml": /of a kind that inspect does not read.*Use explain/s,
      "a.pt": /name the \.onnx file beside it/,
      "a.nn": /before 0\.20 are not supported/,
      "a.txt": /a model \(\.onnx\), a checkpoint \(\.safetensors\) or/,
      "a.onnx": /a\.onnx: this is not a whole ONNX model/,
      "a.safetensors": /a\.safetensors is not a whole safetensors file/,
    };
    for (const [name, message] of Object.entries(cases)) {
      const path = join(folder, name);
      Deno.writeTextFileSync(path, "text");
      await refuses(path, message);
    }
    await refuses(join(folder, "none.onnx"), /cannot read .*nothing there/);
    await refuses(folder, /is no folder of a run/);
  }));

const refuses = (path: string, message: RegExp) =>
  assert.rejects(
    inspected(path),
    (error) => error instanceof UserError && message.test(error.message),
  );
