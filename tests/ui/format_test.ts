import assert from "node:assert/strict";
import {
  fitColumns,
  formatCount,
  formatDuration,
  formatRate,
} from "../../lib/ui/format.ts";

Deno.test("formatCount groups by three digits", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [123456, "123,456"],
    [1234567.6, "1,234,568"],
    [-1234, "-1,234"],
  ];
  for (const [count, text] of cases) assert.equal(formatCount(count), text);
});

Deno.test("formatDuration shows the two largest units", () => {
  const cases: [number, string][] = [
    [-1, "0 s"],
    [0.4, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 0 s"],
    [125, "2 min 5 s"],
    [3599.7, "1 h 0 min"],
    [11220, "3 h 7 min"],
    [90000, "1 d 1 h"],
    [Infinity, "?"],
    [NaN, "?"],
  ];
  for (const [seconds, text] of cases) {
    assert.equal(formatDuration(seconds), text);
  }
});

Deno.test("formatRate has a decimal for small rates only", () => {
  assert.equal(formatRate(0), "0.0");
  assert.equal(formatRate(9.94), "9.9");
  assert.equal(formatRate(9.96), "10");
  assert.equal(formatRate(25312.4), "25,312");
});

Deno.test("fitColumns cuts by characters and says so", () => {
  assert.equal(fitColumns("abc", 3), "abc");
  assert.equal(fitColumns("abcd", 3), "ab…");
  assert.equal(fitColumns("🎈🎈🎈", 3), "🎈🎈🎈");
  assert.equal(fitColumns("🎈🎈🎈", 2), "🎈…");
  assert.equal(fitColumns("abc", 0), "…");
});
