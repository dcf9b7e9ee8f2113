import assert from "node:assert/strict";
import { Spinner } from "../../lib/ui/spinner.ts";

const CLEAR = "\r\x1b[K";

/** A spinner whose terminal writes into a list. */
function makeSpinner(columns = 80) {
  const written: string[] = [];
  const waiters: (() => void)[] = [];
  const spinner = new Spinner({
    isInteractive: true,
    columns: () => columns,
    write: (text) => {
      written.push(text);
      for (const wake of waiters.splice(0)) wake();
    },
  });
  const change = () => new Promise<void>((resolve) => waiters.push(resolve));
  return { spinner, written, change };
}

Deno.test("the line turns until it is taken away", async () => {
  const { spinner, written, change } = makeSpinner();
  spinner.start("Press Play");
  await change();
  await change();
  spinner.stop();
  spinner.stop();
  assert.deepEqual(written, [
    `${CLEAR}⠋ Press Play`,
    `${CLEAR}⠙ Press Play`,
    `${CLEAR}⠹ Press Play`,
    CLEAR,
  ]);
});

Deno.test("a new message takes the place of the old one", () => {
  const { spinner, written } = makeSpinner(8);
  spinner.start("first thing");
  spinner.start("second thing");
  spinner.stop();
  assert.deepEqual(written, [
    `${CLEAR}⠋ firs…`,
    CLEAR,
    `${CLEAR}⠋ seco…`,
    CLEAR,
  ]);
});
