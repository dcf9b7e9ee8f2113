/** Files that are no configurations: each is answered with what is wrong. */
import assert from "node:assert/strict";
import { loadSettings } from "../../lib/settings/load_settings.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";
import { refusal } from "./messages.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const files: Record<string, { bytes: Uint8Array; answer: RegExp }> = {
  "nothing": { bytes: utf8(""), answer: /^has no settings in it/ },
  "only comments": { bytes: utf8("# later\n"), answer: /^has no settings/ },
  "random bytes": {
    bytes: Uint8Array.from({ length: 5000 }, (_, i) => i * i * 31 % 251),
    answer: /^is not a text in UTF-8/,
  },
  "Latin 1": {
    bytes: new Uint8Array([...utf8("behaviors: {K"), 0xf6, ...utf8("ln: {}}")]),
    answer: /^is not a text in UTF-8/,
  },
  "UTF-16": {
    bytes: new Uint8Array([0xff, 0xfe, 0x61, 0, 0x3a, 0]),
    answer: /^is not a text in UTF-8/,
  },
};

for (const [name, { bytes, answer }] of Object.entries(files)) {
  Deno.test(`a file with ${name}`, () =>
    inTemporaryFolder(async (folder) => {
      const path = `${folder}/run.yaml`;
      await Deno.writeFile(path, bytes);
      await assert.rejects(loadSettings(path), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.ok(error.message.startsWith(`${path}: `), error.message);
        assert.match(error.message.slice(path.length + 2), answer);
        return true;
      });
    }));
}

/** As large as a file may be, of one thing over and over. */
const most = (piece: string) => piece.repeat(64 * 1024 / piece.length);
const bomb = Array.from(
  { length: 9 },
  (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1},`.repeat(9) : "x"}]\n`,
).join("");

const texts: Record<string, RegExp> = {
  [most("a")]: /wrong kind of value \(found "a{59}…"/,
  [most("[")]: /too much nesting/,
  [most("- ")]: /too much nesting/,
  [`a: ${"[".repeat(100)}${"]".repeat(100)}`]: /too much nesting/,
  [bomb]: /too many values for a configuration/,
  "a: &a [*a]": /too much nesting/,
  ["[" + most(",")]: /Unexpected , in flow sequence/,
  [most("*a ")]: /Unexpected alias/,
  [most('"')]: /no valid YAML: Unexpected double-quoted-scalar/,
  [most("!")]: /no valid YAML: .{160}$/,
  [most("a: ")]: /Nested mappings are not allowed/,
  [most("---\n")]: /run\.yaml:2:1: a second document begins here/,
  "behaviors:\n\tA:\n\t\tmax_steps: 3": /run\.yaml:2:1: a tab where YAML wants/,
  "- a": /wrong kind of value \(found a list; allowed: a mapping with/,
  "hello": /run\.yaml:1:1: wrong kind of value \(found "hello"/,
  "a: !!js/function 'x'": /a: unknown key/,
};

for (const [text, answer] of Object.entries(texts)) {
  Deno.test(`the text ${JSON.stringify(text.slice(0, 20))}`, () => {
    assert.match(refusal(text), answer);
  });
}

/** Settings of a behavior and what is wrong with their numbers. */
const numbers: Record<string, RegExp> = {
  "max_steps: .nan": /max_steps: wrong kind of value \(found NaN; allowed: a/,
  "max_steps: .inf": /max_steps: wrong kind of value \(found Infinity;/,
  "max_steps: 1e400": /max_steps: wrong kind of value \(found Infinity;/,
  "max_steps: 1e300": /max_steps: out of range .* 1 or more, below 2\^53\)/,
  "max_steps: -5": /max_steps: out of range \(found -5; allowed: a whole/,
  "summary_freq: 0": /summary_freq: out of range \(found 0;/,
  "hyperparameters: {learning_rate: -3e-4}": /found -0\.0003; allowed: a numb/,
  "hyperparameters: {learning_rate: .nan}": /found NaN; allowed: a number abo/,
  "hyperparameters: {beta: 1e39}": /beta: out of range .* within 3\.4e38 of 0/,
  "hyperparameters: {batch_size: 1e12}": /a buffer smaller than a minibatch/,
  "hyperparameters: {num_epoch: 1.5}": /num_epoch: not a whole number/,
  "network_settings: {hidden_units: 1e9}": /units from 1 to 65536/,
  "network_settings: {num_layers: -1}": /num_layers: out of range/,
  "reward_signals: {extrinsic: {gamma: 1.01}}": /gamma: out of range/,
  "reward_signals: {extrinsic: {strength: .inf}}": /strength: wrong kind/,
};

for (const [setting, answer] of Object.entries(numbers)) {
  Deno.test(`the number in ${setting}`, () => {
    assert.match(refusal(`behaviors: {A: {${setting}}}`), answer);
  });
}

const places: Record<string, RegExp> = {
  "environment_parameters: {mass: .nan}": /mass: wrong kind .*\(found NaN/,
  "environment_parameters: {mass: 1e39}": /mass: out of range/,
  "checkpoint_settings: {run_id: .inf}": /run_id: wrong kind of value/,
  "checkpoint_settings: {run_id: ../../x}": /leads to another folder/,
  "checkpoint_settings: {run_id: /etc}": /leads to another folder/,
  'checkpoint_settings: {results_dir: "a\\0b"}': /contains a zero character/,
  'env_settings: {env_path: "a\\0b"}': /contains a zero character/,
  "behaviors: {Ball: {}, ball: {}}": /differs from another behavior by case/,
  "behaviors: {__proto__: {}}": /cannot be a key/,
};

for (const [text, answer] of Object.entries(places)) {
  Deno.test(`the setting ${text}`, () => assert.match(refusal(text), answer));
}

Deno.test("behaviors with names that are no folders", () => {
  const names = ["a/b", "a\\b", ".", "..", "a\u0007b", "", "x".repeat(300)];
  for (const name of names) {
    const message = refusal(`behaviors: {${JSON.stringify(name)}: {}}`);
    assert.match(message, /^run\.yaml:1:13: behaviors\..*the behavior's name /);
  }
});

Deno.test("no control character of a file reaches the terminal", () => {
  for (const name of ["\x1b[2J", "\x07", "\x9b2J", "\x7f"]) {
    const key = JSON.stringify(name);
    const texts = [
      `behaviors: {${key}: ${key}}`,
      `${name}: [${name}`,
      `a: *${name}`,
    ];
    for (const text of texts) {
      assert.doesNotMatch(refusal(text), /[^\P{Cc}\n]/u);
    }
  }
});
