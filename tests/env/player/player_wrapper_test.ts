/** Built-in simulators as players in processes of their own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator } from "../../../lib/env/sims/registry.ts";
import { writePlayerWrapper } from "../../../lib/env/player/player_wrapper.ts";
import { UnityEnvironment } from "../../../lib/env/unity/unity_environment.ts";
import { UserError } from "../../../lib/errors.ts";
import { EnvironmentDriver } from "../../support/environment_driver.ts";
import { freePort } from "../unity/fake_player.ts";
import { processesNaming } from "../unity/scripts.ts";

/** Runs `body` with a wrapper in a folder whose name a shell would split. */
async function withWrapper(
  simulator: string,
  body: (path: string, mark: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "it's $HOME " });
  const path = join(folder, "3DBall.x86_64");
  try {
    await writePlayerWrapper(path, simulator);
    // Passed to the player as an argument of the user, to find it again.
    await body(path, `--mark=${folder}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function start(executable: string, mark: string): Promise<UnityEnvironment> {
  return UnityEnvironment.start({
    executable,
    args: [mark],
    basePort: freePort(),
    seed: 4,
    noGraphics: true,
  });
}

Deno.test("a wrapper is an executable file that plays and quits", async () => {
  await withWrapper("sim:3DBall", async (path, mark) => {
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o755);
    const environment = await start(path, mark);
    assert.equal(processesNaming(mark).length, 1);
    const direct = createSimulator("3DBall", { seed: 4 });
    const drivers = [environment, direct].map((e) => new EnvironmentDriver(e));
    for (const driver of drivers) await driver.reset();
    for (let i = 0; i < 100; i++) {
      assert.deepEqual(drivers[0].records(), drivers[1].records());
      for (const driver of drivers) await driver.step();
    }
    await environment.close();
    assert.deepEqual(processesNaming(mark), []);
  });
});

Deno.test("a player that is killed is an error, and nothing stays", async () => {
  await withWrapper("sim:Basic", async (path, mark) => {
    for (const when of ["before the reset", "between steps", "in a step"]) {
      const environment = await start(path, mark);
      const [pid] = processesNaming(mark);
      if (when !== "before the reset") await environment.reset();
      const doomed = async () => {
        if (when !== "in a step") Deno.kill(pid, "SIGKILL");
        for (let i = 0; i < 100_000; i++) {
          if (i === 3 && when === "in a step") Deno.kill(pid, "SIGKILL");
          await environment.step();
        }
      };
      await assert.rejects(
        doomed,
        (error: unknown) =>
          error instanceof UserError && /killed by SIGKILL/.test(error.message),
        when,
      );
      await environment.close();
      assert.deepEqual(processesNaming(mark), []);
    }
  });
});

Deno.test("a wrapper keeps the switches that it was written with", async () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "player.x86_64");
  try {
    const switches = ["--package", "2.0.0", "--trouble", "crash:7@2"];
    await writePlayerWrapper(path, "scene:Vectors", switches);
    const port = freePort();
    const starting = UnityEnvironment.start({
      executable: path,
      basePort: port,
      seed: 1,
    });
    const environment = await starting;
    await environment.reset();
    await assert.rejects(
      async () => await environment.step(),
      /exit code 7/,
    );
    await environment.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a wrapper for an unknown simulator is not written", async () => {
  const folder = Deno.makeTempDirSync();
  await assert.rejects(
    writePlayerWrapper(join(folder, "player"), "sim:4DBall"),
    /Did you mean sim:3DBall/,
  );
  // It was empty.
  Deno.removeSync(folder);
});
