/** A text, a bracket, a colon or comma, or anything else up to one of these: with JSON that was parsed already, nothing more is to be told apart. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * What is wrong with JSON that parses: a key that an object has twice (what one reader takes of it another does not: RFC 8259 §4), a number that is none any more (`1e999`). In words, or undefined. `text` must be valid JSON.
 */
export function findJsonFault(text: string): string | undefined {
  /** The keys of each object that is open; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let key: string | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    const keys = open.at(-1);
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && key !== undefined) {
      const name = JSON.parse(key) as string;
      if (keys?.has(name) === true) return `it has the key ${shorten(key)} twice in one object`;
      keys?.add(name);
    } else if (/^[-\d]/.test(token) && !Number.isFinite(Number(token))) return `it has a number that is too large: ${shorten(token)}`;
    key = token.startsWith('"') ? token : undefined;
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
