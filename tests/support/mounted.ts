/**
 * Runs a shell command with a small disk mounted on `folder`; null, with a
 * message, where this user may not mount anything. `options` are those of
 * `mount`: `size=300k`, `ro`.
 */
export async function onMountedDisk(
  folder: string,
  options: string,
  command: string,
): Promise<Deno.CommandOutput | null> {
  const mount = `mount -t tmpfs -o ${options} none "${folder}"`;
  const run = (script: string) =>
    new Deno.Command("unshare", {
      args: ["--user", "--map-root-user", "--mount", "sh", "-c", script],
      env: { NO_COLOR: "1" },
    }).output();
  try {
    if ((await run(mount)).success) return await run(`${mount} && ${command}`);
  } catch {
    // No such program on this system.
  }
  console.log("skipped: cannot mount a small disk here");
  return null;
}
