import assert from "node:assert/strict";
import { join } from "node:path";
import {
  nativeLibraryFolder,
  threadCodeFolder,
} from "../../lib/runtime/native_files.ts";

Deno.test("the native library lies in its folder", () => {
  const names: string[] = [];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) walk(join(folder, name));
      else names.push(name);
    }
  };
  walk(nativeLibraryFolder());
  assert.ok(names.includes("onnxruntime_binding.node"), names.join(", "));
});

Deno.test("the thread's code lies in its folder", () => {
  const folder = threadCodeFolder();
  assert.ok(folder !== null);
  assert.ok(Deno.statSync(join(folder, "runtime", "session_worker.ts")).isFile);
});
