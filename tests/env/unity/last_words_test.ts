import assert from "node:assert/strict";
import { join } from "node:path";
import { lastWords, readLogEnd } from "../../../lib/env/unity/last_words.ts";
import { inTemporaryFolder } from "../../util/temporary_folder.ts";

/** `count` lines of no interest. */
const lines = (count: number, word = "line") =>
  Array.from({ length: count }, (_, i) => `${word} ${i}`);

const quoted = (parts: readonly string[]) => lastWords(parts.join("\n"));

Deno.test("the last twelve lines of a text", () => {
  assert.equal(quoted(lines(20)), lines(20).slice(8).join("\n"));
  assert.equal(lastWords("a  \r\nb\n\n"), "a\nb");
  assert.equal(lastWords(""), "");
});

Deno.test("the beginning of a crash report comes first", () => {
  const text = [...lines(3), "Crash!!!", ...lines(40, "frame"), "end"];
  assert.equal(
    quoted(text),
    [
      ...["Crash!!!", ...lines(7, "frame"), "..."],
      ...text.slice(-12),
    ].join("\n"),
  );
  const signal = ["Caught fatal signal - signo:11", ...lines(12, "#")];
  assert.equal(quoted([...lines(9), ...signal]), signal.join("\n"));
});

Deno.test("the last exception counts, unless the engine crashed", () => {
  const exception = "NullReferenceException: Object reference not set";
  const text = [exception, ...lines(9), `System.IO.${exception}`, ...lines(30)];
  assert.match(quoted(text), /^System\.IO\.Null.*\nline 0\n[^]*\n\.\.\.\n/);
  assert.match(quoted(["Crash!!!", ...text]), /^Crash!!!\nNullRef/);
  // Names with the word in them are no exceptions.
  const harmless = "UnityEngine.UnhandledExceptionHandler:Register()";
  assert.equal(quoted([harmless, ...lines(20)]).split("\n").length, 12);
});

Deno.test("what stands in the last lines is not said twice", () => {
  for (const count of [0, 3, 11, 12, 15, 19, 20]) {
    const said = quoted([...lines(5), "Crash!!!", ...lines(count, "frame")]);
    assert.equal(said.match(/Crash!!!/g)?.length, 1, `${count} frames`);
    assert.equal(said.includes("..."), count > 19, `${count} frames`);
    for (const line of lines(count, "frame").slice(-12)) {
      assert.equal(said.split("\n").filter((l) => l === line).length, 1);
    }
  }
});

Deno.test("the end of a long log, nothing where there is no log", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "Player.log");
    assert.equal(readLogEnd(path), "");
    Deno.writeTextFileSync(path, "x".repeat(100_000) + "end");
    const end = readLogEnd(path);
    assert.equal(end.length, 64 * 1024);
    assert(end.endsWith("xend"));
    assert.equal(readLogEnd(folder), "");
    assert.equal(readLogEnd("/dev/full"), "");
  }));
