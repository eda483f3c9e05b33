import { cellWidth } from './fit-width.ts';

/** Rows as lines whose columns stand below each other, two cells apart; the last cell of a row is not filled up. Cells are one line each and `harmless` already. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cellWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - cellWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
