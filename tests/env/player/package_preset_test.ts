import assert from "node:assert/strict";
import {
  defaultPackage,
  packagePreset,
  packageVersions,
} from "../../../lib/env/player/package_preset.ts";

Deno.test("each version of the package has its protocol and layouts", () => {
  const facts = packageVersions.map((version) => {
    const preset = packagePreset(version);
    return [
      ...[version, preset.versions.communication, preset.capabilities.length],
      ...[preset.imageShape, preset.imageValues, preset.hasShortFirstStacks],
    ].join(" ");
  });
  assert.deepEqual(facts, [
    "1.0.8 1.0.0 1 HWC HWC true",
    "2.0.0 1.5.0 7 HWC HWC true",
    "3.0.0 1.5.0 7 CHW HWC true",
    "4.0.0 1.5.0 7 CHW HWC true",
    "4.1.0 1.5.0 7 CHW CHW false",
  ]);
  assert.equal(packagePreset(defaultPackage).versions.package, "3.0.0");
});

Deno.test("an unknown version is refused with the known ones", () => {
  assert.throws(
    () => packagePreset("3.0.1"),
    /--package: .*found "3.0.1"; allowed: 1.0.8, 2.0.0, .*\n.*Did you mean/,
  );
});
