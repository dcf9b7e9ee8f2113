import { UserError } from "../../errors.ts";
import { portHolder } from "./port_holder.ts";

/** Why a port cannot be listened on, in words; the error itself if unknown. */
export function listenError(
  port: number,
  isEditor: boolean,
  error: unknown,
): unknown {
  const elsewhere = isEditor
    ? "; the Unity Editor connects to this port only."
    : ", or choose other ports with --base-port.";
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "EADDRINUSE": {
      const holder = portHolder(port);
      return new UserError({
        what: `Port ${port} is in use`,
        ...(holder !== null && { found: holder }),
        cure: "End the program that listens there, perhaps another run" +
          elsewhere,
      }, { cause: error });
    }
    case "EACCES":
      return new UserError({
        what: `This user may not listen on port ${port}`,
        allowed: "ports from 1024 on, as a rule",
        cure: `Let the system allow it${elsewhere}`,
      }, { cause: error });
    default:
      return error;
  }
}
