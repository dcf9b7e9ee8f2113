import assert from "node:assert/strict";
import {
  checkExecutableFormat,
  type Platform,
  readFormat,
} from "../../../lib/env/unity/executable_format.ts";

/** The start of a file: numbers of one, two or four bytes at their places. */
function head(
  isLittleEndian: boolean,
  parts: Readonly<Record<number, readonly [bytes: 1 | 2 | 4, value: number]>>,
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(256));
  for (const [at, [bytes, value]] of Object.entries(parts)) {
    if (bytes === 1) view.setUint8(Number(at), value);
    else if (bytes === 2) view.setUint16(Number(at), value, isLittleEndian);
    else view.setUint32(Number(at), value, isLittleEndian);
  }
  return new Uint8Array(view.buffer);
}

const elf = (bits: 32 | 64, machine: number) =>
  head(true, {
    0: [4, 0x464c457f],
    4: [1, bits / 32],
    5: [1, 1],
    18: [2, machine],
  });

const portable = (machine: number) =>
  head(true, {
    0: [2, 0x5a4d],
    0x3c: [4, 0x80],
    0x80: [4, 0x4550],
    0x84: [2, machine],
  });

const macho = (cpu: number) => head(true, { 0: [4, 0xfeedfacf], 4: [4, cpu] });

const universal = (...cpus: number[]) => {
  const parts: Record<number, readonly [4, number]> = {
    0: [4, 0xcafebabe],
    4: [4, cpus.length],
  };
  cpus.forEach((cpu, i) => parts[8 + 20 * i] = [4, cpu]);
  return head(false, parts);
};

const made = (system: Platform["system"], ...architectures: string[]) => ({
  system,
  architectures,
});

Deno.test("headers of the three systems are read", () => {
  const cases: [Uint8Array<ArrayBuffer>, Platform][] = [
    [elf(64, 62), made("Linux", "x86_64")],
    [elf(32, 3), made("Linux", "x86")],
    [elf(32, 62), made("Linux", "x32")],
    [elf(64, 183), made("Linux", "arm64")],
    [elf(64, 22), made("Linux", "machine 22")],
    [portable(0x8664), made("Windows", "x86_64")],
    [portable(0x14c), made("Windows", "x86")],
    [portable(0xaa64), made("Windows", "arm64")],
    [macho(0x01000007), made("macOS", "x86_64")],
    [macho(0x0100000c), made("macOS", "arm64")],
    [
      universal(0x01000007, 0x0100000c),
      made("macOS", "x86_64", "arm64"),
    ],
  ];
  for (const [bytes, expected] of cases) {
    assert.deepEqual(readFormat(bytes), expected);
  }
});

Deno.test("big-endian ELF files are read in their order", () => {
  const bytes = head(false, {
    0: [4, 0x7f454c46],
    4: [1, 2],
    5: [1, 2],
    18: [2, 183],
  });
  assert.deepEqual(readFormat(bytes), made("Linux", "arm64 (big-endian)"));
});

Deno.test("the program that runs this test is made for this machine", () => {
  checkExecutableFormat(Deno.execPath());
});

Deno.test("scripts, short files and everything else are not judged", () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const unknown = [
    text(""),
    text("#!/bin/sh\nexec game"),
    text("#!/bin/sh\n".padEnd(500, "#")),
    text("MZ".padEnd(500, " ")),
    head(true, { 0: [2, 0x5a4d], 0x3c: [4, 0xffffffff] }),
    head(false, { 0: [4, 0xcafebabe], 4: [4, 52] }),
    elf(64, 62).subarray(0, 30),
  ];
  for (const bytes of unknown) assert.equal(readFormat(bytes), null);
});

Deno.test("only what the machine can run is let through", () => {
  const x64 = made("Linux", "x86_64");
  const mac = made("macOS", "arm64");
  const oldMac = made("macOS", "x86_64");
  const windows = made("Windows", "arm64");
  const cases: [Uint8Array, Platform, RegExp | null][] = [
    [elf(64, 62), x64, null],
    [elf(32, 3), x64, null],
    [
      elf(64, 183),
      x64,
      /game, a Linux program for arm64; .*Linux programs for x86_64 or x86\)/,
    ],
    [portable(0x8664), x64, /a Windows program for x86_64[^]*Linux \(x86_64\)/],
    [macho(0x01000007), mac, null],
    [universal(0x01000007, 0x0100000c), oldMac, null],
    [macho(0x0100000c), oldMac, /a macOS program for arm64/],
    [
      universal(7, 0x0100000c),
      oldMac,
      /program for x86 and arm64; allowed: macOS programs for x86_64\)/,
    ],
    [portable(0x8664), windows, null],
    [elf(64, 183), windows, /a Linux program for arm64/],
  ];
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/game`;
    for (const [bytes, machine, message] of cases) {
      Deno.writeFileSync(path, bytes);
      const check = () => checkExecutableFormat(path, machine);
      if (message === null) check();
      else assert.throws(check, { name: "UserError", message });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test({
  name: "the first part of a program is refused, the whole is not",
  ignore: Deno.build.os !== "linux",
  fn() {
    const whole = Deno.execPath();
    checkExecutableFormat(whole);
    const folder = Deno.makeTempDirSync();
    try {
      const path = `${folder}/game`;
      Deno.writeFileSync(path, Deno.readFileSync(whole).subarray(0, 10_000));
      assert.throws(() => checkExecutableFormat(path), {
        name: "UserError",
        message:
          /is not complete \(found .*game, 10000 bytes; allowed: \d{6,} /,
      });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
