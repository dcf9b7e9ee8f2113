import { UserError } from "../../../errors.ts";
import { type ActionSpec, observationSize } from "../../../spec.ts";
import { checkActions } from "../../columns.ts";
import { readAgentActions } from "../../unity/messages/agent_actions.ts";
import {
  type AgentInfoFields,
  writeAgentInfo,
} from "../../unity/messages/agent_info_writer.ts";
import type { NamedPart } from "../../unity/messages/envelope.ts";
import type { Reader } from "../../unity/messages/message_reader.ts";
import { MessageWriter } from "../../unity/messages/message_writer.ts";
import { ObservationWriter } from "../../unity/messages/observation_writer.ts";
import { checkMaskedAction } from "../check_masked_action.ts";
import type { Dialect } from "../dialect.ts";
import { enlargedSpec } from "../enlarged_spec.ts";
import type { InfoFault, WorldBehavior } from "../player_world.ts";
import type { Sensor } from "../sensors/sensor.ts";
import { VectorSensor } from "../sensors/vector_sensor.ts";

/** Who gets an action. */
export interface ActionTaker {
  readonly id: number;
  /** The action in force. */
  readonly continuous: Float32Array;
  readonly discrete: Int32Array;
}

/** An agent's place in the list of those that wait for an action. */
interface Place {
  /** Null = its episode has ended since: the action is thrown away. */
  taker: ActionTaker | null;
  readonly id: number;
  /** 1 = forbidden; empty = nothing is. */
  readonly mask: Uint8Array;
}

/** The infos of one behavior's agents in the order in which they came up. */
export class AcademyBehavior implements WorldBehavior {
  readonly name: string;
  readonly actionSpec: ActionSpec;
  infoCount = 0;
  readonly #dialect: Dialect;
  readonly #infos = new MessageWriter();
  #places: Place[] = [];

  /** Throws a UserError for actions that package or trainer do not know. */
  constructor(name: string, actionSpec: ActionSpec, dialect: Dialect) {
    dialect.checkActions(name, actionSpec);
    this.name = name;
    this.actionSpec = actionSpec;
    this.#dialect = dialect;
  }

  /** Adds an info; what its agent was told before is forgotten. */
  add(
    taker: ActionTaker,
    fields: Omit<AgentInfoFields, "id">,
    sensors: readonly Sensor[],
    fault: InfoFault | null,
  ): void {
    taker.continuous.fill(0);
    taker.discrete.fill(0);
    const { id } = taker;
    if (fields.done) {
      for (const place of this.#places) {
        if (place.taker === taker) place.taker = null;
      }
    } else {
      const mask = fields.mask?.slice() ?? new Uint8Array();
      this.#places.push({ taker, id, mask });
    }
    if (fault === "nan-observation") spoilVector(sensors);
    const { style } = this.#dialect;
    const hidden = style.hasGroups ? {} : { groupId: 0, groupReward: 0 };
    const spoilt = fault === "nan-reward" ? { reward: NaN } : {};
    const info = { ...fields, id, ...hidden, ...spoilt };
    writeAgentInfo(this.#infos, info, () => {
      sensors.forEach((sensor, i) => {
        if (i > 0 || fault !== "shape") return sensor.write(this.#infos);
        const spec = enlargedSpec(sensor.spec);
        const values = new Float32Array(observationSize(spec));
        new ObservationWriter(spec, style).write(this.#infos, values);
      });
    });
    this.infoCount++;
  }

  /** Nobody waits for an action any more. */
  forgetWaiting(): void {
    this.#places = [];
  }

  /** Forgets the infos: they have been told. */
  clear(): void {
    this.#infos.clear();
    this.infoCount = 0;
    this.#places = [];
  }

  writeInfos(writer: MessageWriter): void {
    writer.raw(this.#infos.message);
  }

  readActions(reader: Reader, part: NamedPart): void {
    const { name, actionSpec } = this;
    const { continuousSize, discreteBranches } = actionSpec;
    const branches = discreteBranches.length;
    const count = this.#places.length;
    const actions = {
      continuous: new Float32Array(count * continuousSize),
      discrete: new Int32Array(count * branches),
    };
    const fields = this.#dialect.actionFields;
    readAgentActions(reader, part, actionSpec, count, actions, fields);
    checkActions(name, actionSpec, count, actions);
    this.#places.forEach(({ taker, id, mask }, row) => {
      const start = row * continuousSize;
      const discrete = actions.discrete.subarray(
        row * branches,
        (row + 1) * branches,
      );
      checkMaskedAction(name, id, actionSpec, discrete, (at) => mask[at] === 1);
      if (!taker) return;
      taker.continuous.set(
        actions.continuous.subarray(start, start + continuousSize),
      );
      taker.discrete.set(discrete);
    });
  }
}

function spoilVector(sensors: readonly Sensor[]): void {
  for (const sensor of sensors) {
    if (!(sensor instanceof VectorSensor) || sensor.values.length === 0) {
      continue;
    }
    sensor.values[0] = NaN;
    return;
  }
  throw new UserError({ what: "The agent sees no vector that could be NaN" });
}
