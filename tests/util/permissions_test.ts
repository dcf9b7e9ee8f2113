import assert from "node:assert/strict";
import {
  groupPermissions,
  type NeededPermission,
  requirePermissions,
} from "../../lib/util/permissions.ts";

function read(path: string, reason: string): NeededPermission {
  return { descriptor: { name: "read", path }, reason };
}

Deno.test("one flag for each name, reasons with what they are for", () => {
  const variable = (name: string): NeededPermission => ({
    descriptor: { name: "env", variable: name },
    reason: "to log",
  });
  const groups = groupPermissions([
    read("a", "one"),
    variable("A"),
    read("b", "two"),
    variable("B"),
    read("a", "three"),
    { descriptor: { name: "net", host: "[::1]:80" }, reason: "to talk" },
    { descriptor: { name: "run", command: "/x" }, reason: "to play" },
    { descriptor: { name: "sys", kind: "hostname" }, reason: "to sign" },
    { descriptor: { name: "ffi", path: "/lib" }, reason: "to compute" },
  ]);
  assert.deepEqual(groups.map(({ flag }) => flag), [
    "--allow-read=a,b",
    "--allow-env=A,B",
    "--allow-net=[::1]:80",
    "--allow-run=/x",
    "--allow-sys=hostname",
    "--allow-ffi=/lib",
  ]);
  assert.deepEqual(groups.slice(0, 2).map(({ parts }) => parts), [
    [
      { values: ["a"], reason: "one" },
      { values: ["b"], reason: "two" },
      { values: ["a"], reason: "three" },
    ],
    [{ values: ["A", "B"], reason: "to log" }],
  ]);
});

Deno.test("what is needed without limits makes the flag unlimited", () => {
  const [group] = groupPermissions([
    read("a", "one"),
    { descriptor: { name: "read" }, reason: "two" },
  ]);
  assert.equal(group.flag, "--allow-read");
  assert.deepEqual(group.parts[1], { values: ["anything"], reason: "two" });
});

Deno.test("a comma in a path is doubled, as Deno wants it", () => {
  const [{ flag }] = groupPermissions([read("a,b", "one"), read("c", "two")]);
  assert.equal(flag, "--allow-read=a,,b,c");
});

Deno.test({
  name: "each missing permission is named, with the whole flag to give",
  permissions: { read: ["given"], env: ["A"] },
  fn: async () => {
    await requirePermissions([read("given/file", "one")]);
    await assert.rejects(
      requirePermissions([
        read("given", "one"),
        read("b", "two"),
        read("c", "two"),
        { descriptor: { name: "env", variable: "A" }, reason: "three" },
        { descriptor: { name: "write", path: "d" }, reason: "four" },
      ]),
      {
        name: "UserError",
        message: "Deno was not given the permission to read b, c (two)\n" +
          "  Start it with --allow-read=given,b,c\n" +
          "Deno was not given the permission to write d (four)\n" +
          "  Start it with --allow-write=d",
      },
    );
  },
});
