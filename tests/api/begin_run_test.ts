import assert from "node:assert/strict";
import { beginRun } from "../../lib/api/begin_run.ts";
import { UserError } from "../../lib/errors.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

Deno.test({
  name: "without permissions nothing begins, and all flags are named",
  permissions: { read: ["lib"], sys: ["hostname"] },
  fn: async () => {
    const resolved = resolveSettings({
      behaviors: { Basic: {} },
      env_settings: { env_path: "sim:Basic" },
    });
    const error = await beginRun({
      resolved,
      emit: (event) => assert.fail(JSON.stringify(event)),
      stop: new AbortController().signal,
      commandLine: "",
    }, ["run.yaml"]).then(() => null, (error) => error);
    assert.ok(error instanceof UserError, String(error));
    assert.deepEqual(
      error.problems.map(({ cure }) => cure?.split("=")[0]),
      [
        "Start it with --allow-read",
        "Start it with --allow-env",
        "Start it with --allow-write",
        "Start it with --allow-ffi",
      ],
    );
    assert.equal(
      error.problems[0].cure,
      "Start it with --allow-read=run.yaml,lib,results/ppo",
    );
  },
});
