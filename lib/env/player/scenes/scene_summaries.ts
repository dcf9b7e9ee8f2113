/** What may follow `scene:`, and what each scene exercises. */
export const sceneSummaries = {
  Vectors: "stacked, goal and empty vectors; periods, offsets, step limits",
  Hybrid: "continuous and discrete actions together, with masks",
  Masks: "action masks: never, always and late; stale ones at ends",
  Visual: "cameras: color, grey, two grey frames stacked, values as floats",
  Grids: "four channels: two PNGs, two frames of them, one PNG with alpha",
  Floats: "one agent with eight floats in each area, for benchmarks",
  Cameras: "twelve cameras of 84 x 84 pixels, for benchmarks",
  Entities: "observations of variable length",
  Groups: "groups whose members die early, end together, are interrupted",
  Teams: "two teams of one name, for self-play",
  Crowd: "agents and behaviors that come late, leave, come back, vanish",
  Endings: "ends: at once, twice, behind a decision; rewards left over",
  Channels: "side channels: statistics, parameters height and width, echoes",
} as const;

export type SceneName = keyof typeof sceneSummaries;
