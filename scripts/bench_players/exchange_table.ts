import { formatTable, median } from "../table.ts";
import type { DrivenTimes } from "../driven_program.ts";
import { type PlayerCase, writePlayer } from "./player_case.ts";
import { Sides } from "./sides.ts";
import { figure, type TableOptions } from "./table_options.ts";

/**
 * Exchanges per second with the stand-in player, all agents acting: each side
 * has a player of its own.
 */
export async function exchangeTable(
  cases: readonly PlayerCase[],
  options: TableOptions,
): Promise<string> {
  const rows: string[][] = [];
  for (const playerCase of cases) {
    const { name, agents } = playerCase;
    const [ours, peer = unknown] = await timeSides(playerCase, options);
    rows.push([
      name,
      figure(ours.rate),
      figure(peer.rate),
      figure(ours.rate / peer.rate, 1),
      figure(ours.rate * agents),
      figure(100 * ours.playerShare, 0, " %"),
      figure(100 * peer.playerShare, 0, " %"),
    ]);
  }
  return formatTable([
    "agents",
    "ours, exchanges/s",
    "peer, exchanges/s",
    "ours / peer",
    "ours, agent steps/s",
    "player's share of ours",
    "of the peer's",
  ], rows);
}

interface ExchangeRate {
  /** Exchanges per second. */
  readonly rate: number;
  /** Processor time of the player per second. */
  readonly playerShare: number;
}

const unknown: ExchangeRate = { rate: NaN, playerShare: NaN };

/** Ours and, where there is one, the peer's. */
async function timeSides(
  playerCase: PlayerCase,
  { folder, peer, rounds, basePort }: TableOptions,
): Promise<ExchangeRate[]> {
  const player = await writePlayer(folder, playerCase.scene);
  const { areas, exchanges } = playerCase;
  await using sides = await Sides.start(
    "exchange",
    peer,
    (side) => [player, `${areas}`, `${basePort + side}`],
  );
  const times = await sides.runInTurn(() => exchanges, rounds);
  return times.map((each) => summarize(exchanges, each));
}

/** The processor's clock is a coarse one: it is read over all rounds. */
function summarize(
  exchanges: number,
  times: readonly DrivenTimes[],
): ExchangeRate {
  const total = (key: keyof DrivenTimes) =>
    times.reduce((sum, time) => sum + time[key], 0);
  return {
    rate: exchanges / median(times.map(({ wall }) => wall)),
    playerShare: total("player") / total("wall"),
  };
}
