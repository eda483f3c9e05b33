/**
 * What a text can do to whoever reads it: clear and repaint a terminal, set its title, ring, link (OSC 8), ask it for an answer, paste, go back on a line, conceal, in seven and eight bits;
 * turn text around or hide in it; stand over other lines; begin a line of its own; command the runners of GitHub and Azure; break out of Markdown, XML and JSON.
 */
export const HOSTILE = [
  ' ::error::a\u001b[2J\u001b[1A\u001b]0;title\u0007\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u0007',
  '\u001b[6n\u001b[200~\u001bP+q\u001b\\\u001b[8mhidden\u009b31m\u009d0;t\u009c\u0007\u0000\b\u007f\rover',
  '\u202er\u2066\u061c\u200b\u2060\ufeff\u00ad\u{e0041}\ud800',
  `z${'\u0301'.repeat(40)}`,
  '\n::error file=x::forged\n \u00a0::stop-commands::x\u2028::add-mask::a\u0085##[error]b##vso[task.complete]b##teamcity[blockOpened]c#\u001b[1m#[group]d',
  '"><script>&\'`|[x](command:y)%0A%0D::z',
].join('');

/** Colours and weights that the command itself draws with (picocolors); the author's `conceal` (8) is none of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what a terminal reads
const OWN_COLOURS = /\u001b\[(?:[0-4]|2[2-4]|3\d|9\d)m/g;
/** How the live view takes back what it drew. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const OWN_MOVES = /(?:\u001b\[\d+A)?\r?\u001b\[0J|\u001b\[H\u001b\[2J\u001b\[3J/g;
const ACTS = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const COMMANDS = /^\s*::|##\w*\[/;

/** The lines of an output that a terminal or the runner of a CI would act upon; none when all is well. */
export function actingLines(output: string, colours: boolean): readonly string[] {
  const own = output.replaceAll(OWN_MOVES, '');
  const lines = (colours ? own.replaceAll(OWN_COLOURS, '') : own).split('\n');
  return lines.filter((line) => ACTS.test(line.replaceAll('\t', '')) || COMMANDS.test(line) || /\p{M}{9}/u.test(line));
}
