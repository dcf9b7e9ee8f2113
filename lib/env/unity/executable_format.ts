/** What a program file is made for, as its first bytes tell. */
import { UserError } from "../../errors.ts";

/** A system and its kinds of processors. */
export interface Platform {
  readonly system: "Linux" | "macOS" | "Windows";
  /** More than one in universal files of macOS. */
  readonly architectures: readonly string[];
}

/** What runs on each machine, beside what is made for it. */
const alsoRuns: Readonly<Record<string, readonly string[]>> = {
  "Linux x86_64": ["x86"],
  "Linux arm64": ["arm"],
  "macOS arm64": ["x86_64"],
  "Windows x86_64": ["x86"],
  "Windows arm64": ["x86_64", "x86"],
};

/** Bytes at the start of a file that hold everything that is looked at. */
const HEAD_SIZE = 4096;

/**
 * Throws a UserError if the file is a program for another system or processor
 * than this machine's, or the first part of one only: a shell would take that
 * for a script. Real scripts and what is not known are left to the system.
 */
export function checkExecutableFormat(
  path: string,
  machine: Platform = thisMachine(),
): void {
  const { head, size } = readHead(path);
  const made = readFormat(head);
  if (made === null) return;
  if (made.system === "Linux" && size < elfSize(head)) {
    throw new UserError({
      what: "The Unity player's program is not complete",
      found: `${path}, ${size} bytes`,
      allowed: `${elfSize(head)} bytes or more, as its first bytes say`,
      cure: "Copy or build the game once more.",
    });
  }
  const [own] = machine.architectures;
  const fitting = [own, ...alsoRuns[`${machine.system} ${own}`] ?? []];
  const fits = made.system === machine.system &&
    made.architectures.some((each) => fitting.includes(each));
  if (fits) return;
  throw new UserError({
    what: "The Unity player is made for another machine",
    found: `${path}, a ${made.system} program for ` +
      made.architectures.join(" and "),
    allowed: `${machine.system} programs for ${fitting.join(" or ")}`,
    cure: `Build the game for ${machine.system} (${own}). Where an emulator ` +
      "can run this one, name a script that does so.",
  });
}

/** Reads ELF, PE and Mach-O headers; null = something else. */
export function readFormat(head: Uint8Array<ArrayBuffer>): Platform | null {
  // Every number that is read lies in here.
  if (head.length < 64) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  switch (view.getUint32(0)) {
    case 0x7f454c46:
      return readElf(view);
    case 0xcefaedfe:
    case 0xcffaedfe:
      return macOs(view.getUint32(4, true));
    case 0xcafebabe:
      return readUniversal(view, 20);
    case 0xcafebabf:
      return readUniversal(view, 32);
  }
  return view.getUint16(0) === 0x4d5a ? readPortable(view) : null;
}

function readElf(view: DataView): Platform {
  const isLittleEndian = view.getUint8(5) === 1;
  const machine = view.getUint16(18, isLittleEndian);
  const is32Bit = view.getUint8(4) === 1;
  const names: Record<number, string> = {
    3: "x86",
    40: "arm",
    // The same instructions are also used with short addresses (x32).
    62: is32Bit ? "x32" : "x86_64",
    183: isLittleEndian ? "arm64" : "arm64 (big-endian)",
    243: is32Bit ? "riscv32" : "riscv64",
  };
  return {
    system: "Linux",
    architectures: [names[machine] ?? `machine ${machine}`],
  };
}

/** The bytes that an ELF file must have for its tables, which end it. */
function elfSize(head: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const isLittleEndian = view.getUint8(5) === 1;
  const word = (at: number) => view.getUint16(at, isLittleEndian);
  const [programs, sections, counts] = view.getUint8(4) === 1
    ? [
      view.getUint32(28, isLittleEndian),
      view.getUint32(32, isLittleEndian),
      42,
    ]
    : [
      Number(view.getBigUint64(32, isLittleEndian)),
      Number(view.getBigUint64(40, isLittleEndian)),
      54,
    ];
  // Size and number of the program headers, then of the section headers.
  return Math.max(
    programs + word(counts) * word(counts + 2),
    sections + word(counts + 4) * word(counts + 6),
  );
}

function readPortable(view: DataView): Platform | null {
  const at = view.getUint32(0x3c, true);
  // Programs of DOS look alike up to here.
  if (at > view.byteLength - 6 || view.getUint32(at) !== 0x50450000) {
    return null;
  }
  const machine = view.getUint16(at + 4, true);
  const names: Record<number, string> = {
    0x14c: "x86",
    0x8664: "x86_64",
    0xaa64: "arm64",
  };
  return {
    system: "Windows",
    architectures: [names[machine] ?? `machine ${machine}`],
  };
}

function readUniversal(view: DataView, entrySize: number): Platform | null {
  const count = view.getUint32(4);
  // Java classes begin with the same number, and go on with at least 45.
  if (count === 0 || count > 30) return null;
  const parts = Array.from({ length: count }, (_, i) => 8 + i * entrySize)
    .filter((at) => at + 4 <= view.byteLength)
    .flatMap((at) => macOs(view.getUint32(at)).architectures);
  return { system: "macOS", architectures: parts };
}

function macOs(cpu: number): Platform {
  const names: Record<number, string> = {
    7: "x86",
    0x01000007: "x86_64",
    0x0100000c: "arm64",
  };
  return { system: "macOS", architectures: [names[cpu] ?? `processor ${cpu}`] };
}

/** The first bytes of a file, and how many it has. */
function readHead(
  path: string,
): { head: Uint8Array<ArrayBuffer>; size: number } {
  const head = new Uint8Array(HEAD_SIZE);
  try {
    using file = Deno.openSync(path);
    const count = file.readSync(head) ?? 0;
    return { head: head.subarray(0, count), size: file.statSync().size };
  } catch (error) {
    // A program may be run without being readable.
    if (error instanceof Deno.errors.PermissionDenied) {
      return { head: head.subarray(0, 0), size: 0 };
    }
    throw error;
  }
}

function thisMachine(): Platform {
  const { os, arch } = Deno.build;
  return {
    system: os === "darwin" ? "macOS" : os === "windows" ? "Windows" : "Linux",
    architectures: [arch === "aarch64" ? "arm64" : arch],
  };
}
