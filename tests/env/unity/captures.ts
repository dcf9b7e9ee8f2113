/** Messages recorded between real Unity players and a trainer. */

const folder = new URL(
  "../../../../shared/data/captures/",
  import.meta.url,
);

/** One recorded message and its line in the notes. */
export interface Capture {
  readonly file: string;
  /** What the message belongs to: `c200` ... `v_game230`. */
  readonly run: string;
  readonly bytes: Uint8Array;
  /** The part of the notes that says what the message holds. */
  readonly notes: string;
}

/** Runs with vectors and with cameras. */
const vectorRuns = ["c200", "c210", "c230"];
const cameraRuns = ["v_game", "v_game230"];
export const captureRuns = [...vectorRuns, ...cameraRuns];

/** The recordings of some runs, in order; none where the data is absent. */
export function readCaptures(
  kind: "req" | "resp",
  runs: readonly string[] = captureRuns,
): Capture[] {
  let notes: string;
  try {
    notes = Deno.readTextFileSync(new URL("NOTES.txt", folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("skipped: no recordings in ../shared/data/captures");
    return [];
  }
  const captures: Capture[] = [];
  for (const line of notes.split("\n")) {
    const match = /^((.*)_\d+_\d+_(req|resp)_\S+\.bin) /.exec(line);
    if (match?.[3] !== kind || !runs.includes(match[2])) continue;
    const [, file, run] = match;
    const bytes = Deno.readFileSync(new URL(file, folder));
    captures.push({ file, run, bytes, notes: line });
  }
  return captures;
}

/** The recordings of scenes without cameras. */
export function readVectorCaptures(kind: "req" | "resp"): Capture[] {
  return readCaptures(kind, vectorRuns);
}
