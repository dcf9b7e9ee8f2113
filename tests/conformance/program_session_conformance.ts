import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import type {
  ProgramSession,
  SessionOptions,
} from "../../lib/runtime/program_session.ts";
import {
  add,
  constant,
  input,
  matmul,
  multiply,
  tanh,
} from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

/** A place where programs can be loaded; `close` ends what it holds. */
export interface SessionHost {
  load(
    model: Uint8Array,
    options: SessionOptions,
  ): ProgramSession | Promise<ProgramSession>;
  close(): void | Promise<void>;
}

const floats = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

/** y = x * weight + bias, with whole numbers passed through. */
function scaleModel(): Uint8Array {
  const [x, weight, bias] = ["x", "weight", "bias"].map((name) =>
    input(name, ["n"])
  );
  const whole = input("whole", [], "int32");
  return lowerProgram(makeProgram("scale", [x, weight, bias, whole], {
    y: add(multiply(x, weight), bias),
    twice: add(whole, whole),
  }));
}

const whole = () => ({ data: Int32Array.of(21), shape: [] });

/** A loop of matrix products, large enough to be cut up by threads. */
function loopModel(): { model: Uint8Array; feeds: () => NamedArrays } {
  const size = 128;
  const rows = input("rows", ["steps", size, size]);
  const start = input("start", [size, size]);
  const { carry, outputs } = scan({ s: start }, { row: rows }, (c, { row }) => {
    const product = multiply(matmul(c.s, row), constant(1 / size));
    return { carry: { s: tanh(product) }, outputs: { product } };
  });
  const program = makeProgram("loop", [rows, start], {
    last: carry.s,
    all: outputs.product,
  });
  const random = new RandomGenerator(1, "loop");
  const normals = (...shape: number[]) => ({
    data: Float32Array.from(
      { length: shape.reduce((product, dim) => product * dim) },
      () => random.normal(),
    ),
    shape,
  });
  const all = { rows: normals(5, size, size), start: normals(size, size) };
  const feeds = () =>
    Object.fromEntries(
      Object.entries(all).map(([name, { data, shape }]) => [
        name,
        { data: data.slice(), shape },
      ]),
    );
  return { model: lowerProgram(program), feeds };
}

/** What runs of {@link loopModel} give, for comparing hosts. */
export async function loopResults(
  host: SessionHost,
  threads: number,
): Promise<NamedArrays> {
  const { model, feeds } = loopModel();
  const session = await host.load(model, { threads });
  try {
    return await session.run(feeds());
  } finally {
    session.close();
  }
}

function isUserError(pattern: RegExp) {
  return (error: unknown) => {
    assert(error instanceof UserError, `${error}`);
    assert.match(error.message, pattern);
    return true;
  };
}

/** The tests that every way of running programs must pass. */
export function testProgramSessions(
  name: string,
  createHost: () => SessionHost,
): void {
  const test = (what: string, run: (host: SessionHost) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const host = createHost();
      try {
        await run(host);
      } finally {
        await host.close();
      }
    });
  const load = (host: SessionHost) => host.load(scaleModel(), { threads: 1 });
  const failure = async (run: () => unknown, pattern: RegExp) => {
    await assert.rejects(async () => await run(), isUserError(pattern));
  };

  test("outputs come by name, with shape and type", async (host) => {
    const session = await load(host);
    const outputs = await session.run({
      x: floats(1, 2),
      weight: floats(3, 4),
      bias: floats(0.5, 0.5),
      whole: whole(),
    });
    assert.deepEqual({ ...outputs.y }, floats(3.5, 8.5));
    assert.deepEqual({ ...outputs.twice }, {
      data: Int32Array.of(42),
      shape: [],
    });
  });

  test("bound inputs stay, feeds go with their run", async (host) => {
    const session = await load(host);
    session.bind({ weight: floats(2, 2), bias: floats(1, 1), whole: whole() });
    const first = await session.run({ x: floats(1, 2) });
    assert.deepEqual([...first.y.data], [3, 5]);
    const second = await session.run({ x: floats(5, 6), bias: floats(0, 0) });
    assert.deepEqual([...second.y.data], [10, 12]);
    // The bias was fed for that run only: the bound one is in force again.
    const third = await session.run({ x: floats(5, 6) });
    assert.deepEqual([...third.y.data], [11, 13]);
    session.bind({ bias: floats(2, 2) });
    const fourth = await session.run({ x: floats(5, 6) });
    assert.deepEqual([...fourth.y.data], [12, 14]);
    // Nor is an earlier run's input taken for a missing one.
    await failure(
      () => session.run({}),
      /cannot run the program.*no value for "x"/,
    );
  });

  test("bad inputs are a UserError, and do no harm", async (host) => {
    const session = await load(host);
    session.bind({ weight: floats(2, 2), bias: floats(1, 1), whole: whole() });
    const refused = /cannot run the program/;
    await failure(() => session.run({}), refused);
    await failure(() => session.run({ x: floats(1, 2, 3) }), refused);
    const flat = { data: new Float32Array(4), shape: [2, 2] };
    await failure(() => session.run({ x: flat }), refused);
    const short = { data: new Float32Array(1), shape: [2] };
    await failure(() => session.run({ x: short }), refused);
    const wrongType = { data: Int32Array.of(1, 2), shape: [2] };
    await failure(() => session.run({ x: wrongType }), refused);
    const { y } = await session.run({ x: floats(1, 2) });
    assert.deepEqual([...y.data], [3, 5]);
  });

  test("a model that is none is a UserError", async (host) => {
    const refused = /onnxruntime cannot load the model/;
    await failure(() => host.load(new Uint8Array(0), { threads: 1 }), refused);
    const noise = Uint8Array.of(1, 2, 3, 4);
    await failure(() => host.load(noise, { threads: 1 }), refused);
    const cut = scaleModel().subarray(0, 100);
    await failure(() => host.load(cut, { threads: 1 }), refused);
    // The host still works.
    await (await load(host)).close();
  });

  test("models may lie inside larger buffers", async (host) => {
    const model = scaleModel();
    const larger = new Uint8Array(model.length + 20);
    larger.set(model, 7);
    const part = larger.subarray(7, 7 + model.length);
    const session = await host.load(part, { threads: 1 });
    session.bind({ weight: floats(2), bias: floats(1), whole: whole() });
    const { y } = await session.run({ x: floats(4) });
    assert.deepEqual([...y.data], [9]);
  });

  test("closing twice is fine, running afterwards is not", async (host) => {
    const session = await load(host);
    session.close();
    session.close();
    await failure(() => session.run({ x: floats(1) }), /closed/);
  });

  test("several programs keep apart", async (host) => {
    const sessions = await Promise.all([load(host), load(host), load(host)]);
    sessions.forEach((session, i) =>
      session.bind({ weight: floats(i), bias: floats(10 * i), whole: whole() })
    );
    const runs = [0, 1, 2, 1, 0, 2].map(async (i) => {
      const { y } = await sessions[i].run({ x: floats(i + 1) });
      return y.data[0];
    });
    assert.deepEqual(await Promise.all(runs), [0, 12, 26, 12, 0, 26]);
    sessions[1].close();
    const { y } = await sessions[2].run({ x: floats(1) });
    assert.deepEqual([...y.data], [22]);
  });

  test("results repeat bit for bit with 1 and 2 threads", async (host) => {
    const one = await loopResults(host, 1);
    assert.deepEqual(await loopResults(host, 1), one);
    assert.deepEqual(await loopResults(host, 2), one);
  });

  test("results stay as they are when the program runs again", async (host) => {
    const session = await load(host);
    session.bind({ weight: floats(2), bias: floats(1), whole: whole() });
    const first = await session.run({ x: floats(1) });
    await session.run({ x: floats(7) });
    assert.deepEqual([...first.y.data], [3]);
  });
}
