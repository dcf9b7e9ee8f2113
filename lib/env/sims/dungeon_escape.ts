import { vectorObservation } from "../../spec.ts";
import {
  columnRadius,
  columns,
  door,
  halfCourt,
  halfStart,
  portal,
  startEdge,
} from "./dungeon_court.ts";
import { DungeonDragons } from "./dungeon_dragons.ts";
import {
  agentRadius,
  keepApart,
  keepInRoom,
  keepOutOfBox,
  keepOutOfCircle,
} from "./planar/contacts.ts";
import { CubeAgents } from "./planar/cube_agents.ts";
import { FrameStack } from "./planar/frame_stack.ts";
import { carryOutPushAction, pushActions } from "./planar/push_action.ts";
import { RaySensor } from "./planar/ray_sensor.ts";
import {
  boxesOverlap,
  distanceToBox,
  moveBox,
  type TurnedBox,
  turnedBox,
} from "./planar/turned_box.ts";
import { type Game, Simulator, type SimulatorOptions } from "./simulator.ts";

const groupSize = 3;
/** Velocity 3, then what never changes: position 0 3, rotation 0 0 0 1. */
const bodySize = 10;
const stackedFrames = 3;
/** The tags that rays tell apart. */
const Tag = { wall: 0, agent: 1, dragon: 2, key: 3, lock: 4, portal: 5 };

const rays = {
  tags: Object.keys(Tag).length,
  raysPerSide: 7,
  maxDegrees: 60,
  radius: 0.5,
  length: 40,
};
const raySize = (2 * rays.raysPerSide + 1) * (rays.tags + 2);

const game: Game = {
  behavior: "DungeonEscape?team=0",
  spec: {
    observationSpecs: [
      vectorObservation(bodySize, "RBSensor"),
      vectorObservation(
        stackedFrames * raySize,
        `StackingSensor_size${stackedFrames}_RayPerceptionSensor`,
      ),
      vectorObservation(1),
    ],
    actionSpec: { continuousSize: 0, discreteBranches: [pushActions] },
  },
  groupSize,
  decisionPeriod: 5,
  maxStep: 15_000,
  parameters: ["gravity"],
};

/** Linear drag of the agents, per second. */
const drag = 4;
/** The scene's gravity, metres per second squared. */
const usualGravity = 1.5 * 9.81;
/** Agents begin in the air. */
const startHeight = 1;
const nobody = -1;

/**
 * Unity's DungeonEscape: three agents that must leave together. A dragon walks
 * to its cave. The agent that touches it dies and takes it along; its key may
 * then be fetched by another agent and brought to the door: group reward 1 and
 * the end. All is lost if the dragon arrives, or who holds the key or is the
 * last one enters the portal; others vanish there. Interrupted after 15,000
 * steps (3000 decisions), which an area without agents waits for, too.
 *
 * Observations: `[10]` velocity in the agent's own frame (right, up, forward,
 * metres per second) and seven constants; `[360]` three frames of 15 rays with
 * tags wall, agent, dragon, key, lock, portal; `[1]` holds the key. Actions: 0
 * nothing, 1 forward, 2 back, 3 turn right, 4 turn left, 5 left, 6 right.
 * Parameter, read when an area begins an episode: `gravity` (14.715). Unity
 * turns the court and not the dragon's start, so the dragon begins on any side
 * of it. A dead agent's tombstone is taken to be as large as the agent. Facts:
 * Unity's environments, section 15.
 */
export class DungeonEscape extends Simulator {
  static readonly defaultAreas = 12;
  readonly #agents: CubeAgents;
  readonly #stack: FrameStack;
  readonly #rays = new RaySensor(rays);
  readonly #dragons: DungeonDragons;
  readonly #gravities: Float64Array;
  /** The agent that the dragon took along, while none is dead -1: `[areas]`. */
  readonly #victim: Int32Array;
  /** The agent that holds the key, while nobody does -1: `[areas]`. */
  readonly #holder: Int32Array;
  /** Put into place for the agent at work. */
  readonly #cube = turnedBox(0, 0, 1, 1);

  constructor(options: SimulatorOptions) {
    const areas = options.areas ?? DungeonEscape.defaultAreas;
    super(game, { ...options, areas });
    const agents = areas * groupSize;
    this.#agents = new CubeAgents(agents, drag);
    this.#stack = new FrameStack(agents, stackedFrames, raySize);
    this.#dragons = new DungeonDragons(areas);
    this.#gravities = new Float64Array(areas);
    this.#victim = new Int32Array(areas);
    this.#holder = new Int32Array(areas);
  }

  protected override beginEpisode(area: number): void {
    const { random } = this;
    this.#gravities[area] = this.parameters.read("gravity", usualGravity);
    this.#victim[area] = nobody;
    this.#holder[area] = nobody;
    this.#dragons.begin(area, random);
    const first = area * groupSize;
    for (let agent = first; agent < first + groupSize; agent++) {
      let x: number, z: number;
      do {
        x = random.between(-halfStart, halfStart);
        z = random.between(-halfStart, halfStart);
      } while (!this.#isEmpty(x, z, area, agent));
      this.#agents.place(agent, x, z, startHeight, random.between(0, 360));
      this.#stack.clear(agent);
    }
  }

  /** Whether an agent can begin there, given those of its area before it. */
  #isEmpty(x: number, z: number, area: number, agent: number): boolean {
    const square = turnedBox(x, z, startEdge, startEdge);
    if (boxesOverlap(square, this.#dragons.body(area))) return false;
    for (const column of columns) {
      const distance = distanceToBox(square, column.x, column.z);
      if (distance < columnRadius) return false;
    }
    for (let other = area * groupSize; other < agent; other++) {
      if (boxesOverlap(square, this.#placeCube(other))) return false;
    }
    return true;
  }

  protected override observe(
    agent: number,
    [body, seen, key]: readonly Float32Array[],
    row: number,
  ): void {
    const at = row * bodySize;
    this.#agents.observeVelocity(agent, body, at);
    body.fill(0, at + 3, at + bodySize - 1);
    body[at + bodySize - 1] = 1;
    const place = this.#stack.shift(agent);
    this.#look(agent);
    this.#rays.write(this.#stack.frames, place);
    this.#stack.copyTo(seen, row, agent);
    key[row] = Number(this.#holder[Math.floor(agent / groupSize)] === agent);
  }

  /** Casts an agent's rays. */
  #look(agent: number): void {
    const { x, z, forwardX, forwardZ } = this.#agents;
    const area = Math.floor(agent / groupSize);
    const sensor = this.#rays;
    sensor.aim(x[agent], z[agent], forwardX[agent], forwardZ[agent]);
    sensor.seeRoom(halfCourt, halfCourt, Tag.wall);
    for (const column of columns) {
      sensor.seeCircle(column.x, column.z, columnRadius, Tag.wall);
    }
    sensor.seeBox(door, Tag.lock);
    sensor.seeBox(portal, Tag.portal);
    if (this.#holder[area] === nobody) {
      sensor.seeBox(this.#dragons.key(area), Tag.key);
    }
    const victim = this.#victim[area];
    if (victim === nobody) {
      sensor.seeBox(this.#dragons.body(area), Tag.dragon);
    } else {
      sensor.seeBox(this.#placeCube(victim), Tag.wall);
    }
    const first = area * groupSize;
    for (let other = first; other < first + groupSize; other++) {
      if (other === agent || !this.isAlive[other]) continue;
      sensor.seeBox(this.#placeCube(other), Tag.agent);
    }
  }

  protected override act(agent: number): void {
    carryOutPushAction(this.#agents, agent, this.discrete[agent]);
  }

  protected override advance(): void {
    for (let area = 0; area < this.areas; area++) {
      const first = area * groupSize, end = first + groupSize;
      for (let agent = first; agent < end; agent++) {
        if (!this.isAlive[agent]) continue;
        this.#agents.advance(agent, this.#gravities[area]);
      }
      this.#partAgents(first, end);
      this.#dragons.advance(area);
      // An episode that ends here puts everything in its place anew.
      let isOver = this.#hasDragonArrived(area);
      for (let agent = first; agent < end && !isOver; agent++) {
        if (this.isAlive[agent]) isOver = this.#meetCourt(area, agent);
      }
      if (isOver) this.endEpisode(area);
    }
  }

  #partAgents(first: number, end: number): void {
    for (let agent = first; agent < end; agent++) {
      if (!this.isAlive[agent]) continue;
      for (let other = first; other < agent; other++) {
        if (this.isAlive[other]) keepApart(this.#agents, other, agent);
      }
    }
  }

  #hasDragonArrived(area: number): boolean {
    return !this.#dragons.isDead(area) &&
      boxesOverlap(this.#dragons.body(area), portal);
  }

  /** Keeps an agent out of what stands in the court; says if all is over. */
  #meetCourt(area: number, agent: number): boolean {
    const agents = this.#agents;
    for (const { x, z } of columns) {
      keepOutOfCircle(agents, agent, x, z, columnRadius);
    }
    const victim = this.#victim[area];
    if (victim !== nobody) {
      keepOutOfBox(agents, agent, this.#placeCube(victim));
    }
    const isAtDoor = keepOutOfBox(agents, agent, door);
    const isAtPortal = keepOutOfBox(agents, agent, portal);
    keepInRoom(agents, agent, halfCourt, halfCourt);
    if (isAtDoor && this.#holder[area] === agent) {
      this.addGroupReward(area, 1);
      return true;
    }
    if (isAtPortal) return this.#enterPortal(area, agent);
    this.#meetDragon(area, agent);
    return false;
  }

  /** An agent vanishes, unless all depends on it: then all is over. */
  #enterPortal(area: number, agent: number): boolean {
    if (this.#holder[area] === agent) return true;
    const first = area * groupSize;
    let alive = 0;
    for (let other = first; other < first + groupSize; other++) {
      alive += this.isAlive[other];
    }
    if (alive === 1) return true;
    this.removeAgent(agent);
    return false;
  }

  /** An agent dies with the dragon, or takes the key that a dead one left. */
  #meetDragon(area: number, agent: number): void {
    const dragons = this.#dragons;
    if (!dragons.isDead(area)) {
      if (!this.#touches(agent, dragons.body(area))) return;
      this.removeAgent(agent);
      dragons.kill(area);
      this.#victim[area] = agent;
    } else if (this.#holder[area] === nobody) {
      if (this.#touches(agent, dragons.key(area))) this.#holder[area] = agent;
    }
  }

  #touches(agent: number, box: TurnedBox): boolean {
    const { x, z } = this.#agents;
    return distanceToBox(box, x[agent], z[agent]) < agentRadius;
  }

  /** The cube of an agent, or its tombstone. */
  #placeCube(agent: number): TurnedBox {
    const { x, z, forwardX, forwardZ } = this.#agents;
    const cube = this.#cube;
    moveBox(cube, x[agent], z[agent], forwardX[agent], forwardZ[agent]);
    return cube;
  }

  protected override liveArrays() {
    return {
      ...this.#agents.liveArrays(),
      ...this.#stack.liveArrays(),
      ...this.#dragons.liveArrays(),
      gravities: this.#gravities,
      victim: this.#victim,
      holder: this.#holder,
    };
  }
}
