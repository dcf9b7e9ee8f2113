/** Messages of a player to columns: intake_ours.ts FIRST NEXT */
import { BehaviorIntake } from "../../lib/env/unity/behavior_intake.ts";
import { readMessage } from "../../lib/env/unity/messages/message_reader.ts";
import {
  readPlayerMessage,
} from "../../lib/env/unity/messages/player_message.ts";
import { serveRequests } from "../driver.ts";

const [first, next] = Deno.args.map((path) => Deno.readFileSync(path));
const intake = new BehaviorIntake({ packageVersion: "3.0.0" });

function receive(message: Uint8Array): void {
  readMessage(
    "player",
    message,
    (reader) => intake.receive(readPlayerMessage(reader), reader),
  );
}

receive(first);
await serveRequests(() => receive(next));
intake.close();
