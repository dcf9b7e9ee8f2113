/** A test whose body runs once, or REPEAT times in a row where that is set. */
export function testRepeatedly(name: string, body: () => Promise<void>): void {
  const times = Number(Deno.env.get("REPEAT") ?? 1);
  Deno.test(name, async () => {
    for (let i = 0; i < times; i++) await body();
  });
}
