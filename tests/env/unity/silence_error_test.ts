import assert from "node:assert/strict";
import {
  type Silence,
  silenceError,
} from "../../../lib/env/unity/silence_error.ts";

const connected: Silence = {
  port: 5005,
  timeoutWait: 60,
  hasConnected: true,
  process: null,
};

/** The error for a process that used so much time, and is stopped or not. */
function ofProcess(
  silence: Silence,
  processorSeconds: number,
  isStopped = false,
  isRunning = false,
) {
  const before = { processorSeconds: 7, isRunning, isStopped: false };
  const after = {
    processorSeconds: 7 + processorSeconds,
    isRunning,
    isStopped,
  };
  return silenceError({ ...silence, process: { pid: 42, before, after } });
}

Deno.test("silence is a reason that programs can tell", () => {
  assert.equal(silenceError(connected).reason, "silent");
  const absent = { ...connected, hasConnected: false };
  assert.equal(silenceError(absent).reason, "silent");
});

Deno.test("what the process did is in the message, with what helps", () => {
  const cases: [number, boolean, RegExp][] = [
    [
      31,
      false,
      /silent for 60 s \(found .*42 was busy: 31 s of.*raise --time/s,
    ],
    [29, false, /process 42 was idle: 29 s of processor.*wait for input/s],
    [0.25, false, /was idle: 0\.3 s of processor time/],
    [31, true, /process 42 is stopped\).*kill -CONT -- -42$/s],
  ];
  for (const [seconds, isStopped, message] of cases) {
    const error = ofProcess(connected, seconds, isStopped);
    assert.match(error.message, message);
    assert(!error.message.includes("undefined"));
  }
});

Deno.test("a process that gets no processor is busy all the same", () => {
  const { message } = ofProcess(connected, 3, false, true);
  assert.match(message, /was busy: 3\.0 s of processor time.*raise --time/s);
});

Deno.test("without a word from the player there is advice for its start", () => {
  const absent = { ...connected, hasConnected: false };
  assert.match(
    ofProcess(absent, 50).message,
    /No Unity player has connected to port 5005 within 60 s.*busy.*raise.*Check that.*behavior type.*--no-graphics/s,
  );
  assert.match(ofProcess(absent, 0, true).message, /stopped.*-CONT.*Check/s);
  assert.match(silenceError(absent).message, /Press Play in the Unity Editor/);
});

Deno.test("an unknown activity is left out", () => {
  const process = { pid: 42, before: null, after: null };
  const { message } = silenceError({ ...connected, process });
  assert.match(message, /silent for 60 s\n.*wait for input.*Raise --timeout/);
  assert(!message.includes("found"));
});
