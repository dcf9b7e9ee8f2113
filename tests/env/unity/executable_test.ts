import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  executablePlaces,
  findExecutable,
} from "../../../lib/env/unity/executable.ts";
import { UserError } from "../../../lib/errors.ts";

/** Runs `body` in a new folder that holds executables of these names. */
function withFiles(
  names: readonly string[],
  body: (folder: string) => void,
): void {
  const folder = Deno.makeTempDirSync();
  try {
    for (const name of names) {
      const path = join(folder, name);
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(path, "", { mode: 0o755 });
    }
    body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function refused(path: string, message: RegExp) {
  assert.throws(
    () => findExecutable(path, "linux"),
    (error: unknown) =>
      error instanceof UserError && message.test(error.message),
    String(message),
  );
}

Deno.test("Linux: endings may be left out, 64 bits come first", () => {
  withFiles(["a.x86_64", "a.x86", "a", "b.x86", "b", "c"], (folder) => {
    const find = (name: string) => findExecutable(join(folder, name), "linux");
    assert.equal(find("a"), join(folder, "a.x86_64"));
    assert.equal(find("a.x86"), join(folder, "a.x86"));
    assert.equal(find("b"), join(folder, "b.x86"));
    assert.equal(find("c"), join(folder, "c"));
    assert.equal(find("c \n"), join(folder, "c"));
  });
});

Deno.test("signs that shells expand are plain characters of a name", () => {
  withFiles(["b[1]*?.x86_64", "b1.x86_64"], (folder) => {
    assert.equal(
      findExecutable(join(folder, "b[1]*?"), "linux"),
      join(folder, "b[1]*?.x86_64"),
    );
    refused(join(folder, "b*"), /no such Unity player/);
  });
});

Deno.test("macOS: the program inside the app", () => {
  withFiles([
    "Game.app/Contents/MacOS/Game",
    "Old.app/Contents/MacOS/Renamed",
    "tool",
  ], (folder) => {
    const find = (name: string) => findExecutable(join(folder, name), "darwin");
    const game = join(folder, "Game.app/Contents/MacOS/Game");
    assert.equal(find("Game"), game);
    assert.equal(find("Game.app"), game);
    assert.equal(
      find("Old"),
      join(folder, "Old.app/Contents/MacOS/Renamed"),
    );
    assert.equal(find("tool"), join(folder, "tool"));
  });
});

Deno.test("Windows: the file or the program in a folder", () => {
  withFiles([
    "Game.exe",
    "Build/UnityCrashHandler64.exe",
    "Build/Walker.exe",
  ], (folder) => {
    const find = (name: string) =>
      findExecutable(join(folder, name), "windows");
    assert.equal(find("Game"), join(folder, "Game.exe"));
    assert.equal(find("Game.exe"), join(folder, "Game.exe"));
    assert.equal(find("Build"), join(folder, "Build/Walker.exe"));
  });
});

Deno.test("what is not there gets a suggestion", () => {
  withFiles(["3DBall.x86_64"], (folder) => {
    refused(join(folder, "3DBal.x86_64"), /Did you mean .*3DBall\.x86_64/);
    refused(join(folder, "no/such"), /no folder .*no either/);
    refused(join(folder, "3DBall.x86_64/x"), /no such Unity player/);
  });
});

Deno.test("endings of all systems are taken off, at the end only", () => {
  withFiles([
    "my.app.x86_64 builds/a.x86_64",
    "b.x86",
    "c",
    ".x86_64",
  ], (folder) => {
    const find = (name: string) => findExecutable(join(folder, name), "linux");
    const a = "my.app.x86_64 builds/a";
    for (const ending of ["", ".exe", ".app", ".x86", ".x86_64", ".EXE"]) {
      assert.equal(find(a + ending), join(folder, `${a}.x86_64`));
    }
    assert.equal(find("b.x86_64"), join(folder, "b.x86"));
    assert.equal(find("c.app"), join(folder, "c"));
    assert.equal(find(".x86_64"), join(folder, ".x86_64"));
    refused(join(folder, "my builds/a"), /no folder/);
  });
});

Deno.test("a folder stands for the only player in it", () => {
  withFiles([
    "One/Game.x86_64",
    "One/UnityPlayer.so",
    "One/Game_Data/boot.config",
    "Plain/Game",
    "Plain/Game_Data/boot.config",
    "Plain/notes.txt",
    "Two/A.x86_64",
    "Two/B.x86_64",
    "Empty/readme.txt",
    "Empty/x_Data/x",
    "Mac/Game.app/Contents/MacOS/Game",
  ], (folder) => {
    const find = (name: string) => findExecutable(join(folder, name), "linux");
    assert.equal(find("One"), join(folder, "One/Game.x86_64"));
    assert.equal(find("One/"), join(folder, "One/Game.x86_64"));
    assert.equal(find("One.exe"), join(folder, "One/Game.x86_64"));
    assert.equal(find("Plain"), join(folder, "Plain/Game"));
    refused(
      join(folder, "Two"),
      /more than one.*A\.x86_64, B\.x86_64[^]*Two\/A\.x86_64 or .*Two\/B/,
    );
    refused(join(folder, "Empty"), /is a folder[^]*that Unity's build/);
    assert.equal(
      findExecutable(join(folder, "Mac"), "darwin"),
      join(folder, "Mac/Game.app/Contents/MacOS/Game"),
    );
  });
});

Deno.test("a program for another machine is refused", () => {
  withFiles(["Game.exe", "Game.x86_64"], (folder) => {
    const header = new Uint8Array(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    header[18] = 22;
    Deno.writeFileSync(join(folder, "Game.x86_64"), header);
    if (Deno.build.os !== "linux") return;
    refused(join(folder, "Game"), /made for another machine.*machine 22;/);
  });
});

Deno.test("a file without permission to run says how to give it", () => {
  withFiles(["Game.x86_64"], (folder) => {
    const path = join(folder, "Game.x86_64");
    Deno.chmodSync(path, 0o644);
    refused(path, /may not be executed[^]*chmod \+x ".*Game\.x86_64"/);
  });
});

Deno.test("all places are known where it is looked for", () => {
  assert.deepEqual(executablePlaces(" b/Game ", "linux"), [
    "b/Game",
    "b/Game.x86_64",
    "b/Game.x86",
  ]);
  assert.deepEqual(executablePlaces("Game.app/", "linux"), [
    "Game.app",
    "Game.x86_64",
    "Game.x86",
    "Game",
  ]);
  assert.deepEqual(executablePlaces("Game", "darwin"), ["Game", "Game.app"]);
  assert.deepEqual(executablePlaces("Game", "windows"), ["Game", "Game.exe"]);
});
