import { UserError } from "../../errors.ts";
import { LAST_PORT, portAddresses } from "./player_port.ts";
import { portHolder } from "./port_holder.ts";

/**
 * The first port of `count` free ones in a row: `basePort`, or else that of
 * the first free block of as many behind it, which `onNotice` is told. Throws a
 * UserError if there is none, or if Deno may not listen there.
 */
export function findPortBlock(
  basePort: number,
  count: number,
  onNotice: (message: string) => void,
): number {
  const blocks = Math.floor((LAST_PORT + 1 - basePort) / count);
  let taken = "";
  for (let block = 0; block < blocks; block++) {
    const first = basePort + block * count;
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if (block > 0 && !ports.every(mayListen)) break;
    const obstacle = ports.find((port) => !isFree(port));
    if (block === 0 && obstacle !== undefined) taken = describe(obstacle);
    if (obstacle !== undefined) continue;
    if (block > 0) {
      onNotice(
        `${taken}: players connect to ${range(first, count)} instead of ` +
          `${range(basePort, count)}.`,
      );
    }
    return first;
  }
  throw new UserError({
    what: `The players cannot have ${range(basePort, count)}, nor others`,
    found: taken || `${blocks} such blocks up to port ${LAST_PORT}`,
    cure: "Choose another --base-port, or let Deno listen on other ports: " +
      "--allow-net.",
  });
}

function range(first: number, count: number): string {
  return count === 1
    ? `port ${first}`
    : `ports ${first} to ${first + count - 1}`;
}

function describe(port: number): string {
  const holder = portHolder(port);
  return `Port ${port} is in use` + (holder === null ? "" : ` by ${holder}`);
}

function mayListen(port: number): boolean {
  return portAddresses(port).every((host) =>
    Deno.permissions.querySync({ name: "net", host }).state === "granted"
  );
}

/** Whether nobody listens there; what else is wrong is found when we do. */
function isFree(port: number): boolean {
  return ["127.0.0.1", "::1"].every((hostname) => {
    try {
      Deno.listen({ hostname, port }).close();
      return true;
    } catch (error) {
      return !(error instanceof Deno.errors.AddrInUse);
    }
  });
}
