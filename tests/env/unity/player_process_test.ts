import assert from "node:assert/strict";
import { join } from "node:path";
import {
  playerArguments,
  PlayerProcess,
} from "../../../lib/env/unity/player_process.ts";
import { delay } from "./fake_player.ts";
import { isRunning, withScript } from "./scripts.ts";

const plain = {
  port: 5005,
  noGraphics: false,
  logFile: null,
  args: [],
};

Deno.test("arguments come in the order of Unity's own trainer", () => {
  const options = { executable: "x", ...plain, args: ["--a", "b"] };
  assert.deepEqual(playerArguments(options, null), [
    ...["--mlagents-port", "5005"],
    ...["--a", "b"],
  ]);
  assert.deepEqual(
    playerArguments({ ...options, noGraphics: true }, "/log/Player-0.log"),
    [
      ...["-nographics", "-batchmode"],
      ...["--mlagents-port", "5005"],
      ...["-logFile", "/log/Player-0.log"],
      ...["--a", "b"],
    ],
  );
});

Deno.test("a log file that the user has chosen stays", () => {
  const args = ["-LOGFILE", "mine.log"];
  const options = { executable: "x", ...plain, args };
  assert.deepEqual(
    playerArguments(options, "/log/Player-0.log"),
    ["--mlagents-port", "5005", ...args],
  );
});

Deno.test("the player gets its arguments and no proxies", async () => {
  const script = 'echo "$@" > "$(dirname "$0")/out"; ' +
    'env | grep -i "proxy=." >> "$(dirname "$0")/out"; exit 0';
  await withScript(script, async (executable, folder) => {
    Deno.env.set("HTTPS_PROXY", "http://127.0.0.1:9");
    Deno.env.set("grpc_proxy", "http://127.0.0.1:9");
    try {
      const player = new PlayerProcess({ executable, ...plain });
      assert.equal((await player.exited).code, 0);
    } finally {
      Deno.env.delete("HTTPS_PROXY");
      Deno.env.delete("grpc_proxy");
    }
    const output = Deno.readTextFileSync(join(folder, "out"));
    assert.equal(output, "--mlagents-port 5005\n");
  });
});

Deno.test("the end is named: exit code, signal, last words, log", async () => {
  const script = "echo all is lost >&2; exit 3";
  await withScript(script, async (executable) => {
    const player = new PlayerProcess({ executable, ...plain });
    const { message } = await player.exitError();
    assert.match(message, /ended \(found exit code 3\)[^]*all is lost/);
  });
  await withScript("kill -SEGV $$", async (executable) => {
    const player = new PlayerProcess({ executable, ...plain });
    assert.match((await player.exitError()).message, /killed by SIGSEGV/);
  });
  const writeLog = 'for i in $(seq 1 500); do echo "line $i"; done > "$4"';
  await withScript(writeLog, async (executable, folder) => {
    const logFile = join(folder, "Player-0.log");
    const player = new PlayerProcess({ executable, ...plain, logFile });
    const { message } = await player.exitError();
    assert.match(message, /line 500\n.*Its log: .*Player-0\.log/);
    assert(!message.includes("line 100\n"));
  });
});

Deno.test("a player that does not quit is killed with its children", async () => {
  const script = 'sleep 100 & echo $! > "$(dirname "$0")/child"; ' +
    "trap '' TERM INT; wait";
  await withScript(script, async (executable, folder) => {
    const player = new PlayerProcess({ executable, ...plain });
    const childFile = join(folder, "child");
    let child = 0;
    while (!child) {
      await delay(5);
      try {
        child = Number(Deno.readTextFileSync(childFile));
      } catch (error) {
        assert(error instanceof Deno.errors.NotFound);
      }
    }
    assert(isRunning(player.pid) && isRunning(child));
    await player.stop(50);
    assert(!isRunning(player.pid));
    while (isRunning(child)) await delay(5);
    assert.equal((await player.exited).signal, "SIGKILL");
    // Once more does no harm.
    player.kill();
    await player.stop(0);
  });
});

Deno.test("the permission to start it is enough to stop it", async () => {
  await withScript("exec sleep 100", async (executable, folder) => {
    const module = new URL(
      "../../../lib/env/unity/player_process.ts",
      import.meta.url,
    );
    const program = join(folder, "program.ts");
    await Deno.writeTextFile(
      program,
      `
      import { PlayerProcess } from ${JSON.stringify(module.href)};
      const options = ${JSON.stringify({ executable, ...plain })};
      const player = new PlayerProcess(options);
      await player.stop(50);
      player.kill();
      console.log(player.pid, (await player.exited).signal);`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-check"],
        ...[`--allow-read=${folder}`, `--allow-run=${executable}`],
        program,
      ],
    }).output();
    const [pid, signal] = new TextDecoder().decode(stdout).trim().split(" ");
    assert.equal(signal, "SIGKILL", new TextDecoder().decode(stderr));
    assert(!isRunning(Number(pid)));
  });
});

Deno.test("a program that ends takes its players with it", async () => {
  await withScript("exec sleep 100", async (executable) => {
    const module = new URL(
      "../../../lib/env/unity/player_process.ts",
      import.meta.url,
    );
    const program = `
      import { PlayerProcess } from ${JSON.stringify(module.href)};
      const options = ${JSON.stringify({ executable, ...plain })};
      console.log(new PlayerProcess(options).pid);
      Deno.exit(0);`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", program],
    }).output();
    const pid = Number(new TextDecoder().decode(stdout));
    assert(pid > 0);
    for (let i = 0; i < 400 && isRunning(pid); i++) await delay(5);
    assert(!isRunning(pid));
  });
});
