import type { Sensor } from "../../../../lib/env/player/sensors/sensor.ts";
import { writeAgentInfo } from "../../../../lib/env/unity/messages/agent_info_writer.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { readInfos, type SeenObservation } from "../read_infos.ts";

/** What a trainer gets of a sensor. */
export function observationOf(sensor: Sensor): SeenObservation {
  const writer = new MessageWriter();
  writeAgentInfo(writer, { id: 0, reward: 0 }, () => sensor.write(writer));
  const [{ observations: [observation] }] = readInfos(writer.message.slice());
  return observation;
}
