import assert from "node:assert/strict";
import {
  choosePort,
  portAddresses,
} from "../../../lib/env/unity/player_port.ts";

Deno.test("a build's port is the base port plus its number", () => {
  const executable = "game";
  assert.equal(choosePort({ executable }), 5005);
  assert.equal(choosePort({ executable, workerId: 3 }), 5008);
  assert.equal(choosePort({ executable, basePort: 65_535 }), 65_535);
});

Deno.test("the Editor has a port of its own, and there is one Editor", () => {
  const executable = null;
  assert.equal(choosePort({ executable, basePort: 7000 }), 5004);
  assert.equal(choosePort({ executable, editorPort: 5014 }), 5014);
  assert.throws(() => choosePort({ executable, workerId: 1 }), {
    name: "UserError",
    message: /Editor can be one environment only/,
  });
});

Deno.test("only real ports are given out", () => {
  for (const basePort of [0, -1, 1.5, NaN, 65_536]) {
    assert.throws(() => choosePort({ executable: "game", basePort }), {
      name: "UserError",
      message: /cannot have this port \(found .*1 to 65535/,
    });
  }
});

Deno.test("players come to both loopback addresses", () => {
  assert.deepEqual(portAddresses(5005), ["127.0.0.1:5005", "[::1]:5005"]);
});
