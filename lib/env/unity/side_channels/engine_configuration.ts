import { Channel, type SideChannelMessage } from "./framing.ts";
import { PayloadWriter } from "./payload.ts";

/** How the player draws and runs; keys as in ML-Agents' configuration. */
export interface EngineSettings {
  /** Window width in pixels; takes effect together with the height. */
  readonly width: number;
  readonly height: number;
  /** Unity's quality level, 0 and up. */
  readonly quality_level: number;
  /** Simulated seconds per second, at least 1. */
  readonly time_scale: number;
  /** Frames per second; -1 = the platform's default. */
  readonly target_frame_rate: number;
  /** Frames per simulated second. */
  readonly capture_frame_rate: number;
}

/** The settings in messages for the player, one for each setting. */
export function engineConfigurationMessages(
  settings: EngineSettings,
): SideChannelMessage[] {
  const payload = (type: number) => new PayloadWriter().int32(type);
  return [
    payload(0).int32(settings.width).int32(settings.height),
    payload(1).int32(settings.quality_level),
    payload(2).float32(settings.time_scale),
    payload(3).int32(settings.target_frame_rate),
    payload(4).int32(settings.capture_frame_rate),
  ].map((writer) => ({
    channel: Channel.engineConfiguration,
    payload: writer.finish(),
  }));
}
