/** Real Unity data beside the project, which tests read in place. */
const folder = new URL("../../../shared/data/", import.meta.url);

/**
 * Registers a test that is given one file's bytes, `demos/Hallway.demo`; it is
 * skipped with a message where the file is absent.
 */
export function testWithSharedData(
  name: string,
  file: string,
  test: (bytes: Uint8Array) => void | Promise<void>,
): void {
  Deno.test(name, async () => {
    let bytes: Uint8Array;
    try {
      bytes = await Deno.readFile(new URL(file, folder));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      console.log(`skipped: ../shared/data/${file} is not there`);
      return;
    }
    await test(bytes);
  });
}
