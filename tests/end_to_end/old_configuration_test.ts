/** A configuration of 2018 from the command line: trained with, and upgraded. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, runCommand } from "../support/command.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

const old = `default:
    trainer: ppo
    batch_size: 32
    beta: 5.0e-3
    buffer_size: 64
    epsilon: 0.2
    gamma: 0.9
    hidden_units: 8
    lambd: 0.95
    learning_rate: 3.0e-4
    max_steps: 2e2
    memory_size: 256
    normalize: false
    num_epoch: 1
    num_layers: 1
    time_horizon: 3
    sequence_length: 64
    summary_freq: 100
    use_recurrent: false

Basic:
    hidden_units: 4  # enough
`;

Deno.test("an old configuration trains as it is, and upgraded the same", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "old.yaml"), old);
    const options = ["--env=sim:Basic", "--seed=1"];
    const first = await runCommand(
      ["old.yaml", ...options, "--run-id=a", "--train", "--slow"],
      folder,
    );
    assert.equal(first.code, 0, first.errors);
    assert.match(first.errors, /^warning: --slow: is called --time-scale 1/m);
    const notice = (first.output + first.errors).split("\n").filter((line) =>
      line.includes("upgraded in memory")
    );
    assert.equal(notice.length, 1);
    assert.match(notice[0], /old\.yaml: a configuration of ML-Agents 0\.3 to/);

    const written = await runCommand(
      ["upgrade", "old.yaml", "-o", "new.yaml"],
      folder,
    );
    assert.equal(written.code, 0, written.errors);
    assert.match(
      written.output,
      /^old\.yaml:22: Basic\.hidden_units -> behaviors\.Basic\.network_settings\.hidden_units$/m,
    );
    const text = await Deno.readTextFile(join(folder, "new.yaml"));
    assert.match(text, /^ {6}hidden_units: 4 # enough$/m);
    const second = await runCommand(
      ["new.yaml", ...options, "--run-id=b"],
      folder,
    );
    assert.equal(second.code, 0, second.errors);
    assert.doesNotMatch(second.output, /upgraded in memory/);
    const rewards = (output: string) => output.match(/Mean Reward: \S+/g);
    assert.equal(rewards(first.output)?.length, 2);
    assert.deepEqual(rewards(first.output), rewards(second.output));

    const again = await runCommand(
      ["upgrade", "old.yaml", "-o", "new.yaml"],
      folder,
    );
    assertFailure(again, 1, /new\.yaml: exists already/);
  }));
