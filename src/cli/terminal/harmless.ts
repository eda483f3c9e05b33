import { stripVTControlCharacters } from 'node:util';

/**
 * What a name, a log or a response could use to repaint a terminal or to show something other than what it holds: C0 and C1 controls but for newline and
 * tab, DEL, the marks that reorder text (trojansource.codes), and characters that take no room and that no script needs (soft hyphen, zero-width space and
 * word joiner, byte order mark, annotation marks, tags).
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A stack of marks on one letter reaches over the lines around it. */
const PILE = /(\p{M}{8})(\p{M}+)/gu;

/**
 * The runner of GitHub Actions obeys `::command::` at the beginning of a line, and `##[command]` anywhere in one (actions/runner#4692); Azure's obeys `##vso[command]`.
 * TeamCity's `##teamcity[command]`. A text from outside has lines of its own, and many of our lines begin with a name from there; no command begins with a digit, as addresses (`::1`) do.
 */
const LINE_COMMAND = /^(?=[^\S\n]*::(?!\d))|\n(?=[^\S\n]*::)/g;
const COMMAND = /##(?=\w*\[)/g;

/** A text from outside that can be shown on a terminal or in a log: escape sequences and control characters are gone, newlines (all of them `\n`) and tabs stay. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replace(HIDDEN, '')
    .replace(PILE, '$1')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(LINE_COMMAND, '$&| ')
    .replace(COMMAND, '# #');
}

/** The same on one line. */
export function harmlessLine(text: string): string {
  return harmless(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('\t', ' ')
    .trim();
}

/**
 * JSON that can be shown on a terminal or in a log and is still the same JSON: what JSON.stringify leaves as it is becomes an escape, also the two line ends that JSON
 * does not take for one (U+2028, U+2029).
 */
export function harmlessJson(json: string): string {
  return json
    .replace(HIDDEN, escapeUnits)
    .replace(/[\u2028\u2029]/g, escapeUnits)
    .replace(PILE, (_, marks: string, more: string) => marks + escapeUnits(more))
    .replace(/##(\w*)\[/g, '##$1\\u005b');
}

function escapeUnits(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}
