/** Whether a policy of ours acts as a model for Unity does. */
import assert from "node:assert/strict";
import { actNames } from "../../lib/algo/act_program.ts";
import { normalizerNames } from "../../lib/algo/column_names.ts";
import { actingModel } from "../../lib/onnx/acting_model.ts";
import type { ReadUnityModel } from "../../lib/onnx/read_unity_model.ts";
import type { RecognizedPolicy } from "../../lib/onnx/recognize/recognize_policy.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "./closeness.ts";
import type { ExportedPolicy } from "./exported_policy.ts";

const rows = 1000;

/** The statistics of a recognised policy as inputs of our programs. */
export function statisticsOf({ normalizers }: RecognizedPolicy): NamedArrays {
  const statistics: Record<string, NamedArray> = {};
  for (const [sensor, { mean, scale }] of normalizers) {
    const shape = [mean.length];
    statistics[normalizerNames.mean(sensor)] = { data: mean, shape };
    statistics[normalizerNames.scale(sensor)] = { data: scale, shape };
  }
  return statistics;
}

/** Checks that our network acts as the model on 1,000 random observations. */
export function assertActsAs(
  model: ReadUnityModel,
  policy: ExportedPolicy,
  tolerance = 1e-5,
): void {
  const feeds = policy.feeds(rows);
  const own = policy.act(feeds, rows);
  const { bytes, noise } = actingModel(model, true);
  const zeros = noise.map(({ name, width }) => [
    name,
    { data: new Float32Array(rows * width), shape: [rows, width] },
  ]);
  const session = new NativeSession(bytes, { threads: 1 });
  const { recurrent_out, ...actions } = session.run({
    ...feeds,
    ...Object.fromEntries(zeros),
  });
  session.close();
  if (own.continuous) {
    const raw = Float32Array.from(own.continuous.data, Number);
    const scaled = new Float32Array(raw.length);
    policy.networks.sendActions(raw, scaled);
    const name = Object.keys(actions).find((each) => /continuous/.test(each));
    assertClose(actions[name ?? ""].data, scaled, tolerance);
    assert(new Set(scaled).size > rows / 2);
  }
  if (own.discrete) {
    const name = Object.keys(actions).find((each) => /discrete/.test(each));
    const theirs = Array.from(actions[name ?? ""].data, Number);
    const ours = Array.from(own.discrete.data, Number);
    const others = ours.filter((choice, i) => choice !== theirs[i]);
    // Two choices may be equally likely to the last bit but one.
    assert(others.length <= ours.length / 1000, `${others.length} differ`);
    assert(own.continuous || new Set(ours).size > 1);
  }
  if (recurrent_out) {
    const after = own[actNames.nextMemory];
    assertClose(recurrent_out.data, after.data, tolerance);
  }
}
