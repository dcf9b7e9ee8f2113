import { join } from "node:path";
import { formatTable, median } from "../table.ts";
import { type PlayerCase, writePlayer } from "./player_case.ts";
import { recordMessages } from "./recorded_messages.ts";
import { Sides } from "./sides.ts";
import { figure, type TableOptions } from "./table_options.ts";

/** Microseconds from a message's bytes to its columns, without the wire. */
export async function intakeTable(
  cases: readonly PlayerCase[],
  options: TableOptions,
): Promise<string> {
  const { folder, peer, rounds, basePort } = options;
  const files = ["first", "next"].map((name) => join(folder, name));
  const rows: string[][] = [];
  for (const playerCase of cases) {
    const player = await writePlayer(folder, playerCase.scene);
    const { name, areas, exchanges } = playerCase;
    const messages = await recordMessages(player, areas, basePort);
    messages.forEach((bytes, i) => Deno.writeFileSync(files[i], bytes));
    await using sides = await Sides.start("intake", peer, () => files);
    // Ours are too short to be timed, and warmed up, in as few.
    const countOf = (side: number) => side === 0 ? 10 * exchanges : exchanges;
    const times = await sides.runInTurn(countOf, rounds);
    const [ours, theirs = NaN] = times.map((each, side) =>
      median(each.map(({ wall }) => wall / countOf(side) * 1e6))
    );
    rows.push([
      name,
      `${messages[1].length}`,
      figure(ours, 1),
      figure(theirs, 1),
      figure(theirs / ours, 1),
    ]);
  }
  return formatTable(
    ["agents", "bytes", "ours, us", "peer, us", "peer / ours"],
    rows,
  );
}
