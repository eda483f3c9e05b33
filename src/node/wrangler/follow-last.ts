/** One more entry behind the last one of a list or object. */
export interface NextEntry {
  /** What stands between the last entry and the closing bracket. */
  readonly gap: string;
  /** A comment of the format; global. */
  readonly comments: RegExp;
  /** Of the last entry's line. */
  readonly indent: string;
  readonly entry: string;
}

/**
 * The gap with the entry in it, in the manner of those before it: on a line of its own where the bracket closes on one, with a comma behind it where the last one has one. A comment behind the
 * last entry stays with that.
 */
export function followLast({ gap, comments, indent, entry }: NextEntry): string {
  const kept = gap.trimEnd();
  const rest = gap.slice(kept.length);
  const hasComma = gap.replace(comments, '').includes(',');
  if (!gap.includes('\n')) return `${hasComma ? kept : `,${kept}`} ${entry}${rest}`;
  return `${hasComma ? '' : ','}${kept}\n${indent}${entry}${hasComma ? ',' : ''}${rest}`;
}
