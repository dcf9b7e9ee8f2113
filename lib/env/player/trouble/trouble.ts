/** The language of `--trouble`: which trouble a player makes, and when. */
import { ExitCode, nearestName, UserError } from "../../../errors.ts";

/**
 * A call to the trainer: the two of the handshake, then the messages that tell
 * of agents, counted from 1.
 */
export type Call = "hello" | "ready" | number;

/** When there is trouble: at a call, or with the trainer's first RESET. */
export type Moment = Call | "reset";

/** One trouble. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** As written: an exit code, a signal, seconds or MiB. */
  readonly value: string;
  readonly moment: Moment;
  /** With all calls from that moment on. */
  readonly repeats: boolean;
  /** The only worker that it is for; null = all. */
  readonly worker: number | null;
  /** The only start of the player that it is for, from 1 on; null = all. */
  readonly start: number | null;
  /** As the user wrote it. */
  readonly text: string;
}

interface KindRules {
  readonly help: string;
  readonly value?: { readonly pattern: RegExp; readonly allowed: string };
  readonly fallback?: string;
  /** Moments besides the messages that tell of agents. */
  readonly moments?: readonly Moment[];
  /** At which messages: one, one and all after it, or never mind. */
  readonly messages: "one" | "all from one on" | "none";
}

const death = {
  value: {
    pattern: /^(\d|\d\d|1\d\d|2[0-4]\d|25[0-5]|SIGSEGV|SIGKILL|SIGABRT)$/,
    allowed: "an exit code from 0 to 255, SIGSEGV, SIGKILL or SIGABRT",
  },
  fallback: "1",
};
const everywhere = ["hello", "ready", "reset"] as const;
const connected = ["ready", "reset"] as const;

const kinds = {
  "delay": {
    help: "wait: delay:2.5, delay:forever",
    value: {
      pattern: /^(\d+(\.\d+)?|forever)$/,
      allowed: "seconds, or forever",
    },
    fallback: "forever",
    moments: everywhere,
    messages: "all from one on",
  },
  "crash": {
    help: "die: crash:3 or crash:SIGKILL, SIGSEGV, SIGABRT",
    ...death,
    moments: everywhere,
    messages: "one",
  },
  "crash-in-call": {
    help: "the same while the trainer has the call",
    ...death,
    moments: ["hello", "ready"],
    messages: "one",
  },
  "close": { help: "end politely", moments: connected, messages: "one" },
  "disconnect": {
    help: "drop the connection, live on",
    moments: connected,
    messages: "one",
  },
  "big": {
    help: "a request of more than 4 MiB, or big:9",
    value: { pattern: /^\d{1,2}$/, allowed: "whole MiB, 99 at most" },
    fallback: "4",
    messages: "all from one on",
  },
  "cut": {
    help: "side-channel bytes that are cut off",
    messages: "all from one on",
  },
  "unknown-channel": {
    help: "a message of an unknown side channel",
    messages: "all from one on",
  },
  "nan-observation": {
    help: "NaN in an observation",
    messages: "all from one on",
  },
  "nan-reward": { help: "NaN as a reward", messages: "all from one on" },
  "shape": { help: "an observation has grown", messages: "all from one on" },
  "ignore-quit": { help: "live on when the trainer ends", messages: "none" },
} satisfies Record<string, KindRules>;

export type TroubleKind = keyof typeof kinds;

const rulesByKind: ReadonlyMap<string, KindRules> = new Map(
  Object.entries(kinds),
);

/** Lines of help, one for each kind. */
export const troubleHelp: readonly string[] = Object.entries(kinds).map(
  ([kind, { help }]) => `${kind.padEnd(16)} ${help}`,
);

const form = /^([^:@,]+)(?::([^@,]*))?(?:@([^,]*))?((?:,[^,]*)*)$/;

/**
 * Reads `KIND[:VALUE][@MOMENT][+][,worker=N][,start=N]`, such as
 * `crash:SIGKILL@100,worker=1`. Throws a UserError with exit code 2 that says
 * what is wrong.
 */
export function parseTrouble(text: string): Trouble {
  const [, name = "", value, at, limits = ""] = form.exec(text) ?? [];
  const kind = namesOf(kinds).find((each) => each === name);
  if (!kind) throw unknownKind(text, name);
  const rules: KindRules = kinds[kind];
  if (value !== undefined && !rules.value?.pattern.test(value)) {
    throw wrong(text, `"${value}"`, rules.value?.allowed ?? "no value");
  }
  const { moment, repeats } = readMoment(text, at, rules);
  const { worker, start } = readLimits(text, limits);
  const given = value ?? rules.fallback ?? "";
  return { kind, value: given, moment, repeats, worker, start, text };
}

function readMoment(
  text: string,
  at: string | undefined,
  { moments = [], messages }: KindRules,
): { moment: Moment; repeats: boolean } {
  if (at === undefined) return { moment: 1, repeats: false };
  const named = moments.find((each) => each === at);
  if (named !== undefined) return { moment: named, repeats: false };
  const [, digits, plus] = /^([1-9]\d*)(\+?)$/.exec(at) ?? [];
  const repeats = plus === "+";
  const fits = messages === "all from one on" ||
    (messages === "one" && !repeats);
  if (digits && fits) return { moment: Number(digits), repeats };
  throw wrong(text, `@${at}`, [...moments, messageHelp[messages]].join(", "));
}

const messageHelp = {
  "one": "a message's number, such as 5",
  "all from one on": "a message's number, 5 or 5+",
  "none": "no moment",
};

function readLimits(
  text: string,
  limits: string,
): { worker: number | null; start: number | null } {
  let worker: number | null = null;
  let start: number | null = null;
  for (const limit of limits.split(",").slice(1)) {
    const [, name, number] = /^(worker|start)=(\d+)$/.exec(limit) ?? [];
    if (name === "worker") worker = Number(number);
    else if (name === "start") start = Number(number);
    else throw wrong(text, `"${limit}"`, "worker=N, start=N");
  }
  return { worker, start };
}

function unknownKind(text: string, name: string): UserError {
  const nearest = nearestName(name, rulesByKind.keys());
  return wrong(
    text,
    `"${name}"`,
    [...rulesByKind.keys()].join(", "),
    nearest && `Did you mean ${nearest}?`,
  );
}

function wrong(
  text: string,
  found: string,
  allowed: string,
  cure = "It reads KIND[:VALUE][@MOMENT][,worker=N][,start=N].",
): UserError {
  return new UserError(
    { what: "cannot be read", path: `--trouble ${text}`, found, allowed, cure },
    { exitCode: ExitCode.usage },
  );
}

/** The keys of a table that has no others than those of its type. */
function namesOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  const names: K[] = [];
  for (const name in table) names.push(name);
  return names;
}
