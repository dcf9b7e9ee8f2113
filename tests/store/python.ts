/**
 * Runs a Python program and returns what it prints; null, with a message, where
 * Python or one of the modules is missing. The environment variable `PYTHON`
 * names another interpreter than `python3`.
 */
export async function runPython(
  modules: readonly string[],
  program: string,
  args: readonly string[],
): Promise<string | null> {
  const interpreter = Deno.env.get("PYTHON") ?? "python3";
  const probe = await run(interpreter, `import ${modules.join(", ")}`, []);
  if (probe === null || !probe.success) {
    console.log(
      `skipped: ${interpreter} cannot import ${modules.join(", ")}`,
    );
    return null;
  }
  const result = await run(interpreter, program, args);
  if (result === null || !result.success) {
    throw new Error(new TextDecoder().decode(result?.stderr));
  }
  return new TextDecoder().decode(result.stdout);
}

async function run(
  interpreter: string,
  program: string,
  args: readonly string[],
): Promise<Deno.CommandOutput | null> {
  try {
    return await new Deno.Command(interpreter, {
      args: ["-c", program, ...args],
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
