import assert from "node:assert/strict";
import { join } from "node:path";
import { readRecord } from "../../../lib/env/player/player_record.ts";
import { serve, type ServeOptions } from "../../../lib/env/player/serve.ts";
import { writeHeader } from "../../../lib/env/unity/messages/envelope.ts";
import { ExitCode, UserError } from "../../../lib/errors.ts";
import { freePort } from "../unity/fake_player.ts";
import { FakeTrainer } from "./fake_trainer.ts";

const plain: ServeOptions = {
  world: "scene:Vectors",
  packageVersion: "3.0.0",
  ids: "stable",
  troubles: [],
  record: null,
  words: [],
};

async function withFolder(body: (folder: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Plays for a trainer that answers the first call with this status. */
async function serveTo(
  status: number,
  options: Partial<ServeOptions>,
): Promise<string> {
  const trainer = await FakeTrainer.listen();
  try {
    const { words = [], ...rest } = options;
    const port = ["--mlagents-port", String(trainer.port)];
    const serving = serve({ ...plain, ...rest, words: [...words, ...port] });
    await Promise.race([trainer.request(), serving]);
    trainer.answer((writer) => writeHeader(writer, status));
    return await serving;
  } finally {
    trainer.close();
  }
}

Deno.test("without a port, and without a trainer, a player ends in peace", async () => {
  assert.match(await serve(plain), /^Without --mlagents-port N.*port 5004/);
  const port = String(freePort());
  assert.equal(
    await serve({ ...plain, words: ["--mlagents-port", port] }),
    `No trainer listens on port ${port}.`,
  );
});

Deno.test("the log tells the story, and the error at its end", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "Player-0.log");
    const words = ["-logFile", path];
    await serveTo(400, { words });
    const [first, second, third] = Deno.readTextFileSync(path).split("\n");
    assert.match(first, /scene:Vectors, package 3\.0\.0, protocol 1\.5\.0/);
    assert.match(second, /^Connecting to the trainer on port \d+\.$/);
    assert.equal(third, "The player was ended by the trainer.");
    await assert.rejects(serveTo(200, { words }), UserError);
    const log = Deno.readTextFileSync(path);
    assert.match(log, /\nError: .*its initialization is missing\n$/);
  });
});

Deno.test("a full disk for the log does not matter", async () => {
  assert.equal(
    await serveTo(400, { words: ["-logFile", "/dev/full"] }),
    "The trainer has ended the session.",
  );
});

Deno.test("starts are counted in the record", async () => {
  await withFolder(async (folder) => {
    const record = join(folder, "record.jsonl");
    const troubles = ["close@ready,start=9"];
    for (let start = 0; start < 2; start++) {
      await serveTo(400, { record, troubles });
    }
    assert.deepEqual(
      readRecord(record).map(({ event }) => event),
      ["start", "end", "start", "end"],
    );
    await assert.rejects(serve({ ...plain, troubles }), /--record FILE/);
  });
});

Deno.test("options that make no sense are refused before anything else", async () => {
  const cases: [Partial<ServeOptions>, RegExp][] = [
    [{ world: "scene:Vector" }, /Did you mean scene:Vectors/],
    [{ packageVersion: "9" }, /--package/],
    [{ troubles: ["crash:x"] }, /--trouble crash:x/],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(serve({ ...plain, ...options }), message);
  }
  await assert.rejects(
    serve({ ...plain, troubles: ["nothing"] }),
    (error: unknown) =>
      error instanceof UserError && error.exitCode === ExitCode.usage,
  );
});
