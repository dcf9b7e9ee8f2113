import assert from "node:assert/strict";
import {
  AgentInfo,
  Observation,
  unpacked,
  WireType,
} from "../../../../lib/env/unity/messages/tags.ts";

Deno.test("a tag is the field's number and its wire type", () => {
  assert.equal(AgentInfo.id, 80); // field 10, varint
  assert.equal(AgentInfo.reward, 61); // field 7, 4 bytes
  assert.equal(Observation.name, 66); // field 8, bytes
});

Deno.test("single elements of a list have the list's field number", () => {
  const { actionMask } = AgentInfo;
  assert.equal(unpacked(actionMask, WireType.varint), 88);
  assert.equal(unpacked(actionMask, WireType.fixed32), 93);
});
