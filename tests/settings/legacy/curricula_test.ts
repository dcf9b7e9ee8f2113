import assert from "node:assert/strict";
import { resolveSettings } from "../../../lib/settings/resolve_settings.ts";
import { refusal, upgrade, upgraded } from "./upgrading.ts";

const text = `
Cat:
  measure: progress
  thresholds: [0.1, 0.3]
  min_lesson_length: 100
  signal_smoothing: false
  parameters:
    wall: [1.5, 2.0, 4.0]
    gap: [3, 2, 1]
`;

Deno.test("each parameter gets the lessons of its brain", () => {
  const criteria = (threshold: number) => ({
    behavior: "Cat",
    measure: "progress",
    signal_smoothing: false,
    min_lesson_length: 100,
    threshold,
    require_reset: true,
  });
  const lessons = (first: number, second: number, last: number) => ({
    curriculum: [
      {
        name: "Lesson0",
        completion_criteria: criteria(0.1),
        value: first,
      },
      {
        name: "Lesson1",
        completion_criteria: criteria(0.3),
        value: second,
      },
      { name: "Lesson2", value: last },
    ],
  });
  assert.deepEqual(upgraded(text), {
    environment_parameters: {
      wall: lessons(1.5, 2, 4),
      gap: lessons(3, 2, 1),
    },
  });
});

Deno.test("what is not written has the default of 0.17", () => {
  const { environment_parameters } = Object(
    upgraded("Cat: {thresholds: [1], parameters: {p: [1, 2]}}"),
  );
  assert.deepEqual(environment_parameters.p.curriculum[0].completion_criteria, {
    behavior: "Cat",
    measure: "reward",
    signal_smoothing: true,
    min_lesson_length: 0,
    threshold: 1,
    require_reset: true,
  });
});

Deno.test("a mistake in a lesson is found in the old file", () => {
  const wrong = upgrade(text.replace("0.3]", "3]"));
  assert.throws(
    () => resolveSettings(wrong.value, {}, wrong),
    /old\.yaml:4:21: .*curriculum\[1\]\.completion_criteria\.threshold/,
  );
});

Deno.test("lists must fit each other", () => {
  assert.match(
    refusal(text.replace("[3, 2, 1]", "[3, 2]")),
    /old\.yaml:9:10: Cat\.parameters\.gap: wrong length \(found 2 values; allowed: a list of 3 values, one more than there are thresholds\)/,
  );
  assert.match(
    refusal(text.replace("[0.1, 0.3]", "0.1")),
    /Cat\.thresholds: wrong kind of value \(allowed: a list of numbers\)/,
  );
  assert.match(
    refusal(text.replace("[3, 2, 1]", "3")),
    /Cat\.parameters\.gap: wrong kind of value/,
  );
  assert.match(
    refusal(`${text}Dog: {measure: reward}\n`),
    /old\.yaml:10:6: Dog: no curriculum/,
  );
});
