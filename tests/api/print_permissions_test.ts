import assert from "node:assert/strict";
import { join } from "node:path";
import { printPermissions } from "../../lib/api/print_permissions.ts";
import { writePlayerWrapper } from "../../lib/env/player/player_wrapper.ts";
import { type Outcome, toOutcome } from "../support/command.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

/** What is printed for a run, line by line. */
async function printed(words: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  await printPermissions({ kind: "permissions", words }, {
    print: (text) => lines.push(...text.split("\n")),
    complain: assert.fail,
  });
  return lines;
}

/** Runs a printed command as a shell does, without anybody to ask. */
async function runLines(lines: readonly string[]): Promise<Outcome> {
  const command = lines.join("\n")
    .replace("deno run", `'${Deno.execPath()}' run --no-prompt --no-check`);
  return toOutcome(
    await new Deno.Command("sh", {
      args: ["-c", command],
      env: { NO_COLOR: "1" },
    }).output(),
  );
}

/** Words that train for a few steps. */
function shortRun(folder: string): string[] {
  const file = join(folder, "short.yaml");
  Deno.writeTextFileSync(
    file,
    "behaviors:\n  Basic:\n    max_steps: 300\n    summary_freq: 300\n" +
      "    hyperparameters: {batch_size: 32, buffer_size: 128}\n",
  );
  return [file, `--results-dir=${folder}/my results`, "--run-id=a"];
}

Deno.test("every permission has its reason in a comment", async () => {
  await inTemporaryFolder(async (folder) => {
    const lines = await printed([...shortRun(folder), "--env=sim:Basic"]);
    const comments = lines.filter((line) => line.startsWith("# "));
    const names = comments.map((line) => line.split(" ")[1]);
    assert.deepEqual([...new Set(names)], [
      "read",
      "env",
      "write",
      "sys",
      "ffi",
    ]);
    for (const comment of comments) assert.match(comment, /: \w+/);
    assert.equal(
      lines.at(-1),
      `  cli.ts ${folder}/short.yaml '--results-dir=${folder}/my results' ` +
        "--run-id=a --env=sim:Basic",
    );
  });
});

Deno.test("a simulator trains with that line, and with nothing less", async () => {
  await inTemporaryFolder(async (folder) => {
    const lines = await printed([...shortRun(folder), "--env=sim:Basic"]);
    for (const [i, line] of lines.entries()) {
      if (!line.includes("--allow-")) continue;
      const { code, errors } = await runLines(lines.toSpliced(i, 1));
      assert.equal(code, 1, line);
      // The cure is the flag that was left out, or what of it is known before
      // the configuration is read.
      const [, cure] = /^ {2}Start it with (--allow-\w+=.+)$/m.exec(errors) ??
        [];
      assert.ok(cure && line.includes(cure), errors);
      assert.deepEqual(
        [...Deno.readDirSync(folder)].map(({ name }) => name),
        ["short.yaml"],
      );
    }
    const { code, output, errors } = await runLines(lines);
    assert.equal(code, 0, errors);
    assert.match(output, /Finished/);
  });
});

Deno.test("a model that acts may be read, and nothing be written", async () => {
  const words = ["--env=sim:Basic", "--inference", "--model=A=m.onnx"];
  const lines = await printed(words);
  assert.ok(lines.includes("# read m.onnx: a model to act with"));
  assert.ok(!lines.some((line) => line.includes("--allow-write")));
});

Deno.test("a served player trains with that line", async () => {
  await inTemporaryFolder(async (folder) => {
    const player = join(folder, "player.sh");
    await writePlayerWrapper(player, "sim:Basic");
    const words = [...shortRun(folder), `--env=${player}`, "--base-port=6711"];
    const lines = await printed(words);
    assert.ok(lines.includes(`  --allow-run=${player} \\`), lines.join("\n"));
    const { code, output, errors } = await runLines(lines);
    assert.equal(code, 0, errors);
    assert.match(output, /Finished/);
  });
});

Deno.test("with that line players cannot have other ports", async () => {
  await inTemporaryFolder(async (folder) => {
    const player = join(folder, "player.sh");
    await writePlayerWrapper(player, "sim:Basic");
    const holder = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = holder.addr;
    const words = [
      ...[...shortRun(folder), `--env=${player}`, "--num-envs=2"],
      `--base-port=${port - 1}`,
    ];
    const lines = await printed(words);
    const net = `--allow-net=127.0.0.1:${port - 1},[::1]:${port - 1},` +
      `127.0.0.1:${port},[::1]:${port}`;
    assert.ok(lines.some((line) => line.includes(net)), lines.join("\n"));
    const { code, errors } = await runLines(lines);
    holder.close();
    assert.equal(code, 1);
    assert.match(
      errors,
      new RegExp(
        `cannot have ports ${port - 1} to ${port}, nor others ` +
          `\\(found Port ${port} is in use\\)\n.*--base-port.*--allow-net`,
      ),
    );
  });
});

Deno.test("wrong words are refused as for training", async () => {
  await assert.rejects(printed(["--seed", "x"]), { name: "UserError" });
  await assert.rejects(printed(["serve", "sim:Basic"]), {
    message: /^serve: is no run/,
  });
});
