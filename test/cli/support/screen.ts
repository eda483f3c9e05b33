// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what a terminal reads
const TOKEN = /\x1b\[[\d;]*[A-Za-z]|[\s\S]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const CURSOR_UP = /^\x1b\[(\d+)A$/;

/** The few things a terminal does that the live reporter relies on: rows that wrap, `\r`, cursor up, clear to the end, colours ignored. */
export function renderScreen(written: string, columns: number): readonly string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  const tokens = written.match(TOKEN) ?? [];
  for (const token of tokens) {
    const up = CURSOR_UP.exec(token);
    if (up) row = Math.max(0, row - Number(up[1]));
    else if (token === '\u001b[0J') {
      rows.length = row + 1;
      rows[row]?.splice(column);
    } else if (token === '\r') column = 0;
    else if (token === '\n') {
      row += 1;
      column = 0;
    } else if (!token.startsWith('\u001b')) {
      if (column === columns) {
        row += 1;
        column = 0;
      }
      while (rows.length <= row) rows.push([]);
      (rows[row] as string[])[column] = token;
      column += 1;
    }
    while (rows.length <= row) rows.push([]);
  }
  const lines = rows.map((cells) => cells.join('').trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
