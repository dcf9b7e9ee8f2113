import assert from "node:assert/strict";
import {
  modelFiles,
  modelFor,
  readModelChoice,
} from "../../lib/api/model_choice.ts";
import { UserError } from "../../lib/errors.ts";

function choiceOf(...words: string[]) {
  const { choice, problems } = readModelChoice(words);
  assert.deepEqual(problems, []);
  return choice;
}

const problemsOf = (...words: string[]) =>
  readModelChoice(words).problems.map(({ what }) => what);

Deno.test("one file acts for all, a named one for its behavior", () => {
  const choice = choiceOf("a.onnx", "Ball=b=c.onnx");
  assert.equal(modelFor(choice, "Ball"), "b=c.onnx");
  assert.equal(modelFor(choice, "Walker"), "a.onnx");
  assert.deepEqual(modelFiles(choice), ["a.onnx", "b=c.onnx"]);
});

Deno.test("behind a slash an equals sign belongs to the path", () => {
  for (const path of ["./a=b.onnx", "/x/a=b.onnx", "c\\a=b.onnx"]) {
    assert.equal(modelFor(choiceOf(path), "Ball"), path);
  }
});

Deno.test("a file that acts for several behaviors is read once", () => {
  assert.deepEqual(modelFiles(choiceOf("A=m.onnx", "B=m.onnx")), ["m.onnx"]);
});

Deno.test("two models for one behavior, and none, are mistakes", () => {
  assert.deepEqual(problemsOf("a.onnx", "b.onnx"), [
    "names two models for the same behaviors",
  ]);
  assert.deepEqual(problemsOf("A=a.onnx", "A=b.onnx"), [
    "names two models for A",
  ]);
  assert.deepEqual(problemsOf("A="), ["names no file"]);
  assert.deepEqual(problemsOf(""), ["names no file"]);
});

Deno.test("a behavior without a model is told which there are", () => {
  const choice = choiceOf("3DBal=a.onnx", "Walker=b.onnx");
  const refuses = (behavior: string, message: RegExp) =>
    assert.throws(
      () => modelFor(choice, behavior),
      (error) => error instanceof UserError && message.test(error.message),
    );
  refuses("3DBall", /3DBall: there is no model.*Is the model for 3DBal meant/s);
  refuses("Crawler", /models for 3DBal, Walker.*--model Crawler=FILE\.onnx/s);
});
