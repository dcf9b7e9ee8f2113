import { type Problem, UserError } from "../errors.ts";

/** What the operating system's error codes mean and what helps, in words. */
const REASONS: Readonly<Record<string, { found: string; cure: string }>> = {
  ENOSPC: { found: "no space left on the disk", cure: "Free some space" },
  EDQUOT: { found: "the disk quota is used up", cure: "Free some space" },
  EACCES: {
    found: "permission denied",
    cure: "Give this user permission for it, or choose another place",
  },
  EPERM: {
    found: "the operation is not permitted",
    cure: "Give this user permission for it, or choose another place",
  },
  EROFS: {
    found: "a read-only file system",
    cure: "Choose a place on a writable disk",
  },
  ENOTDIR: {
    found: "a file where a folder should be",
    cure: "Move that file away, or choose another place",
  },
  EEXIST: {
    found: "a file where a folder should be",
    cure: "Move that file away, or choose another place",
  },
  EISDIR: {
    found: "a folder where a file should be",
    cure: "Move that folder away, or choose another place",
  },
  ENOENT: {
    found: "nothing there",
    cure: "Check the path",
  },
  ENAMETOOLONG: {
    found: "a name that is too long for the file system",
    cure: "Choose a shorter name",
  },
};

/** The operating system's error code (`ENOSPC`), if `error` carries one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * Words a failed file operation: `what` could not be done (`cannot write
 * a/b.txt`), why, and the cure followed by `safe`, what is not lost. Errors that
 * do not come from the operating system are returned unchanged.
 */
export function fileError(
  what: string,
  error: unknown,
  safe?: string,
): unknown {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const reason = REASONS[code] ?? {
    found: error.message,
    cure: "Check the disk and the path",
  };
  const problem: Problem = {
    what,
    found: reason.found,
    cure: [`${reason.cure}.`, safe].filter((part) => part).join(" "),
  };
  return new UserError(problem, { cause: error });
}
