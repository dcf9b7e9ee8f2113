import assert from "node:assert/strict";
import { join } from "node:path";
import { upgradeFile } from "../../lib/api/upgrade_file.ts";
import type { UpgradeCommand } from "../../lib/api/verbs/upgrade_verb.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

const old = `# mine
default: {trainer: ppo, batch_size: 64, buffer_size: 640, gamma: 0.9}
Cat: {max_steps: 5e4}
`;

/** A folder with `old.yaml`, and the verb in it. */
function inFolder(
  text: string,
  body: (
    folder: string,
    run: (more?: Partial<UpgradeCommand>) => Promise<Said>,
  ) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const configPath = join(folder, "old.yaml");
    await Deno.writeTextFile(configPath, text);
    await body(folder, async (more = {}) => {
      const said: Said = { printed: [], complained: [] };
      await upgradeFile(
        { kind: "upgrade", configPath, beside: {}, force: false, ...more },
        {
          print: (line) => said.printed.push(line),
          complain: (line) => said.complained.push(line.replace(folder, "F")),
        },
      );
      return said;
    });
  });
}

interface Said {
  readonly printed: string[];
  readonly complained: string[];
}

Deno.test("without a file the configuration alone is printed", () =>
  inFolder(old, async (_, run) => {
    const { printed, complained } = await run();
    assert.equal(printed.length, 1);
    assert.match(
      printed[0],
      /^# mine\ndefault_settings:\n {2}trainer_type: ppo\n/,
    );
    const { behaviors } = readSettings(printed[0], "new.yaml").settings;
    assert.equal(behaviors.Cat.max_steps, 50_000);
    assert.ok(
      complained.includes(
        "F/old.yaml:2: default.gamma -> " +
          "default_settings.reward_signals.extrinsic.gamma",
      ),
    );
    assert.match(
      complained.at(-1) ?? "",
      /old\.yaml, of ML-Agents 0\.3 to 0\.8: 5 moved, 3 added, 0 dropped, 0 could not be carried over$/,
    );
  }));

Deno.test("with a file the changes are printed", () =>
  inFolder(old, async (folder, run) => {
    const outputPath = join(folder, "new.yaml");
    const { printed } = await run({ outputPath });
    assert.ok(
      printed.some((line) => line.includes("old.yaml:3: Cat.max_steps")),
    );
    assert.match(printed.at(-1) ?? "", /; .*new\.yaml is written$/);
    const text = await Deno.readTextFile(outputPath);
    assert.ok(readSettings(text, "new.yaml").settings.behaviors.Cat);
    assert.deepEqual(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["new.yaml", "old.yaml"],
    );
  }));

Deno.test("no file is replaced unasked, and none by mistakes", () =>
  inFolder(old, async (folder, run) => {
    const outputPath = join(folder, "new.yaml");
    await Deno.writeTextFile(outputPath, "precious");
    await assert.rejects(
      run({ outputPath }),
      /new\.yaml: exists already\n {2}Name another file after -o, or add --force/,
    );
    await Deno.writeTextFile(join(folder, "old.yaml"), `${old}Dog: {beta: x}`);
    await assert.rejects(
      run({ outputPath, force: true }),
      /old\.yaml:4:13: behaviors\.Dog\.hyperparameters\.beta: wrong kind/,
    );
    assert.equal(await Deno.readTextFile(outputPath), "precious");
    await Deno.writeTextFile(join(folder, "old.yaml"), old);
    await run({ outputPath, force: true });
    assert.match(await Deno.readTextFile(outputPath), /^# mine\n/);
  }));

Deno.test("what has today's form stays as it is, to the letter", () =>
  inFolder(
    "behaviors:\n    A: {max_steps: 5e5}  # odd\n",
    async (folder, run) => {
      const outputPath = join(folder, "new.yaml");
      const { printed } = await run({ outputPath });
      assert.match(
        printed.join("\n"),
        /^\S+old\.yaml has today's form; \S+ is written$/,
      );
      assert.equal(
        await Deno.readTextFile(outputPath),
        await Deno.readTextFile(join(folder, "old.yaml")),
      );
    },
  ));

Deno.test("files beside the old one become a part of the new one", () =>
  inFolder(old, async (folder, run) => {
    const curriculum = join(folder, "curricula");
    await Deno.mkdir(curriculum);
    await Deno.writeTextFile(
      join(curriculum, "Cat.json"),
      '{"thresholds": [1], "parameters": {"wall": [1, 2]}}',
    );
    const sampler = join(folder, "sampler.yaml");
    await Deno.writeTextFile(sampler, "mass: {sampler-type: uniform}");
    const { printed } = await run({ beside: { curriculum, sampler } });
    const { settings } = readSettings(printed[0], "new.yaml");
    assert.deepEqual(Object.keys(settings.environment_parameters), [
      "mass",
      "wall",
    ]);
  }));

Deno.test("what cannot be written has its reason", () =>
  inFolder(old, async (folder, run) => {
    await assert.rejects(
      run({ outputPath: join(folder, "nowhere", "new.yaml") }),
      { name: "UserError", message: /cannot write .*nothing there/ },
    );
    await assert.rejects(run({ outputPath: folder }), /exists already/);
    await assert.rejects(run({ outputPath: folder, force: true }), {
      name: "UserError",
    });
  }));

Deno.test("keys that are written twice are named", () =>
  inFolder(`${old}Dog: {beta: 0.1, beta: 0.2}\n`, async (_, run) => {
    const { complained } = await run();
    assert.ok(
      complained.some((line) =>
        /^warning: F\/old\.yaml:4:18: beta is written twice/.test(line)
      ),
      complained.join("\n"),
    );
  }));
