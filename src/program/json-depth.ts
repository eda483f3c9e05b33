const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether JSON text nests lists and objects deeper than `levels`, told without parsing it: V8 parses any depth, at a hundred bytes a level, and what is
 * written or walked level by level afterwards runs out of stack. Of text that is no JSON it may say either.
 */
export function isDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((code | 0x20) === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if ((code | 0x20) === 0x7d) depth -= 1;
  }
  return false;
}
