/**
 * Times Unity players and what drives them, beside the reference trainer and
 * its library where a virtual environment is named that has them:
 *
 *   deno run -A scripts/bench_players.ts [--peer DIR] [--peer-script FILE]
 *     [--parts exchanges,intake,players,policy,trainers] [--rounds 5]
 *     [--trainings 1] [--players 1,2,4,8] [--steps 120000] [--base-port 5305]
 *
 * - exchanges: per second by the library, without a policy
 * - intake: time from a message's bytes to columns
 * - players: whole trainings with several players at once
 * - policy: trainings that act but never learn
 * - trainers: trainings with SAC and POCA
 *
 * The player is the stand-in, in a process of its own. `--peer-script` replaces
 * the peer's own mlagents-learn.
 */
import { parseArgs } from "node:util";
import { exchangeTable } from "./bench_players/exchange_table.ts";
import { intakeTable } from "./bench_players/intake_table.ts";
import { findPeer } from "./bench_players/peer_programs.ts";
import { playerCases, policyCases } from "./bench_players/player_case.ts";
import {
  groups,
  manyPlayers,
  offPolicy,
  policyAlone,
} from "./bench_players/training_cases.ts";
import { trainingTable } from "./bench_players/training_table.ts";

const { values: options } = parseArgs({
  options: {
    peer: { type: "string" },
    "peer-script": { type: "string" },
    parts: {
      type: "string",
      default: "exchanges,intake,players,policy,trainers",
    },
    rounds: { type: "string", default: "5" },
    trainings: { type: "string", default: "1" },
    players: { type: "string", default: "1,2,4,8" },
    steps: { type: "string", default: "120000" },
    "base-port": { type: "string", default: "5305" },
  },
});

const folder = Deno.makeTempDirSync();
const tableOptions = {
  folder,
  peer: findPeer(options.peer, options["peer-script"]),
  rounds: Number(options.rounds),
  basePort: Number(options["base-port"]),
};
const trainingOptions = { ...tableOptions, rounds: Number(options.trainings) };
const tables: Readonly<Record<string, () => Promise<string>>> = {
  exchanges: () => exchangeTable(playerCases, tableOptions),
  intake: () => intakeTable(playerCases, tableOptions),
  players: async () =>
    trainingTable(
      await Promise.all(
        options.players.split(",").map((count) =>
          manyPlayers(Number(count), Number(options.steps), tableOptions)
        ),
      ),
      trainingOptions,
    ),
  policy: async () =>
    trainingTable(
      await Promise.all(
        policyCases.map((each) => policyAlone(each, tableOptions)),
      ),
      trainingOptions,
    ),
  trainers: async () =>
    trainingTable(
      [await offPolicy(tableOptions), await groups(tableOptions)],
      trainingOptions,
    ),
};
globalThis.addEventListener(
  "unload",
  () => Deno.removeSync(folder, { recursive: true }),
);
try {
  for (const part of options.parts.split(",")) {
    console.log(`${part}:\n\n${await tables[part]()}\n`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
