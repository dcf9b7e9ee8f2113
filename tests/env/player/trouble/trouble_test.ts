import assert from "node:assert/strict";
import { ExitCode, UserError } from "../../../../lib/errors.ts";
import { parseTrouble } from "../../../../lib/env/player/trouble/trouble.ts";

Deno.test("trouble has a kind, a value, a moment and limits", () => {
  const all = { worker: null, start: null };
  const cases: [string, object][] = [
    ["delay:2.5@ready", { kind: "delay", value: "2.5", moment: "ready" }],
    ["delay:0.1@5+", {
      kind: "delay",
      value: "0.1",
      moment: 5,
      repeats: true,
    }],
    ["delay", { kind: "delay", value: "forever", moment: 1 }],
    ["crash@reset", { kind: "crash", value: "1", moment: "reset" }],
    ["crash:SIGSEGV@hello", {
      kind: "crash",
      value: "SIGSEGV",
      moment: "hello",
    }],
    ["crash-in-call:255@7,worker=2,start=1", {
      kind: "crash-in-call",
      value: "255",
      moment: 7,
      worker: 2,
      start: 1,
    }],
    ["big:6@3", { kind: "big", value: "6", moment: 3 }],
    ["big", { kind: "big", value: "4", moment: 1 }],
    ["ignore-quit,worker=0", {
      kind: "ignore-quit",
      value: "",
      moment: 1,
      worker: 0,
    }],
  ];
  for (const [text, expected] of cases) {
    assert.deepEqual(
      parseTrouble(text),
      { repeats: false, ...all, ...expected, text },
    );
  }
});

Deno.test("what cannot be read is refused with what can", () => {
  const cases: [string, RegExp][] = [
    ["", /found ""; allowed: delay, crash/],
    ["crsh@3", /found "crsh".*\n.*Did you mean crash\?/],
    ["delay:soon", /found "soon"; allowed: seconds, or forever/],
    ["crash:256", /an exit code from 0 to 255, SIGSEGV/],
    ["crash:SIGTERM", /SIGKILL or SIGABRT/],
    ["close:1", /found "1"; allowed: no value/],
    ["close@hello", /found @hello; allowed: ready, reset, a message's number/],
    ["cut@ready", /found @ready; allowed: a message's number, 5 or 5\+/],
    ["crash@5+", /found @5\+; allowed: hello, ready, reset/],
    ["crash@0", /found @0/],
    ["ignore-quit@5", /found @5; allowed: no moment/],
    ["crash@3,wroker=1", /found "wroker=1"; allowed: worker=N, start=N/],
    ["crash@3,worker=", /found "worker="/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseTrouble(text), (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      assert(error.message.startsWith(`--trouble ${text}: cannot be read`));
      assert.equal(error.exitCode, ExitCode.usage);
      return true;
    });
  }
});
