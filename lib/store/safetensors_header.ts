import { z } from "zod";
import { UserError } from "../errors.ts";

/** Where one tensor lies; offsets count bytes from the start of the data. */
export interface TensorPlace {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** What a file's header says, checked against the file's size. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of the data. */
  readonly tensors: readonly TensorPlace[];
  /** Where the data starts, in bytes from the start of the file. */
  readonly dataStart: number;
}

const elementTypes = z.enum(["F32", "F64", "I32", "U32", "I64", "U8"]);

/** The element types that are read and written. */
export type ElementType = z.infer<typeof elementTypes>;

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  F32: 4,
  F64: 8,
  I32: 4,
  U32: 4,
  I64: 8,
  U8: 1,
};

/** The reference implementation's limit; anything longer is damage. */
const MAX_HEADER_BYTES = 100_000_000;

const metadataSchema = z.record(z.string(), z.string());
const size = z.int().nonnegative();
const tensorSchema = z.object({
  dtype: elementTypes,
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

/**
 * The header's length in bytes from the first 8 bytes of a file of `fileSize`
 * bytes. Throws a `UserError` if that cannot be a header's length.
 */
export function headerLength(
  start: Uint8Array,
  fileSize: number,
  path: string,
): number {
  if (start.length < 8) throw damaged(path, `${start.length} bytes in all`);
  const view = new DataView(start.buffer, start.byteOffset, 8);
  const length = Number(view.getBigUint64(0, true));
  if (length > Math.min(MAX_HEADER_BYTES, fileSize - 8)) {
    throw damaged(path, `a header of ${length} bytes in ${fileSize} bytes`);
  }
  return length;
}

/**
 * Reads the JSON header of a file of `fileSize` bytes and checks that its
 * tensors cover the data exactly: no gap, no overlap, no byte missing or left.
 * Throws a `UserError` that names the file otherwise.
 */
export function parseHeader(
  header: Uint8Array,
  fileSize: number,
  path: string,
): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...entries } = parseObject(header, path);
  const checkedMetadata = metadataSchema.safeParse(metadata);
  if (!checkedMetadata.success) throw damaged(path, "metadata that is no text");
  const tensors = Object.entries(entries)
    .map(([name, entry]) => tensorPlace(name, entry, path))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.begin !== end) {
      const fault = tensor.begin < end ? "overlaps another" : "follows a gap";
      throw damaged(path, `tensor "${tensor.name}", which ${fault}`);
    }
    end = tensor.end;
  }
  const dataStart = 8 + header.length;
  if (dataStart + end !== fileSize) {
    throw damaged(path, `${fileSize} bytes instead of ${dataStart + end}`);
  }
  return { metadata: checkedMetadata.data, tensors, dataStart };
}

function parseObject(
  header: Uint8Array,
  path: string,
): Record<string, unknown> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(header);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw damaged(path, "a header that is no JSON object");
  }
}

function tensorPlace(name: string, entry: unknown, path: string): TensorPlace {
  const checked = tensorSchema.safeParse(entry);
  if (!checked.success) {
    throw damaged(path, `tensor "${name}" with ${JSON.stringify(entry)}`);
  }
  const { dtype: type, shape, data_offsets: [begin, end] } = checked.data;
  const bytes = shape.reduce((product, n) => product * n, ELEMENT_BYTES[type]);
  if (end - begin !== bytes) {
    throw damaged(
      path,
      `tensor "${name}" with ${end - begin} of ${bytes} bytes`,
    );
  }
  return { name, type, shape, begin, end };
}

function damaged(path: string, found: string): UserError {
  return new UserError({
    what: `${path} is not a whole safetensors file`,
    found,
    allowed: `tensors of ${elementTypes.options.join(", ")} without gaps`,
    cure: "Use another checkpoint.",
  });
}
