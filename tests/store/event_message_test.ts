import assert from "node:assert/strict";
import protobuf from "protobufjs";
import {
  encodeSummaryEvent,
  encodeVersionEvent,
} from "../../lib/store/event_message.ts";

Deno.test("the version event has the bytes worked out by hand", () => {
  assert.deepEqual([...encodeVersionEvent(1)], [
    ...[0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f], // 1: double 1
    ...[0x10, 0], // 2: step 0
    ...[0x1a, 13, ...new TextEncoder().encode("brain.Event:2")],
  ]);
});

Deno.test("a scalar event has the bytes worked out by hand", () => {
  assert.deepEqual(
    [...encodeSummaryEvent(1, 300, [{ tag: "A", scalar: 1 }])],
    [
      ...[0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
      ...[0x10, 0xac, 0x02], // 300
      ...[0x2a, 10], // 5: the summary
      ...[0x0a, 8], // 1: a value
      ...[0x0a, 1, 0x41], // 1: tag
      ...[0x15, 0, 0, 0x80, 0x3f], // 2: float 1
    ],
  );
});

const DEFINITIONS = `syntax = "proto3";
message Event { double wall_time = 1; int64 step = 2; Summary summary = 5; }
message Summary { repeated Value value = 1; }
message Value { string tag = 1; float simple_value = 2; Histogram histo = 5;
  Tensor tensor = 8; Metadata metadata = 9; }
message Histogram { double min = 1; double max = 2; double num = 3;
  double sum = 4; double sum_squares = 5; repeated double bucket_limit = 6;
  repeated double bucket = 7; }
message Tensor { int32 dtype = 1; Shape tensor_shape = 2;
  repeated bytes string_val = 8; }
message Shape { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
message Metadata { PluginData plugin_data = 1; }
message PluginData { string plugin_name = 1; }
`;

Deno.test("histograms and texts decode through the published definitions", () => {
  const type = protobuf.parse(DEFINITIONS, { keepCase: true }).root
    .lookupType("Event");
  const bytes = encodeSummaryEvent(1.5, 2 ** 40, [
    {
      tag: "R_hist",
      histogram: {
        min: -1,
        max: 2,
        count: 3,
        sum: 1.5,
        sumOfSquares: 5.25,
        bucketLimits: [-1, 0, 3],
        bucketCounts: [0, 1, 2],
      },
    },
    { tag: "T", text: "größer\n" },
  ]);
  const event = type.toObject(type.decode(bytes), {
    longs: Number,
    bytes: String,
  });
  assert.deepEqual(event, {
    wall_time: 1.5,
    step: 2 ** 40,
    summary: {
      value: [
        {
          tag: "R_hist",
          histo: {
            min: -1,
            max: 2,
            num: 3,
            sum: 1.5,
            sum_squares: 5.25,
            bucket_limit: [-1, 0, 3],
            bucket: [0, 1, 2],
          },
        },
        {
          tag: "T",
          tensor: {
            dtype: 7,
            tensor_shape: { dim: [{ size: 1 }] },
            string_val: [new TextEncoder().encode("größer\n").toBase64()],
          },
          metadata: { plugin_data: { plugin_name: "text" } },
        },
      ],
    },
  });
});
