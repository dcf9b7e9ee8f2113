/** Messages recorded between real Unity players and a trainer. */

const folder = new URL(
  "../../../../shared/data/captures/",
  import.meta.url,
);

/** One recorded message and its line in the notes. */
export interface Capture {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The part of the notes that says what the message holds. */
  readonly notes: string;
}

/** The recordings of vector scenes; none where the data is absent. */
export function readCaptures(kind: "req" | "resp"): Capture[] {
  let notes: string;
  try {
    notes = Deno.readTextFileSync(new URL("NOTES.txt", folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("skipped: no recordings in ../shared/data/captures");
    return [];
  }
  return notes.split("\n")
    .filter((line) => /^c2\d0_/.test(line) && line.includes(`_${kind}_`))
    .map((line) => {
      const file = line.slice(0, line.indexOf(" "));
      const bytes = Deno.readFileSync(new URL(file, folder));
      return { file, bytes, notes: line };
    });
}
