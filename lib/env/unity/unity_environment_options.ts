import type { ImageOrder } from "./images/image_order.ts";
import type { SideChannelOptions } from "./side_channels/side_channels.ts";

/** How to start a Unity player, or to wait for the Editor. */
export interface UnityEnvironmentOptions extends SideChannelOptions {
  /** Path of a build; null = the Unity Editor, which the user starts. */
  readonly executable: string | null;
  /** The user's own arguments for the player. */
  readonly args?: readonly string[];
  /** Number of this player among several, 0 and up; added to the port. */
  readonly workerId?: number;
  /** Port of the first player; 5005 by default. */
  readonly basePort?: number;
  /** The port in the Editor's project settings; 5004 by default. */
  readonly editorPort?: number;
  /** Seeds the player's random numbers; 0 by default. */
  readonly seed?: number;
  /** Seconds to wait for each message of the player; 60 by default. */
  readonly timeoutWait?: number;
  /** Starts the player without a window. */
  readonly noGraphics?: boolean;
  /** An existing folder for the player's log; Unity's own place without. */
  readonly logDirectory?: string;
  /** Copies of the training area, for scenes that can be copied. */
  readonly numAreas?: number;
  /**
   * How the values of images lie that come as plain numbers, not as PNG files:
   * `"HWC"` channels last, `"CHW"` channels first. By default as the player's
   * package writes them; wrong for packages that were changed by hand.
   */
  readonly floatImageOrder?: ImageOrder;
  /** Is told what the user has to do, and that it is waited for. */
  readonly onWaiting?: (message: string) => void;
  /** Ends all waiting, with the signal's reason. */
  readonly signal?: AbortSignal;
}
