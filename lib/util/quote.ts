/** Texts of others in messages, so that no terminal obeys or drowns in them. */

const controlCharacter = /\p{Cc}/gu;

/** A text in quotes, cut to `longest`, with control characters escaped. */
export function quote(text: string, longest = Infinity): string {
  return JSON.stringify(cut(text, longest)).replace(
    controlCharacter,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text without quotes, cut to `longest`, control characters as blanks. */
export function plainText(text: string, longest = Infinity): string {
  return cut(text, longest).replace(controlCharacter, " ");
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
