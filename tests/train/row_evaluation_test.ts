import assert from "node:assert/strict";
import { evaluateProgram } from "../../lib/algo/evaluate_program.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { ProgramSession } from "../../lib/runtime/program_session.ts";
import { buffersOf } from "../../lib/runtime/worker_protocol.ts";
import {
  type ExperienceColumn,
  takeRange,
} from "../../lib/train/experience.ts";
import { evaluateRows } from "../../lib/train/row_evaluation.ts";
import { type NamedArrays, vectorArray } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { actionKinds, pickInputs, PpoCase } from "../support/ppo_case.ts";

const count = 23;

/** What was asked of a session. */
class Listening implements ProgramSession {
  readonly sizes: number[] = [];
  readonly #session: ProgramSession;

  constructor(session: ProgramSession) {
    this.#session = session;
  }

  bind(values: NamedArrays): void {
    this.#session.bind(values);
  }

  run(feeds: NamedArrays): NamedArrays | Promise<NamedArrays> {
    this.sizes.push(feeds.obs_0.shape[0]);
    return this.#session.run(feeds);
  }

  close(): void {
    this.#session.close();
  }
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: the results do not depend on the pieces`, async () => {
    const { networks, weights, normalizer, columns } = new PpoCase(
      actions,
      count,
    );
    const program = evaluateProgram(networks);
    const session = new Listening(
      new NativeSession(lowerProgram(program), { threads: 1 }),
    );
    const constants = { ...weights, ...normalizer };
    session.bind(constants);
    const all = pickInputs(program, { ...constants, ...columns });
    const experience = Object.fromEntries(
      Object.entries(all).flatMap(([name, { data, shape }]) =>
        name in constants || data instanceof BigInt64Array
          ? []
          : [[name, columnOf(data, shape)]]
      ),
    );
    const evaluate = (atOnce: number) =>
      evaluateRows(session, takeFrom(experience), count, atOnce);
    const whole = await evaluate(count);
    for (const [atOnce, sizes] of [[8, [7, 8, 8]], [22, [11, 12]]] as const) {
      session.sizes.length = 0;
      const pieces = await evaluate(atOnce);
      assert.deepEqual(session.sizes, sizes);
      assert.deepEqual(Object.keys(pieces), Object.keys(whole));
      for (const [name, { data, shape }] of Object.entries(whole)) {
        assert.deepEqual(pieces[name].shape, shape, name);
        assertClose(pieces[name].data, Array.from(data, Number), 1e-6, name);
      }
    }
    session.close();
  });
}

function columnOf(
  data: NamedArrays[string]["data"],
  shape: readonly number[],
): ExperienceColumn {
  const isWhole = data instanceof Int32Array;
  const values = isWhole ? data : Float32Array.from(data, Number);
  return { data: values, shape };
}

const takeFrom =
  (columns: Readonly<Record<string, ExperienceColumn>>) =>
  (from: number, to: number) => takeRange(columns, from, to);

Deno.test("what is handed over is a copy", async () => {
  const data = Float32Array.of(1, 2, 3, 4, 5);
  const session: ProgramSession = {
    bind() {},
    // As a thread does: what it is given is gone afterwards.
    run(feeds) {
      const { x: { data, shape } } = structuredClone(feeds, {
        transfer: buffersOf(feeds),
      });
      const doubled = Array.from<unknown, number>(
        data,
        (value) => 2 * Number(value),
      );
      return { doubled: { data: Float32Array.from(doubled), shape } };
    },
    close() {},
  };
  const columns = { x: { ...vectorArray(data), shape: [5, 1] } };
  for (const atOnce of [2, 5]) {
    const { doubled } = await evaluateRows(
      session,
      takeFrom(columns),
      5,
      atOnce,
    );
    assert.deepEqual([...doubled.data], [2, 4, 6, 8, 10]);
  }
  assert.deepEqual([...data], [1, 2, 3, 4, 5]);
});
