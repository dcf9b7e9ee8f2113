import assert from "node:assert/strict";
import { refusal, upgraded } from "./upgrading.ts";

const curriculum = '{"thresholds": [1], "parameters": {"p": [1, 2]}}';
const oneBrain = "Cat: {trainer: ppo}";
const twoBrains = "Cat: {trainer: ppo}\nDog: {trainer: ppo}";

/** The behavior whose progress the lessons follow. */
function teacher(
  configuration: string,
  curricula: Readonly<Record<string, string>>,
): unknown {
  const { environment_parameters } = Object(
    upgraded(configuration, { curricula }),
  );
  return environment_parameters.p.curriculum[0].completion_criteria.behavior;
}

Deno.test("the file of one brain has the brain's name", () => {
  assert.equal(
    teacher(twoBrains, { "some/where/Dog.json": curriculum }),
    "Dog",
  );
});

Deno.test("with one brain only, its curriculum has any name", () => {
  assert.equal(teacher(oneBrain, { "curriculum.json": curriculum }), "Cat");
});

Deno.test("default may be meant by any other name", () => {
  const configuration = `default: {trainer: ppo}\n${twoBrains}`;
  assert.equal(teacher(configuration, { "Bird.json": curriculum }), "Bird");
});

Deno.test("in a folder every file has its brain's name", () => {
  const other = '{"parameters": {"q": [1]}}';
  const curricula = { "Bird.json": curriculum, "Cat.json": other };
  assert.equal(teacher(oneBrain, curricula), "Bird");
});

Deno.test("a YAML file names its brains itself", () => {
  const curricula = { "any.yaml": `Dog: ${curriculum}` };
  assert.equal(teacher(twoBrains, curricula), "Dog");
});

Deno.test("whose curriculum it is cannot be guessed", () => {
  assert.match(
    refusal(twoBrains, { curricula: { "Brid.json": curriculum } }),
    /Brid\.json:1:1: no behavior has this curriculum's name \(found Brid; allowed: Cat, Dog\)/,
  );
});

Deno.test("what is no curriculum is refused", () => {
  assert.match(
    refusal(oneBrain, { curricula: { "c.json": '{"a": 1}' } }),
    /c\.json:1:1: is no curriculum.*\n.*\n.*\n {2}Today's curricula stand in/,
  );
});
