/** Environment parameters as side-channel messages, in both directions. */
import { UserError } from "../../../errors.ts";
import { checkParameter } from "../../check_parameter.ts";
import type { EnvironmentParameter } from "../../env.ts";
import { Channel, type SideChannelMessage } from "./framing.ts";
import { PayloadReader, PayloadWriter } from "./payload.ts";
import { SideChannel } from "./side_channel.ts";

const DataType = { float: 0, sampler: 1 } as const;
const SamplerKind = { uniform: 0, gaussian: 1, multirangeuniform: 2 } as const;

/** Sets the environment parameters of the game. */
export class EnvironmentParametersChannel extends SideChannel {
  constructor() {
    super(Channel.environmentParameters);
  }

  /**
   * Changes the parameters that are given, with the next `reset` or `step`.
   * Throws a UserError for a name outside ASCII and for a sampler that cannot
   * be drawn from.
   */
  set(parameters: Readonly<Record<string, EnvironmentParameter>>): void {
    for (const [name, parameter] of Object.entries(parameters)) {
      checkParameter(name, parameter);
    }
    for (const { payload } of parameterMessages(parameters)) this.send(payload);
  }
}

/** One message for each parameter. */
export function parameterMessages(
  parameters: Readonly<Record<string, EnvironmentParameter>>,
): SideChannelMessage[] {
  return Object.entries(parameters).map(([name, parameter]) => ({
    channel: Channel.environmentParameters,
    payload: writeParameter(new PayloadWriter().string(name), parameter),
  }));
}

function writeParameter(
  writer: PayloadWriter,
  parameter: EnvironmentParameter,
): Uint8Array {
  if (typeof parameter === "number") {
    return writer.int32(DataType.float).float32(parameter).finish();
  }
  // Seeds are only compared with themselves: they may wrap around.
  writer.int32(DataType.sampler).int32(parameter.seed | 0)
    .int32(SamplerKind[parameter.kind]);
  switch (parameter.kind) {
    case "uniform":
      return writer.float32(parameter.min).float32(parameter.max).finish();
    case "gaussian":
      return writer.float32(parameter.mean).float32(parameter.stDev).finish();
    case "multirangeuniform":
      return writer.float32s(parameter.intervals.flat()).finish();
  }
}

/** Reads a parameter's message; throws a UserError for an unknown kind. */
export function readParameter(
  payload: Uint8Array,
): [name: string, parameter: EnvironmentParameter] {
  const reader = new PayloadReader(payload);
  const name = reader.string();
  const type = reader.int32();
  if (type === DataType.float) return [name, reader.float32()];
  const seed = reader.int32();
  const kind = reader.int32();
  if (type === DataType.sampler) {
    switch (kind) {
      case SamplerKind.uniform:
        return [name, {
          kind: "uniform",
          min: reader.float32(),
          max: reader.float32(),
          seed,
        }];
      case SamplerKind.gaussian:
        return [name, {
          kind: "gaussian",
          mean: reader.float32(),
          stDev: reader.float32(),
          seed,
        }];
      case SamplerKind.multirangeuniform: {
        const ends = reader.float32s();
        const intervals: [number, number][] = [];
        for (let i = 0; i + 1 < ends.length; i += 2) {
          intervals.push([ends[i], ends[i + 1]]);
        }
        return [name, { kind: "multirangeuniform", intervals, seed }];
      }
    }
  }
  throw new UserError({
    what: "The trainer sent an environment parameter of an unknown kind",
    path: name,
    found: `data type ${type}, sampler kind ${kind}`,
    allowed: "data types 0 and 1, sampler kinds 0 to 2",
  });
}
