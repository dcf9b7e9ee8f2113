import { Channel } from "./framing.ts";
import { SideChannel } from "./side_channel.ts";

/**
 * Numbers by name that both sides can set: what one side sets, the other side
 * sees after the next step. The player must register its part of the channel.
 */
export class FloatPropertiesChannel extends SideChannel {
  readonly #values: Map<string, number>;

  /** `id` is that of Unity's own class without one. */
  constructor(id: string = Channel.floatProperties) {
    const values = new Map<string, number>();
    super(
      id,
      (message) => values.set(message.string(), message.float32()),
    );
    this.#values = values;
  }

  /** Sets a number here and, with the next step, in the player. */
  set(name: string, value: number): void {
    this.send((message) => message.string(name).float32(value));
    this.#values.set(name, value);
  }

  /** The number that either side has set last; undefined = none has. */
  get(name: string): number | undefined {
    return this.#values.get(name);
  }

  /** The names of all numbers that have been set. */
  list(): string[] {
    return [...this.#values.keys()];
  }
}
