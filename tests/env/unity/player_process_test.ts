import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { PlayerProcess } from "../../../lib/env/unity/player_process.ts";
import { delay } from "./fake_player.ts";
import { isRunning, withScript } from "./scripts.ts";

/** Only its folder is of interest. */
const temporaryFile = Deno.makeTempFileSync();
Deno.removeSync(temporaryFile);

const plain = {
  port: 5005,
  noGraphics: false,
  logFile: null,
  args: [],
};

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

Deno.test("a log of which nothing was written is said", async () => {
  await withScript("exit 1", async (executable, folder) => {
    for (const name of ["none.log", "no/such/folder/Player-0.log", "full"]) {
      const logFile = join(folder, name);
      // A full disk.
      if (name === "full") Deno.symlinkSync("/dev/full", logFile);
      const player = new PlayerProcess({ executable, ...plain, logFile });
      const { message } = await player.exitError();
      assert.match(message, /exit code 1.*\n {2}It has written no log to/);
    }
  });
});

Deno.test({
  name: "of a log that Deno may not read nothing is said but where it is",
  permissions: { run: true, write: true, read: [dirname(temporaryFile)] },
  fn: () =>
    withScript("exit 1", async (executable) => {
      const player = new PlayerProcess({
        executable,
        ...plain,
        logFile: "/elsewhere/Player-0.log",
      });
      const { message } = await player.exitError();
      assert.match(message, /\n {2}Its log: .*elsewhere/);
    }),
});

Deno.test("a player that cannot write its log plays on", async () => {
  const script = 'echo hello > "$4" || echo cannot log >&2; exit 5';
  await withScript(script, async (executable, folder) => {
    const logFile = join(folder, "Player-0.log");
    Deno.symlinkSync("/dev/full", logFile);
    const player = new PlayerProcess({ executable, ...plain, logFile });
    const { message } = await player.exitError();
    assert.match(message, /exit code 5.*error.*cannot log/s);
  });
});

Deno.test("paths are taken as they are, whatever is in them", async () => {
  await withScript("exit 6", async (script, folder) => {
    for (const name of ["a b", "$HOME", "x;y", "q'\"", "-dash", "ü*?[1]"]) {
      const executable = join(folder, name);
      Deno.copyFileSync(script, executable);
      const player = new PlayerProcess({ executable, ...plain });
      assert.equal((await player.exited).code, 6, name);
    }
  });
});

Deno.test("what the system cannot run is said to be so", async () => {
  await withScript("", async (_, folder) => {
    const start = (name: string, content: string) => {
      const executable = join(folder, name);
      Deno.writeTextFileSync(executable, content, { mode: 0o755 });
      return new PlayerProcess({ executable, ...plain });
    };
    assert.throws(() => start("script", "#!/no/such/shell\n"), {
      name: "UserError",
      message: /cannot be started.*script: .*The file is there/s,
    });
    const missing = await start("runs", "#!/bin/sh\nno_such_game").exitError();
    assert.match(missing.message, /code 127.*not found.*could not run it/s);
  });
});

Deno.test("programs that leave the group do not hold us up", async () => {
  const script = 'setsid sleep 100 & echo $! > "$(dirname "$0")/child"; ' +
    "echo farewell >&2; sleep 0.1; exit 3";
  await withScript(script, async (executable, folder) => {
    const player = new PlayerProcess({ executable, ...plain });
    const { message } = await player.exitError();
    assert.match(message, /exit code 3.*farewell/s);
    const child = Number(Deno.readTextFileSync(join(folder, "child")));
    assert(isRunning(child));
    Deno.kill(child, "SIGKILL");
  });
});

Deno.test("a player is asked to end before it is made to", async () => {
  const script = "trap 'echo last save >&2; exit 9' TERM; " +
    'touch "$(dirname "$0")/ready"; while :; do sleep 0.01; done';
  await withScript(script, async (executable, folder) => {
    const player = new PlayerProcess({ executable, ...plain });
    while (!isThere(join(folder, "ready"))) await delay(5);
    await player.stop(0);
    assert.equal((await player.exited).code, 9);
    assert.match((await player.exitError()).message, /last save/);
  });
});

Deno.test("a stopped player ends too", async () => {
  await withScript("exec sleep 100", async (executable) => {
    const player = new PlayerProcess({ executable, ...plain });
    Deno.kill(player.pid, "SIGSTOP");
    await player.stop(0);
    assert(!isRunning(player.pid));
  });
});

Deno.test("a player that does not quit is killed with its children", async () => {
  const script = "trap '' TERM INT; " +
    'sleep 100 & echo $! > "$(dirname "$0")/child"; wait';
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
    player.kill("SIGKILL");
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
      player.kill('SIGKILL');
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
    assert.equal(signal, "SIGTERM", new TextDecoder().decode(stderr));
    assert(!isRunning(Number(pid)));
  });
});

/** Runs a program that starts a player; returns its output. */
async function runProgram(
  executable: string,
  lines: string,
  before = "",
): Promise<string> {
  const module = new URL(
    "../../../lib/env/unity/player_process.ts",
    import.meta.url,
  );
  const program = `
    import { PlayerProcess } from ${JSON.stringify(module.href)};
    ${before}
    const player = new PlayerProcess(${
    JSON.stringify({ executable, ...plain })
  });
    ${lines}`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

const ends = [
  "Deno.exit(0);",
  "setTimeout(() => { throw new Error('mistake'); });",
  "Promise.reject(new Error('mistake'));",
  "throw new Error('mistake');",
];

for (const end of ends) {
  Deno.test(`players do not outlive a program: ${end}`, async () => {
    await withScript("trap '' TERM; sleep 100", async (executable) => {
      const output = await runProgram(
        executable,
        `console.log(player.pid); ${end}`,
      );
      const pid = Number(output);
      assert(pid > 0);
      for (let i = 0; i < 400 && isRunning(pid); i++) await delay(5);
      assert(!isRunning(pid));
    });
  });
}

Deno.test("a mistake that the program survives costs no player", async () => {
  await withScript("exec sleep 100", async (executable) => {
    const output = await runProgram(
      executable,
      `Promise.reject(new Error("mistake"));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await player.stop(0);
      console.log((await player.exited).signal);`,
      "addEventListener('unhandledrejection', (e) => e.preventDefault());",
    );
    assert.equal(output, "SIGTERM");
  });
});

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
