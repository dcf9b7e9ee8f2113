import assert from "node:assert/strict";
import type { EnvironmentParameter } from "../../../../lib/env/env.ts";
import {
  EnvironmentParametersChannel,
  parameterMessages,
  readParameter,
} from "../../../../lib/env/unity/side_channels/environment_parameters.ts";
import {
  PayloadWriter,
} from "../../../../lib/env/unity/side_channels/payload.ts";
import { UserError } from "../../../../lib/errors.ts";

Deno.test("a number has the bytes of Unity's own example", () => {
  const [{ payload }] = parameterMessages({ gravity: -9.81 });
  const hex = [...payload].map((b) => b.toString(16).padStart(2, "0")).join("");
  assert.equal(hex, "070000006772617669747900000000c3f51cc1");
});

Deno.test("numbers and samplers go there and back", () => {
  const parameters: Record<string, EnvironmentParameter> = {
    mass: 0.5,
    scale: { kind: "uniform", min: 0.5, max: 2, seed: 7 },
    wind: { kind: "gaussian", mean: -1, stDev: 0.25, seed: -3 },
    gravity: {
      kind: "multirangeuniform",
      intervals: [[1, 2], [4, 8]],
      seed: 0,
    },
  };
  const read = parameterMessages(parameters)
    .map(({ payload }) => readParameter(payload));
  assert.deepEqual(Object.fromEntries(read), parameters);
});

Deno.test("unknown kinds of parameters are refused by name", () => {
  const sampler = new PayloadWriter().string("wind").int32(1).int32(0).int32(9);
  const text = new PayloadWriter().string("wind").int32(2);
  for (const payload of [sampler.finish(), text.finish()]) {
    assert.throws(
      () => readParameter(payload),
      (error: unknown) =>
        error instanceof UserError && /^wind: /.test(error.message),
    );
  }
});

Deno.test("the channel sends what can be drawn, all or nothing", () => {
  const channel = new EnvironmentParametersChannel();
  channel.set({ mass: 1, scale: 2 });
  const messages = parameterMessages({ mass: 1, scale: 2 });
  assert.deepEqual(channel.takeOutgoing(), messages);
  const refused: Record<string, EnvironmentParameter>[] = [
    { mass: 1, scale: NaN },
    { scale: { kind: "uniform", min: 2, max: 1, seed: 1 } },
    { mass: 1, "größe": 2 },
  ];
  for (const parameters of refused) {
    assert.throws(() => channel.set(parameters), UserError);
    assert.deepEqual(channel.takeOutgoing(), []);
  }
});

Deno.test("a seed beyond 32 bits wraps around", () => {
  const wind = { kind: "uniform", min: 0, max: 1, seed: 2 ** 31 } as const;
  const [{ payload }] = parameterMessages({ wind });
  const [, read] = readParameter(payload);
  assert.deepEqual(read, { ...wind, seed: -(2 ** 31) });
});
