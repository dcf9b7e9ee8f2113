/** The thread that runs long programs, so that the main thread stays awake. */
/// <reference lib="deno.worker" />
import { UserError } from "../errors.ts";
import { NativeSession } from "./native_session.ts";
import {
  buffersOf,
  type WorkerReply,
  type WorkerRequest,
} from "./worker_protocol.ts";

const sessions = new Map<number, NativeSession>();
/** What failed before a run, with or without a reply: every run tells. */
const broken = new Map<number, unknown>();

function reply(message: WorkerReply): void {
  const transfer = message.kind === "done" ? buffersOf(message.outputs) : [];
  self.postMessage(message, transfer);
}

function sessionOf(id: number): NativeSession {
  if (broken.has(id)) throw broken.get(id);
  const session = sessions.get(id);
  if (!session) throw new UserError({ what: "the program was closed" });
  return session;
}

function handle(request: WorkerRequest): void {
  const { session } = request;
  switch (request.kind) {
    case "load":
      sessions.set(
        session,
        new NativeSession(request.model, request.options),
      );
      return reply({ kind: "done", outputs: {} });
    case "bind":
      return sessionOf(session).bind(request.values);
    case "run":
      return reply({
        kind: "done",
        outputs: sessionOf(session).run(request.feeds),
      });
    case "close":
      sessions.get(session)?.close();
      sessions.delete(session);
  }
}

self.onmessage = ({ data: request }: MessageEvent<WorkerRequest>) => {
  try {
    handle(request);
  } catch (error) {
    if (request.kind !== "run") broken.set(request.session, error);
    if (request.kind === "bind" || request.kind === "close") return;
    const problems = error instanceof UserError
      ? error.problems
      : [{ what: "the program's thread failed", found: String(error) }];
    reply({ kind: "failed", problems });
  }
};
