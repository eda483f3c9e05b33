/** A row of a Durable Object's SQLite holds 2 MB; a UTF-16 unit takes at most 3 bytes. */
export const MAX_PIECE = 500_000;

/** The text in pieces that each fit into a row. No character is split: SQLite stores UTF-8, which has no halves of one. */
export function splitText(text: string): readonly string[] {
  if (text.length <= MAX_PIECE) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + MAX_PIECE, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
