/** How far the bracket around a name is looked for. */
const MAX_DISTANCE = 2_000;

/**
 * Whether a name stands in an object literal as key and value at once, `{ total }`: found by the bracket around it, so that neither the braces of
 * `${total}` nor those of YAML's own mappings count.
 */
export function isShorthand(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  const before = /[{,]\s*$/.exec(text.slice(Math.max(0, start - 100), start));
  const after = /^\s*[,}]/.exec(text.slice(end, end + 100));
  if (before === null || after === null) return false;
  let depth = 0;
  for (let at = start - 1; at >= Math.max(0, start - MAX_DISTANCE); at--) {
    const char = text.charAt(at);
    if (')]}'.includes(char)) depth++;
    else if ('([{'.includes(char)) {
      if (depth === 0) return char === '{' && text[at - 1] !== '$';
      depth--;
    }
  }
  return false;
}
