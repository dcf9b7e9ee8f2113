/** What wrappers tell of an agent beside observation and reward. */
export interface AgentInfo {
  /** The behavior's full name: `Striker?team=1`. */
  readonly behavior: string;
  readonly team: number;
  readonly agentId: number;
  /** 0 = the agent has no group. */
  readonly groupId: number;
  /** What the group earned since the agent's previous record. */
  readonly groupReward: number;
  /** `[sum of branches]`, 1 = allowed; null = everything is allowed. */
  readonly actionMask: Uint8Array | null;
  /** False = the agent does not decide now, and an action is ignored. */
  readonly awaitsAction: boolean;
}
