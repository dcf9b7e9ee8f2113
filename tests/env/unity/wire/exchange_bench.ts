/**
 * A player's message of some size and a short answer, both ends of the wire in
 * one process.
 */
import { ExchangeClient } from "../../../../lib/env/unity/wire/exchange_client.ts";
import { ExchangeServer } from "../../../../lib/env/unity/wire/exchange_server.ts";
import { freePort } from "../fake_player.ts";

const port = freePort();
const answer = new Uint8Array(500);
const server: ExchangeServer = await ExchangeServer.listen(port, {
  onRefusal: () => {},
  onMessage: () => server.reply(answer),
  onDisconnect: () => {},
});
const client = await ExchangeClient.connect(port);

const sizes = { "1 KiB": 10, "100 KiB": 16.6, "1 MiB": 20, "16 MiB": 24 };
for (const [name, power] of Object.entries(sizes)) {
  const message = new Uint8Array(2 ** power);
  Deno.bench(`exchange of ${name}`, async () => {
    await client?.exchange(message);
  });
}
