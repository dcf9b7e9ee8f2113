import assert from "node:assert/strict";
import { modelReport } from "../../../lib/api/inspect/model_report.ts";
import { reportText } from "../../../lib/api/inspect/report.ts";
import { encodeModel } from "../../../lib/onnx/onnx_schema.ts";
import { readUnityModel } from "../../../lib/onnx/read_unity_model.ts";
import { secondVersionModel, smallModel } from "../../support/made_models.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

const text = (bytes: Uint8Array) =>
  reportText(modelReport(readUnityModel(bytes, "a/m.onnx")));

Deno.test("our own model with its network", () => {
  assert.equal(
    text(encodeModel(smallModel())),
    `a/m.onnx: a model for Unity

contract       version 3, for Unity's package 2.x and 3.x
written by     deno-agents 1, operator set 9
observations   obs_0 [3]
actions        2 continuous and discrete of 3 x 2 choices
deterministic  continuous and discrete
memory         none
parameters     169
network        2 layers of 8 units, normalized observations

layer       weights          values
body.0      3 x 8, 8         32
body.1      8 x 8, 8         72
continuous  1 x 2, 8 x 2, 2  20
discrete    8 x 5, 5         45`,
  );
});

Deno.test("a network that is not known is said to be so", () => {
  assert.equal(
    text(secondVersionModel()),
    `a/m.onnx: a model for Unity

contract       version 2, for Unity's package 1.x
written by     maker, operator set 9
observations   vector_observation [5]
               visual_observation_0 [1, 2, 2]
               obs_2 [2, 1]
actions        discrete of 5 choices in all
deterministic  none
memory         none
parameters     0
network        not known: a model of version 2; it can act, with --inference --model`,
  );
});

testWithSharedData("Unity's Hallway", "onnx/Hallway.onnx", (bytes) => {
  const found = text(bytes);
  assert.match(found, /^memory +128 values$/m);
  assert.match(found, /^parameters +80,453$/m);
  assert.match(
    found,
    /^network +2 layers of 128 units, a memory of 128 values$/m,
  );
  assert.match(found, /^lstm +128 x 256, 64 x 256, 256, 256 +49,664$/m);
});

testWithSharedData("Unity's Sorter", "onnx/Sorter.onnx", (bytes) => {
  const found = text(bytes);
  assert.match(found, /2 layers of 128 units, entities by attention$/m);
  assert.match(found, /^actions +discrete of 3 x 3 x 3 choices$/m);
});
