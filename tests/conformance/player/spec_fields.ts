import {
  Reader,
  readFields,
  readNested,
} from "../../../lib/env/unity/messages/message_reader.ts";
import {
  InitializationOutput,
  UnityMessage,
  UnityOutput,
} from "../../../lib/env/unity/messages/tags.ts";

/** The numbers of the fields that each behavior's description has. */
export function specFields(message: Uint8Array): number[][] {
  const reader = Reader.create(message);
  const found: number[][] = [];
  readFields(reader, reader.len, (tag) => {
    if (tag !== UnityMessage.unityOutput) return false;
    readNested(reader, (output) => {
      if (output !== UnityOutput.initialization) return false;
      readNested(reader, (field) => {
        if (field !== InitializationOutput.brainParameters) return false;
        const numbers: number[] = [];
        readNested(reader, (each) => {
          numbers.push(each >> 3);
          return false;
        });
        found.push(numbers);
      });
    });
  });
  return found;
}
