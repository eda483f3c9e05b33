/** What goes in place of a stretch of the body. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Lines of the module before the body's first one; an error at module line n is the body's line n − LINE_OFFSET. */
export const LINE_OFFSET = 3;

/**
 * The ES module of a body: `export default async (context) => value`, the contract with the engine's code runner (`context` has `input`, `state`,
 * `env`, `holes`, `agents`, `setState`, `console`, `signal`, `text(value)`). `context` is the name under which the edits reach it.
 * The names the author may use are constants of the outer function and the body is a function of its own, so that `const input = …` in it is no
 * second declaration. The body was parsed alone, so it cannot end that function early; it keeps its line structure.
 */
export function buildModule(body: string, context: string): string {
  return `export default async function (${context}) {
  const { input, state, env, setState, console, signal } = ${context};
  return (async function () {
${body}
  })();
}
`;
}

/** The text with the edits made, which must not overlap. Each edit keeps the number of lines of what it replaces. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** As many line ends as the text has, to stand where white space may: between brackets. */
export function lineEnds(text: string): string {
  return '\n'.repeat(text.split(/\r\n|[\n\r\u2028\u2029]/).length - 1);
}

/** A name that occurs nowhere in the body, whichever way it is spelled. */
export function unusedName(body: string, identifiers: Iterable<string>): string {
  const used = new Set(identifiers);
  for (let count = 0; ; count++) {
    const name = count === 0 ? '_e' : `_e${count}`;
    if (!used.has(name) && !body.includes(name)) return name;
  }
}
