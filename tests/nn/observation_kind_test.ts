import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { observationKind } from "../../lib/nn/observation_kind.ts";
import { DimensionProperty, type ObservationSpec } from "../../lib/spec.ts";

const { unspecified, none, translational, variableSize } = DimensionProperty;

const sensor = (
  shape: readonly number[],
  dimensionProperties: readonly number[],
  name = "Eyes",
): ObservationSpec => ({
  name,
  shape,
  dimensionProperties,
  observationType: "default",
});

Deno.test("the kinds of observations, by shape and dimensions", () => {
  const kind = (shape: number[], properties: number[]) =>
    observationKind(sensor(shape, properties));
  assert.equal(kind([4], [none]), "vector");
  assert.equal(kind([4], [unspecified]), "vector");
  assert.equal(kind([0], [none]), "vector");
  const image = [none, translational, translational];
  assert.equal(kind([3, 5, 5], image), "visual");
  const unknown = [unspecified, unspecified, unspecified];
  assert.equal(kind([3, 5, 5], unknown), "visual");
  assert.equal(kind([20, 4], [variableSize, none]), "entities");
});

Deno.test("what no network can read is refused by name, with the reason", () => {
  const refused = [
    sensor([4], [translational]),
    sensor([4, 4], [unspecified, unspecified]),
    sensor([4, 4], [none, variableSize]),
    sensor([3, 5, 5], [translational, translational, none]),
    sensor([3, 5, 5], [none, unspecified, unspecified]),
    sensor([2, 2, 2, 2], [none, none, none, none]),
    sensor([], []),
    sensor([0, 5, 5], [none, translational, translational]),
    sensor([4, 0], [variableSize, none]),
    sensor([0, 4], [variableSize, none]),
    sensor([20, 4], [variableSize + none, none]),
  ];
  for (const spec of refused) {
    assert.throws(() => observationKind(spec), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, /no network can read the sensor "Eyes"/);
      assert(error.message.includes(`shape [${spec.shape.join(", ")}]`));
      return true;
    });
  }
});

Deno.test("messages name the dimensions in words", () => {
  const spec = sensor([4, 4, 2], [variableSize, none, unspecified], "");
  const message = /a sensor without a name \(found shape \[4, 4, 2\], dim/;
  assert.throws(() => observationKind(spec), message);
  const dimensions = /dimensions variable size, none, unspecified;/;
  assert.throws(() => observationKind(spec), dimensions);
});
