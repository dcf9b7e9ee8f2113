/**
 * Encoders and bodies once more, for one agent at a time and in plain double
 * precision: shares nothing with the tensor program but the names of weights.
 */
import type { ObservationSpec } from "../../lib/spec.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";

type Vector = readonly number[];

/** Pixels by channel, row and column. */
type Image = readonly (readonly Vector[])[];

interface PlainSettings {
  readonly observationSpecs: readonly ObservationSpec[];
  readonly vis_encode_type: string;
  readonly goal_conditioning_type: string;
  readonly num_layers: number;
}

const sum = (values: Vector) => values.reduce((total, x) => total + x, 0);
const addUp = (a: Vector, b: Vector) => a.map((x, i) => x + b[i]);
const swish = (x: number) => x / (1 + Math.exp(-x));
const leaky = (x: number) => x > 0 ? x : 0.01 * x;
const count = (size: number) => [...Array(size).keys()];
const flat = (image: Image) => image.flat(2);

function layerNorm(values: Vector): number[] {
  const mean = sum(values) / values.length;
  const variance = sum(values.map((x) => (x - mean) ** 2)) / values.length;
  return values.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
}

function onPixels(image: Image, change: (x: number) => number): Image {
  return image.map((rows) => rows.map((row) => row.map(change)));
}

/** Values in row-major order as an image. */
function imageOf(values: Vector, [channels, height, width]: Vector): Image {
  return count(channels).map((c) =>
    count(height).map((y) =>
      count(width).map((x) => values[(c * height + y) * width + x])
    )
  );
}

function maxPool(image: Image): Image {
  const places = (size: number) => Math.floor((size - 3) / 2) + 1;
  return image.map((rows) =>
    count(places(rows.length)).map((y) =>
      count(places(rows[0].length)).map((x) =>
        Math.max(
          ...count(9).map((i) =>
            rows[2 * y + Math.floor(i / 3)][2 * x + i % 3]
          ),
        )
      )
    )
  );
}

export class PlainNetwork {
  readonly #weights: NamedArrays;

  constructor(weights: NamedArrays) {
    this.#weights = weights;
  }

  /** What the heads of `network` see of one agent's observations. */
  body(
    network: string,
    observations: readonly Vector[],
    settings: PlainSettings,
  ): number[] {
    const { observationSpecs, num_layers } = settings;
    const encoder = `${network}.encoder`;
    const codes: Vector[] = [];
    const goals: Vector[] = [];
    const entities: Vector[][] = [];
    observationSpecs.forEach(({ shape, observationType }, sensor) => {
      const values = observations[sensor];
      if (shape.length === 2) {
        const rows = count(shape[0]).map((i) =>
          values.slice(i * shape[1], (i + 1) * shape[1])
        );
        entities.push(rows);
        return;
      }
      const code = shape.length === 1 ? values : this.image(
        `${encoder}.visual.${sensor}`,
        settings.vis_encode_type,
        imageOf(values, shape),
      );
      codes.push(code);
      if (observationType === "goal" && code.length > 0) goals.push(code);
    });
    const all = codes.flat();
    if (entities.length > 0) {
      all.push(...this.entities(`${encoder}.entities`, entities, codes.flat()));
    }
    const hyper = goals.length > 0 &&
      settings.goal_conditioning_type === "hyper";
    let code: Vector = all;
    for (let layer = 0; layer < num_layers; layer++) {
      const name = `${network}.body.${layer}`;
      code = hyper && layer === num_layers - 1
        ? this.generatedLayer(name, code, goals.flat())
        : this.dense(name, code).map(swish);
    }
    return [...code];
  }

  dense(name: string, x: Vector): number[] {
    return addUp(
      this.product(`${name}.weight`, x),
      this.#values(`${name}.bias`),
    );
  }

  /** x times a matrix, without bias. */
  product(weight: string, x: Vector): number[] {
    const { data, shape } = this.#weights[weight];
    return count(shape[1]).map((j) =>
      sum(x.map((value, i) => value * Number(data[i * shape[1] + j])))
    );
  }

  /** Kernels over an image, zeros around it. */
  convolution(
    name: string,
    image: Image,
    { stride = 1, padding = 0 },
  ): Image {
    const { data, shape } = this.#weights[`${name}.weight`];
    const [outputs, channels, window] = shape;
    const bias = this.#values(`${name}.bias`);
    const places = (size: number) =>
      Math.floor((size + 2 * padding - window) / stride) + 1;
    const pixel = (c: number, y: number, x: number) => image[c][y]?.[x] ?? 0;
    return count(outputs).map((o) =>
      count(places(image[0].length)).map((y) =>
        count(places(image[0][0].length)).map((x) => {
          let total = bias[o];
          for (let c = 0; c < channels; c++) {
            for (let i = 0; i < window; i++) {
              for (let j = 0; j < window; j++) {
                const at = ((o * channels + c) * window + i) * window + j;
                total += Number(data[at]) *
                  pixel(c, y * stride + i - padding, x * stride + j - padding);
              }
            }
          }
          return total;
        })
      )
    );
  }

  image(name: string, kind: string, image: Image): number[] {
    if (kind === "resnet") return this.#residualStacks(name, image);
    const strides = { simple: [4, 2], nature_cnn: [4, 2, 1], match3: [1, 1] };
    const layers = Object.entries(strides).find(([key]) => key === kind)?.[1];
    let x = image;
    (layers ?? []).forEach((stride, i) => {
      const layer = `${name}.convolution.${i}`;
      x = onPixels(this.convolution(layer, x, { stride }), leaky);
    });
    return this.dense(`${name}.dense`, flat(x)).map(leaky);
  }

  #residualStacks(name: string, image: Image): number[] {
    const padding = { padding: 1 };
    let x = image;
    for (const stack of count(3).map((i) => `${name}.stack.${i}`)) {
      x = maxPool(this.convolution(`${stack}.convolution`, x, padding));
      for (const block of [0, 1]) {
        let y = x;
        for (const layer of [0, 1]) {
          const own = `${stack}.block.${block}.${layer}`;
          y = this.convolution(own, onPixels(y, swish), padding);
        }
        x = x.map((rows, c) => rows.map((row, i) => addUp(row, y[c][i])));
      }
    }
    const code = this.dense(`${name}.dense`, flat(onPixels(x, swish)));
    return code.map((value) => Math.max(value, 0));
  }

  /** Lists of entities by sensor, beside what the other sensors say. */
  entities(name: string, lists: readonly Vector[][], self: Vector): number[] {
    const agent = self.length > 0
      ? this.dense(`${name}.self`, self).map(swish)
      : undefined;
    const present: boolean[] = [];
    const codes = lists.flatMap((rows, i) =>
      rows.map((row) => {
        present.push(sum(row.map((x) => x * x)) >= 0.01);
        const own = `${name}.embedding.${i}`;
        const code = this.dense(own, row);
        const shared = agent && this.product(`${own}.self_weight`, agent);
        return (shared ? addUp(code, shared) : code).map(swish);
      })
    );
    return this.attention(`${name}.attention`, codes, present);
  }

  attention(
    name: string,
    codes: readonly Vector[],
    present: readonly boolean[],
  ): number[] {
    const size = codes[0].length;
    const normed = codes.map(layerNorm);
    const all = normed.map((x) => this.dense(`${name}.queries_keys_values`, x));
    const part = (x: Vector, kind: number, head: number) => {
      const start = kind * size + head * size / 4;
      return x.slice(start, start + size / 4);
    };
    const results = all.map((own, i) => {
      const heard = count(4).flatMap((head) => {
        const query = part(own, 0, head);
        const scores = all.map((other, j) =>
          present[j]
            ? sum(part(other, 1, head).map((x, k) => x * query[k])) /
              Math.sqrt(size)
            : -1e6
        );
        const powers = scores.map((x) => Math.exp(x - Math.max(...scores)));
        return count(size / 4).map((k) =>
          sum(all.map((other, j) => powers[j] * part(other, 2, head)[k])) /
          sum(powers)
        );
      });
      return layerNorm(addUp(this.dense(`${name}.out`, heard), normed[i]));
    });
    const number = present.filter((each) => each).length;
    return count(size).map((k) =>
      sum(results.map((result, i) => present[i] ? result[k] : 0)) /
      (number + 1e-7)
    );
  }

  /** A layer whose weights are computed from the goal. */
  generatedLayer(name: string, x: Vector, goal: Vector): number[] {
    let code: Vector = goal;
    for (const layer of [0, 1]) {
      code = this.dense(`${name}.generator.${layer}`, code).map(swish);
    }
    const weights = this.dense(`${name}.generator.2`, layerNorm(code));
    const bias = this.#values(`${name}.bias`);
    return bias.map((b, j) =>
      swish(b + sum(x.map((value, i) => value * weights[i * bias.length + j])))
    );
  }

  #values(name: string): number[] {
    return Array.from(this.#weights[name].data, Number);
  }
}
