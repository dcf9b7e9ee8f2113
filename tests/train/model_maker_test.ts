import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { makeModelHere, ModelMaker } from "../../lib/train/model_maker.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import { networkKinds } from "../support/network_kinds.ts";

const policyOf = ({ settings, actions, ...options }: typeof kinds[number]) =>
  new ExportedPolicy(settings, actions, options);

const kinds = Object.values(networkKinds);

/** A maker whose thread does the work. */
async function startedMaker(): Promise<ModelMaker> {
  const maker = new ModelMaker();
  const { description, bytes } = policyOf(networkKinds.memory);
  maker.start();
  // Nobody waits for the thread.
  assert.deepEqual(await maker.make(description), bytes);
  while (!maker.isUp) await new Promise((resolve) => setTimeout(resolve, 5));
  return maker;
}

Deno.test("the thread makes the same models as the calling one", async () => {
  const maker = await startedMaker();
  const policies = kinds.map(policyOf);
  // All at once: they come in the order in which they were asked for.
  const models = await Promise.all(
    policies.map(({ description }) => maker.make(description)),
  );
  for (const [i, { bytes, description }] of policies.entries()) {
    assert.deepEqual(models[i], bytes);
    assert.deepEqual(await makeModelHere(description), bytes);
  }
  maker.close();
});

Deno.test("a policy may change as soon as its model is asked for", async () => {
  const maker = await startedMaker();
  const { weights, bytes, description } = policyOf(networkKinds.memory);
  const model = maker.make(description);
  for (const { data } of Object.values(weights)) {
    assert(data instanceof Float32Array);
    data.fill(0);
  }
  assert.deepEqual(await model, bytes);
  assert.notDeepEqual(await maker.make(description), bytes);
  maker.close();
});

Deno.test("what waits when the thread ends is refused, and what comes later", async () => {
  const maker = await startedMaker();
  const { description } = policyOf(networkKinds.simple);
  const waiting = maker.make(description);
  maker.close();
  const outcomes = await Promise.allSettled([
    waiting,
    maker.make(description),
  ]);
  for (const outcome of outcomes) {
    assert(outcome.status === "rejected");
    assert(outcome.reason instanceof UserError);
    assert.match(outcome.reason.message, /models for Unity stopped .*closed/);
  }
});
