import { stripVTControlCharacters } from 'node:util';

/**
 * C0 and C1 controls but for newline and tab, DEL, and the marks that reorder text (U+202A–202E, U+2066–2069): what a name, a log or a response could use to
 * repaint a terminal or to show something other than what it holds.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text from outside that can be shown on a terminal: escape sequences and control characters are gone, newlines and tabs stay. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, '');
}

/** The same on one line. */
export function harmlessLine(text: string): string {
  return harmless(text)
    .replace(/\s*[\n\u2028\u2029]\s*/g, ' ')
    .replaceAll('\t', ' ')
    .trim();
}

/** JSON that can be shown on a terminal and is still the same JSON: what JSON.stringify leaves as it is becomes an escape. */
export function harmlessJson(json: string): string {
  return json.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
