/**
 * The program's side of {@link DrivenProgram}: does `work` as often as the
 * lines of the standard input say, until there are no more. `greeting` is what it
 * says first.
 */
export async function serveRequests(
  work: () => Promise<unknown> | void,
  greeting = "ready",
): Promise<void> {
  say(greeting);
  const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of input) {
    const begin = performance.now();
    for (let left = Number(text); left > 0; left--) await work();
    say(`${(performance.now() - begin) / 1000}`);
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
