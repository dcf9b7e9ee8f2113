/** Of the reference's acceptance tests: its settings are built without a file. */
export const schedules = {
  learning_rate_schedule: "constant",
  beta_schedule: "linear",
  epsilon_schedule: "linear",
} as const;
