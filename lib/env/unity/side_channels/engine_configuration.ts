import { UserError } from "../../../errors.ts";
import { Channel } from "./framing.ts";
import { SideChannel } from "./side_channel.ts";

/** How the player draws and how fast it runs. */
export interface EngineSettings {
  /** Window width in pixels; only together with the height. */
  readonly width: number;
  readonly height: number;
  /** Unity's quality level, 0 and up. */
  readonly qualityLevel: number;
  /** Simulated seconds per second; players take less than 1 for 1. */
  readonly timeScale: number;
  /** Frames per second; -1 = the platform's default. */
  readonly targetFrameRate: number;
  /** Frames per simulated second; 0 = as time passes. */
  readonly captureFrameRate: number;
}

/** Configurations for the two usual purposes. */
export const enginePresets = {
  /** A small window and fast: what `mlagents-learn` sets. */
  training: {
    width: 84,
    height: 84,
    qualityLevel: 5,
    timeScale: 20,
    targetFrameRate: -1,
    captureFrameRate: 60,
  },
  /** A large window in real time. */
  watching: {
    width: 1280,
    height: 720,
    qualityLevel: 5,
    timeScale: 1,
    targetFrameRate: 60,
    captureFrameRate: 0,
  },
} satisfies Record<string, EngineSettings>;

/** Numbers on the wire, in the order of sending; 0 is the window's size. */
const settingTypes = {
  qualityLevel: 1,
  timeScale: 2,
  targetFrameRate: 3,
  captureFrameRate: 4,
} as const;

/** The least whole number that a setting may be. */
const leastValues = {
  width: 1,
  height: 1,
  qualityLevel: 0,
  targetFrameRate: -1,
  captureFrameRate: 0,
} as const;

/** Sets how the player draws and how fast it runs. */
export class EngineConfigurationChannel extends SideChannel {
  constructor() {
    super(Channel.engineConfiguration);
  }

  /**
   * Changes the settings that are given with the next `reset` or `step`, one
   * message for each. Throws a UserError for a value that Unity cannot take.
   */
  set(settings: Partial<EngineSettings>): void {
    checkSettings(settings);
    const { width, height } = settings;
    if (width !== undefined && height !== undefined) {
      this.send((message) => message.int32(0).int32(width).int32(height));
    }
    for (const name of namesOf(settingTypes)) {
      const value = settings[name];
      if (value === undefined) continue;
      this.send((message) => {
        message.int32(settingTypes[name]);
        if (name === "timeScale") message.float32(value);
        else message.int32(value);
      });
    }
  }
}

function checkSettings(settings: Partial<EngineSettings>): void {
  const { width, height, timeScale = 1 } = settings;
  if ((width === undefined) !== (height === undefined)) {
    throw wrong("width and height", "one of them", "both or none");
  }
  if (!(timeScale > 0 && timeScale < Infinity)) {
    throw wrong("timeScale", String(timeScale), "a number above 0");
  }
  for (const name of namesOf(leastValues)) {
    const least = leastValues[name];
    const { [name]: value = least } = settings;
    if (Number.isInteger(value) && value >= least) continue;
    throw wrong(name, String(value), `a whole number, ${least} or more`);
  }
}

function wrong(path: string, found: string, allowed: string): UserError {
  const what = "The player's engine cannot be set like this";
  return new UserError({ what, path, found, allowed });
}

/** The keys of a table that has no others than those of its type. */
function namesOf<K extends string>(table: Readonly<Record<K, number>>): K[] {
  const names: K[] = [];
  for (const name in table) names.push(name);
  return names;
}
