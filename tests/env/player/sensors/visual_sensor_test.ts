import assert from "node:assert/strict";
import { decode } from "fast-png";
import { Picture } from "../../../../lib/env/player/sensors/picture.ts";
import { VisualSensor } from "../../../../lib/env/player/sensors/visual_sensor.ts";
import type { Capability } from "../../../../lib/env/unity/messages/tags.ts";
import { dialectOf } from "../dialects.ts";
import { splitPngs } from "../split_pngs.ts";
import { observationOf } from "./observation_of.ts";

/** One row of two pixels, each channel counting on. */
function picture(depth: number, isGrey = false): Picture {
  const pixels = Uint8Array.from({ length: 2 * depth }, (_, i) => 51 * i);
  return new Picture({ height: 1, width: 2, depth, pixels, isGrey });
}

interface Case {
  readonly depth?: number;
  readonly isGrey?: boolean;
  readonly stacks?: number;
  readonly isCompressed?: boolean;
  readonly packageVersion?: string;
  readonly trainer?: readonly Capability[];
}

/** What the sensor sends after so many frames of the same picture. */
function seen(
  {
    depth = 3,
    isGrey,
    stacks,
    isCompressed,
    packageVersion = "3.0.0",
    trainer,
  }: Case,
  frames = 1,
) {
  const sample = picture(depth, isGrey);
  const dialect = dialectOf(packageVersion, trainer);
  const sensor = new VisualSensor(dialect, {
    name: "Eye",
    sample,
    ...stacks && { stacks },
    ...isCompressed !== undefined && { isCompressed },
  });
  for (let frame = 0; frame < frames; frame++) {
    sensor.update();
    sensor.show(sample);
  }
  const observation = observationOf(sensor);
  const files = splitPngs(observation.pngs ?? new Uint8Array());
  return {
    ...observation,
    files: files.map((file) => [...decode(file).data]),
    reset: () => {
      sensor.reset();
      return observationOf(sensor);
    },
  };
}

Deno.test("shape and properties are in the order of the package", () => {
  const orders = ["1.0.8", "2.0.0", "3.0.0", "4.1.0"].map((packageVersion) => {
    const { name, shape, properties } = seen({ depth: 3, packageVersion });
    return `${name} ${shape} ${properties}`;
  });
  assert.deepEqual(orders, [
    " 1,2,3 ",
    "Eye 1,2,3 2,2,1",
    "Eye 3,1,2 1,2,2",
    "Eye 3,1,2 1,2,2",
  ]);
});

Deno.test("floats come in each of the three layouts", () => {
  // Pixels (0, .2, .4) and (.6, .8, 1).
  const last = [0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround);
  const first = [0, 0.6, 0.2, 0.8, 0.4, 1].map(Math.fround);
  const layouts = {
    "2.0.0": last,
    "3.0.0": last,
    "4.0.0": last,
    "4.1.0": first,
  };
  for (const [packageVersion, values] of Object.entries(layouts)) {
    const options = { isCompressed: false, packageVersion };
    assert.deepEqual(seen(options).values, values);
  }
});

Deno.test("a stack of grey frames says that three channels are one", () => {
  const one = seen({ isGrey: true, stacks: 2 });
  assert.deepEqual(one.mapping, [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(one.shape, [2, 1, 2]);
  const frame = [0, 51, 102, 153, 204, 255];
  assert.deepEqual(one.files, [[0, 0, 0, 0, 0, 0], frame]);
  assert.deepEqual(seen({ isGrey: true, stacks: 2 }, 2).files, [frame, frame]);
});

Deno.test("frames of several files: the first stack is short, up to 4.0.0", () => {
  const grid = { depth: 4, stacks: 2 };
  const mapping = [0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1];
  for (const [packageVersion, files] of [["4.0.0", 3], ["4.1.0", 4]] as const) {
    const first = seen({ ...grid, packageVersion });
    assert.equal(first.files.length, files);
    assert.deepEqual(first.mapping, mapping);
    assert.deepEqual(first.shape, [8, 1, 2]);
    const later = seen({ ...grid, packageVersion }, 2);
    assert.equal(later.files.length, 4);
    // After an end there is nothing but empty frames.
    const empty = splitPngs(later.reset().pngs ?? new Uint8Array());
    assert.equal(empty.length, files === 3 ? 2 : 4);
  }
});

Deno.test("PNGs are sent as far as package and trainer understand them", () => {
  const base: Capability[] = ["base"];
  const several: Capability[] = ["base", "concatenatedPngs"];
  const cases: [Case, boolean][] = [
    [{ trainer: base }, true],
    [{ isCompressed: false }, false],
    [{ depth: 4 }, true],
    [{ depth: 4, trainer: base }, false],
    [{ depth: 4, trainer: several }, true],
    [{ depth: 4, stacks: 2, trainer: several }, false],
    // Up to three channels Unity does not ask.
    [{ isGrey: true, stacks: 2, trainer: base }, true],
    [{ packageVersion: "1.0.8" }, true],
    [{ packageVersion: "1.0.8", depth: 4 }, false],
    [{ packageVersion: "1.0.8", isGrey: true, stacks: 2 }, false],
  ];
  for (const [options, isCompressed] of cases) {
    const { pngs, values } = seen(options);
    assert.deepEqual([pngs !== null, values === null], [
      isCompressed,
      isCompressed,
    ]);
  }
});

Deno.test("a stack of floats is one behind the other, oldest first", () => {
  const options = {
    isGrey: true,
    stacks: 2,
    isCompressed: false,
    packageVersion: "4.1.0",
  };
  const { values } = seen(options);
  const expected = [0, 0, 0.2, 0.8];
  values?.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-6));
});
