import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { fromHere, runPermissions } from "../../lib/api/run_permissions.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { groupPermissions } from "../../lib/util/permissions.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** The flags for a run, but for those that every run needs. */
function flags(
  configuration: RunConfiguration,
  files: readonly string[] = [],
  models: readonly string[] = [],
): string[] {
  const { settings } = resolveSettings(configuration);
  const needed = runPermissions(settings, files, models);
  return groupPermissions(needed).map(({ flag }) => flag)
    .filter((flag) => !flag.startsWith("--allow-ffi="));
}

const simulator = { env_path: "sim:Basic" };

Deno.test("a simulator needs no network, no program and no variable", () => {
  const flagsOf = flags({
    env_settings: simulator,
    checkpoint_settings: { run_id: "a", results_dir: "out" },
  });
  assert.deepEqual(flagsOf, [
    "--allow-read=lib,out/a",
    "--allow-write=out/a",
    "--allow-sys=hostname",
  ]);
});

Deno.test("files of the configuration, and what the YAML reader asks", () => {
  const flagsOf = flags({ env_settings: simulator }, ["a.yaml", "b.json"]);
  assert.deepEqual(flagsOf.slice(0, 2), [
    "--allow-read=a.yaml,b.json,lib,results/ppo",
    "--allow-env=LOG_TOKENS,LOG_STREAM",
  ]);
});

Deno.test("whatever a run starts from is read", () => {
  const flagsOf = flags({
    env_settings: simulator,
    checkpoint_settings: { initialize_from: "old" },
    default_settings: {
      init_path: "saved/first.safetensors",
      behavioral_cloning: { demo_path: "demos" },
    },
    behaviors: {
      C: { init_path: "in_old.safetensors" },
      A: { reward_signals: { gail: { demo_path: "demos" } } },
      B: { reward_signals: { gail: { demo_path: "b.demo" } } },
    },
  });
  assert.equal(
    flagsOf[0],
    "--allow-read=lib,results/ppo,results/old,saved/first.safetensors," +
      "demos,b.demo",
  );
});

Deno.test("acting alone writes nothing", () => {
  const inference = true;
  assert.deepEqual(
    flags({
      env_settings: simulator,
      checkpoint_settings: { inference },
    }),
    ["--allow-read=lib,results/ppo"],
  );
  assert.deepEqual(
    flags({
      env_settings: simulator,
      checkpoint_settings: { inference, initialize_from: "old" },
    }),
    ["--allow-read=lib,results/old"],
  );
});

Deno.test("models that act are all that is read", () => {
  const configuration = {
    env_settings: simulator,
    checkpoint_settings: { inference: true },
    behaviors: { A: { behavioral_cloning: { demo_path: "demos" } } },
  };
  assert.deepEqual(flags(configuration, [], ["a.onnx", "b.onnx"]), [
    "--allow-read=lib,a.onnx,b.onnx",
  ]);
});

Deno.test("the Editor connects to its port, and no program is started", () => {
  assert.deepEqual(flags({}).slice(2), [
    "--allow-sys=hostname",
    "--allow-net=127.0.0.1:5004,[::1]:5004",
  ]);
});

Deno.test("Unity builds: their ports, and this executable alone", async () => {
  await inTemporaryFolder((folder) => {
    const build = join(folder, "game");
    Deno.writeTextFileSync(`${build}.x86_64`, "", { mode: 0o755 });
    const flagsOf = flags({
      env_settings: { env_path: build, base_port: 6000, num_envs: 2 },
    });
    assert.deepEqual(flagsOf.slice(3), [
      "--allow-net=127.0.0.1:6000,[::1]:6000,127.0.0.1:6001,[::1]:6001",
      `--allow-run=${build}.x86_64`,
    ]);
    assert.equal(
      flagsOf[0],
      `--allow-read=lib,results/ppo,${build},${build}.x86_64,${build}.x86`,
    );
  });
});

Deno.test("a variable for the loader takes the permission to run all", async () => {
  await inTemporaryFolder((folder) => {
    const build = join(folder, "game");
    Deno.writeTextFileSync(build, "", { mode: 0o755 });
    Deno.env.set("LD_PRELOAD", "");
    try {
      const flagsOf = flags({ env_settings: { env_path: build } });
      assert.ok(flagsOf.includes("--allow-run"), flagsOf.join(" "));
    } finally {
      Deno.env.delete("LD_PRELOAD");
    }
  });
});

Deno.test("a build that is not there is said at once", () => {
  assert.throws(() => flags({ env_settings: { env_path: "no/game" } }), {
    name: "UserError",
    message: /no such Unity player/,
  });
});

Deno.test("paths below the present folder are written from there", () => {
  assert.equal(fromHere(resolve("lib/api")), "lib/api");
  assert.equal(fromHere("/somewhere/else"), "/somewhere/else");
});
