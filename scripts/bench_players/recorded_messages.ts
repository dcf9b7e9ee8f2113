import { shakeHands } from "../../lib/env/unity/handshake.ts";
import { writeHeader } from "../../lib/env/unity/messages/envelope.ts";
import { MessageWriter } from "../../lib/env/unity/messages/message_writer.ts";
import { Command, Status } from "../../lib/env/unity/messages/tags.ts";
import { writeTrainerStep } from "../../lib/env/unity/messages/trainer_message.ts";
import { PlayerConnection } from "../../lib/env/unity/player_connection.ts";

/** Seconds for a player to say something. */
const TIMEOUT = 30;

/**
 * Starts a player and takes down its first two messages with agents' infos;
 * the first of them also holds what is told once. The agents do nothing.
 */
export async function recordMessages(
  executable: string,
  numAreas: number,
  port: number,
): Promise<[Uint8Array, Uint8Array]> {
  const connection = await PlayerConnection.open({
    port,
    process: { executable, noGraphics: true, logFile: null, args: [] },
    timeoutWait: TIMEOUT,
    farewell: written((writer) => writeHeader(writer, Status.closing)),
  });
  const ask = async (command: number) => {
    const reply = written((writer) =>
      writeTrainerStep(writer, command, [], new Uint8Array())
    );
    return (await connection.exchange(reply)).slice();
  };
  try {
    await shakeHands(connection, { seed: 1, numAreas });
    return [await ask(Command.reset), await ask(Command.step)];
  } finally {
    await connection.close(true);
  }
}

function written(write: (writer: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter();
  write(writer);
  return writer.message;
}
