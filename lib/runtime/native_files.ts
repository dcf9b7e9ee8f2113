/** Where the parts of the machine lie that Deno asks permission for. */
import { fileURLToPath } from "node:url";

/** The folder of onnxruntime's native library. */
export function nativeLibraryFolder(): string {
  const binding = import.meta.resolve("onnxruntime-node/dist/binding.js");
  return fileURLToPath(new URL("../bin", binding));
}

/**
 * The folder of this program's code, which a thread of its own reads again;
 * null if it is not on this machine.
 */
export function threadCodeFolder(): string | null {
  const folder = new URL("..", import.meta.url);
  return folder.protocol === "file:" ? fileURLToPath(folder) : null;
}
