import assert from "node:assert/strict";
import { DimensionProperty, vectorObservation } from "../../lib/spec.ts";
import { chooseThreads } from "../../lib/train/thread_count.ts";

const { none, translational, variableSize } = DimensionProperty;

const observations = [vectorObservation(8)];
const large = { rows: 2048, hiddenUnits: 512, observations, sideBySide: 1 };

Deno.test("small networks get one thread", () => {
  const small = { ...large, rows: 64, hiddenUnits: 128, cores: 8 };
  assert.equal(chooseThreads(small), 1);
  assert.equal(chooseThreads({ ...small, rows: 1024 }), 8);
});

Deno.test("large ones get every core, up to eight", () => {
  assert.equal(chooseThreads({ ...large, cores: 2 }), 2);
  assert.equal(chooseThreads({ ...large, cores: 64 }), 8);
  assert.equal(chooseThreads({ ...large, cores: 1 }), 1);
});

Deno.test("programs side by side share the cores", () => {
  const shared = { ...large, sideBySide: 2 };
  assert.equal(chooseThreads({ ...shared, cores: 1 }), 1);
  assert.equal(chooseThreads({ ...shared, cores: 2 }), 1);
  assert.equal(chooseThreads({ ...shared, cores: 5 }), 2);
  assert.equal(chooseThreads({ ...shared, cores: 64 }), 8);
});

Deno.test("encoders of images and entities count, too", () => {
  const common = { name: "Sensor", observationType: "default" } as const;
  const threads = (shape: number[], dimensionProperties: number[]) =>
    chooseThreads({
      rows: 64,
      hiddenUnits: 128,
      observations: [
        ...observations,
        { ...common, shape, dimensionProperties },
      ],
      sideBySide: 1,
      cores: 2,
    });
  const ofImage = [none, translational, translational];
  assert.equal(threads([3, 84, 84], ofImage), 2);
  assert.equal(threads([3, 8, 8], ofImage), 1);
  const ofEntities = [variableSize, none];
  assert.equal(threads([20, 8], ofEntities), 2);
  assert.equal(threads([2, 8], ofEntities), 1);
});
