/**
 * The words that start the reference trainer, `mlagents-learn`: those of the
 * environment variable `REFERENCE_TRAINER`, separated by blanks, or the
 * program of that name. Null, with a message, where there is none.
 */
export async function referenceTrainer(): Promise<string[] | null> {
  const named = Deno.env.get("REFERENCE_TRAINER");
  const words = named?.split(" ").filter((word) => word !== "") ??
    ["mlagents-learn"];
  const [command, ...args] = words;
  try {
    const process = new Deno.Command(command, {
      args: [...args, "--help"],
      stdout: "null",
      stderr: "null",
    });
    if ((await process.output()).success) return words;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.log(
    `skipped: ${words.join(" ")} does not start; REFERENCE_TRAINER names ` +
      "another mlagents-learn",
  );
  return null;
}
