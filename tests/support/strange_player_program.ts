/**
 * A Unity player that misbehaves. Arguments: what is strange about it, then
 * those that a trainer gives.
 */
import type { ActionSpec } from "../../lib/spec.ts";
import { FakePlayer } from "../env/unity/fake_player.ts";

const actionSpec: ActionSpec = { continuousSize: 2, discreteBranches: [] };
const [kind, ...args] = Deno.args;
const port = Number(args[args.indexOf("--mlagents-port") + 1]);

const forever = () => new Promise((resolve) => setTimeout(resolve, 1e9));

if (kind === "absent") await forever();
const player = await FakePlayer.connect(port);
await player.greet(kind === "old" ? "0.14.0" : "1.5.0");
await player.ready();
const behavior = kind === "outside" ? "../escaped?team=0" : "Game?team=0";
const agent = { id: 1, observations: [[1, 2]] };
const { status } = await player.send({
  specs: { [behavior]: actionSpec },
  infos: { [behavior]: [agent] },
});
if (status !== 200) Deno.exit();
if (kind === "silent") await forever();
for (let step = 0; kind !== "quits" || step < 20; step++) {
  const reward = kind === "nan" && step === 20 ? NaN : 1;
  // An episode of ten decisions.
  const done = step % 10 === 9;
  const ended = done ? [{ ...agent, reward, done }] : [];
  const waiting = done ? { ...agent, id: 1 } : { ...agent, reward };
  const { status } = await player.send({
    infos: { [behavior]: [...ended, waiting] },
  });
  if (status !== 200) Deno.exit();
}
console.error("The graphics card has left.");
Deno.exit(3);
