/**
 * The part of the ONNX file format that we write and read, as protobuf messages.
 * Field numbers: onnx.proto3, ONNX 1.x (IR version 3 and later).
 */
import protobuf from "protobufjs";

const field = (id: number, type: string, rule?: "repeated") =>
  rule ? { id, type, rule } : { id, type };

const messages = protobuf.Root.fromJSON({
  nested: {
    OperatorSetId: {
      fields: { domain: field(1, "string"), version: field(2, "int64") },
    },
    Model: {
      fields: {
        irVersion: field(1, "int64"),
        producerName: field(2, "string"),
        producerVersion: field(3, "string"),
        graph: field(7, "Graph"),
        opsetImport: field(8, "OperatorSetId", "repeated"),
      },
    },
    Graph: {
      fields: {
        node: field(1, "Node", "repeated"),
        name: field(2, "string"),
        initializer: field(5, "Tensor", "repeated"),
        input: field(11, "ValueInfo", "repeated"),
        output: field(12, "ValueInfo", "repeated"),
      },
    },
    Node: {
      fields: {
        input: field(1, "string", "repeated"),
        output: field(2, "string", "repeated"),
        name: field(3, "string"),
        opType: field(4, "string"),
        attribute: field(5, "Attribute", "repeated"),
        domain: field(7, "string"),
      },
    },
    Attribute: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        s: field(4, "bytes"),
        t: field(5, "Tensor"),
        g: field(6, "Graph"),
        floats: field(7, "float", "repeated"),
        ints: field(8, "int64", "repeated"),
        strings: field(9, "bytes", "repeated"),
        type: field(20, "int32"),
      },
    },
    Tensor: {
      fields: {
        dims: field(1, "int64", "repeated"),
        dataType: field(2, "int32"),
        floatData: field(4, "float", "repeated"),
        int32Data: field(5, "int32", "repeated"),
        int64Data: field(7, "int64", "repeated"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
        dataLocation: field(14, "int32"),
      },
    },
    ValueInfo: {
      fields: { name: field(1, "string"), type: field(2, "Type") },
    },
    Type: { fields: { tensorType: field(1, "TensorType") } },
    TensorType: {
      fields: { elemType: field(1, "int32"), shape: field(2, "TensorShape") },
    },
    TensorShape: { fields: { dim: field(1, "Dimension", "repeated") } },
    Dimension: {
      // One of the two: a size of 0 is written, too.
      oneofs: { size: { oneof: ["dimValue", "dimParam"] } },
      fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") },
    },
  },
});

/** The whole file. */
export const modelMessage = messages.lookupType("Model");

/** Element types of ONNX tensors. */
export const OnnxType = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

export type OnnxTypeName = keyof typeof OnnxType;

/** An attribute of an ONNX node. */
export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: OnnxTensor;
  readonly g?: OnnxGraph;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly name?: string;
  readonly rawData: Uint8Array;
}

export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly OnnxAttribute[];
  readonly domain?: string;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: {
        readonly dim: readonly (
          | { readonly dimValue: number }
          | { readonly dimParam: string }
        )[];
      };
    };
  };
}

export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly name: string;
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: OnnxGraph;
  readonly opsetImport: readonly { domain: string; version: number }[];
}

/** The bytes of a model file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const message = modelMessage.fromObject({ ...model });
  // finish() may return a Node buffer from a pool: hand out bytes of our own.
  return Uint8Array.from(modelMessage.encode(message).finish());
}
