/** Runs `body` with a new folder, which is removed afterwards. */
export async function inTemporaryFolder(
  body: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
