import { UserError } from "../../errors.ts";
import type { Refusal } from "./wire/exchange_server.ts";

/** The error for a message of a player that could not be taken. */
export function refusalError(refusal: Refusal): UserError {
  return refusal === "too big"
    ? new UserError({
      what: "The Unity player sent a message that is too big",
      allowed: "64 MiB at most",
      cure:
        "Let it tell less at once: fewer agents or areas, fewer or smaller " +
        "images, PNG files instead of plain values.",
    })
    : new UserError({
      what: "The Unity player sent a message that is compressed or incomplete",
      cure: "Is it a Unity player that connects to this port?",
    });
}
