const MANY = '*';
const ONE = '?';

/** Whether a text is a pattern and not just a key. */
export function isKeyPattern(text: string): boolean {
  return text.includes(MANY) || text.includes(ONE);
}

/**
 * Whether a key matches a pattern: `*` stands for any characters, none included, `?` for one; all else for itself. It goes back to the last `*` alone, so that no pattern costs more than its
 * length times that of the key.
 */
export function matchesKeyPattern(pattern: string, key: string): boolean {
  const wanted = [...pattern];
  const found = [...key];
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let position = 0; position < found.length; ) {
    const next = wanted[at];
    if (next === MANY) {
      star = at++;
      resume = position;
    } else if (next !== undefined && (next === ONE || next === found[position])) {
      at++;
      position++;
    } else if (star !== -1) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === MANY) at++;
  return at === wanted.length;
}
