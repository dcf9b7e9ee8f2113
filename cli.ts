/** The command line: `deno run -A cli.ts CONFIG.yaml [options]`. */
import { executeCommand } from "./lib/api/execute_command.ts";

if (import.meta.main) {
  const code = await executeCommand(Deno.args, {
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
  });
  Deno.exit(code);
}
