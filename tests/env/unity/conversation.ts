/** A trainer's and a player's side, run together. */
import assert from "node:assert/strict";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import type { UnityEnvironmentOptions } from "../../../lib/env/unity/unity_environment_options.ts";
import { UserError } from "../../../lib/errors.ts";
import { FakePlayer, freePort } from "./fake_player.ts";

/** One continuous action. */
export const continuous = { continuousSize: 1, discreteBranches: [] };

/** What the player does. */
type Script = (player: FakePlayer) => Promise<unknown>;

/**
 * Runs a trainer's side and a player's side together. The player's script
 * begins after the handshake unless `greets` is false.
 */
export async function converse(
  playerSide: Script,
  trainerSide: (environment: UnityEnvironment) => Promise<unknown>,
  { packageVersion, ...options }: Partial<UnityEnvironmentOptions> & {
    readonly packageVersion?: string;
  } = {},
): Promise<void> {
  const editorPort = freePort();
  const starting = UnityEnvironment.start({
    executable: null,
    editorPort,
    seed: 1,
    timeoutWait: 5,
    ...options,
  });
  const player = FakePlayer.connect(editorPort).then(async (connected) => {
    try {
      await connected.greet("1.5.0", packageVersion);
      await playerSide(connected);
    } finally {
      connected.client.close();
    }
  });
  const trainer = starting.then(async (environment) => {
    try {
      await trainerSide(environment);
    } finally {
      await environment.close();
    }
  });
  await Promise.all([player, trainer]);
}

/** Expects a UserError whose text matches. */
export async function rejects(promise: Promise<unknown>, message: RegExp) {
  await assert.rejects(
    promise,
    (error: unknown) => {
      assert(error instanceof UserError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

/** A message with one agent of behavior A. */
export const oneAgent = {
  infos: { A: [{ id: 1, observations: [[1, 2]] }] },
  specs: { A: continuous },
};
