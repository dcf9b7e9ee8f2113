import assert from "node:assert/strict";
import { refusal, upgraded } from "./upgrading.ts";

Deno.test("a name in place of a section, over any number of names", () => {
  const { behaviors } = Object(
    upgraded("Dog: Wolf\nWolf: Cat\nCat: {trainer: ppo, beta: 0.5}"),
  );
  assert.deepEqual(Object.keys(behaviors), ["Dog", "Wolf", "Cat"]);
  assert.deepEqual(behaviors.Dog, behaviors.Cat);
  assert.equal(behaviors.Wolf.hyperparameters.beta, 0.5);
});

Deno.test("default may be meant", () => {
  const { default_settings, behaviors } = Object(
    upgraded("default: {trainer: ppo, beta: 0.5}\nDog: default"),
  );
  assert.equal(default_settings.hyperparameters.beta, 0.5);
  assert.deepEqual(behaviors, { Dog: {} });
});

Deno.test("names in a circle", () => {
  assert.equal(
    refusal("A: {trainer: ppo}\nDog: Wolf\nWolf: Fox\nFox: Wolf\n"),
    "old.yaml:4:6: Fox: refers to itself (found Dog -> Wolf -> Fox -> Wolf; " +
      "allowed: a mapping of trainer settings, or the name of a section)\n" +
      "    Fox: Wolf\n         ^",
  );
});

Deno.test("names of nothing, and what is no name", () => {
  assert.equal(
    refusal("Wolf: {trainer: ppo}\nDog: Wofl\nCat: 3\n"),
    "old.yaml:2:6: Dog: there is no section of that name (found " +
      '"Wofl"; allowed: a mapping of trainer settings, or the name of a ' +
      "section)\n    Dog: Wofl\n         ^\n  Did you mean Wolf?\n" +
      "old.yaml:3:6: Cat: wrong kind of value (found 3; allowed: a mapping " +
      "of trainer settings, or the name of a section)\n    Cat: 3\n         ^",
  );
});
