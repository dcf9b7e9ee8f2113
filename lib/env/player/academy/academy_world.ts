import { RandomGenerator } from "../../../util/random.ts";
import type { EnvironmentParameter } from "../../env.ts";
import { ParameterReader } from "../../sims/parameter_reader.ts";
import type { SideChannelMessage } from "../../unity/side_channels/framing.ts";
import { statisticMessages } from "../../unity/side_channels/statistics.ts";
import type { InfoFault, PlayerWorld, WorldOptions } from "../player_world.ts";
import type { Scene, SceneKind } from "../scenes/scene.ts";
import { Academy } from "./academy.ts";

/** A scene whose agents live in an {@link Academy}. */
export class AcademyWorld implements PlayerWorld {
  readonly #academy: Academy;
  readonly #parameters: ParameterReader;
  readonly #scene: Scene;
  /** The trainer has been told something: a step waits to be finished. */
  #isAsking = false;

  constructor(kind: SceneKind, options: WorldOptions) {
    const { seed, areas, dialect, log } = options;
    this.#academy = new Academy(options);
    this.#parameters = new ParameterReader(seed, kind.parameters ?? []);
    this.#scene = kind.create({
      academy: this.#academy,
      dialect,
      areas,
      parameters: this.#parameters,
      random: new RandomGenerator(seed, "scene"),
      log,
    });
  }

  get behaviors() {
    return this.#academy.behaviors;
  }

  advance(isReset: boolean): void {
    if (this.#isAsking) {
      if (isReset) {
        this.#scene.reset?.();
        this.#academy.reset();
      }
      this.#academy.act();
    }
    this.#scene.update?.();
    while (!this.#academy.ask()) {
      this.#academy.act();
      this.#scene.update?.();
    }
    this.#isAsking = true;
  }

  spoilNext(fault: InfoFault): void {
    this.#academy.spoilNext(fault);
  }

  setParameter(name: string, parameter: EnvironmentParameter): void {
    this.#parameters.set({ [name]: parameter });
  }

  receive(message: SideChannelMessage): boolean {
    return this.#scene.receive?.(message) ?? false;
  }

  takeMessages(): SideChannelMessage[] {
    return [
      ...statisticMessages(this.#academy.takeStatistics()),
      ...this.#scene.takeMessages?.() ?? [],
    ];
  }

  close(): void {}
}
