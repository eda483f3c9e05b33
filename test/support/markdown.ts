/** A fenced block of a Markdown file: its info string (`yaml ensemble input={…}`), its text and the line it opens on (from 1). */
export interface Fence {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

export function listFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const open = /^```(\S.*)$/.exec(lines[i] ?? '');
    if (!open) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`the fence that opens on line ${i + 1} is never closed`);
    fences.push({ info: (open[1] ?? '').trim(), text: `${lines.slice(i + 1, end).join('\n')}\n`, line: i + 1 });
    i = end;
  }
  return fences;
}
