/** A `.gitignore` with the lines of another one that it lacks. */
export function joinIgnored(before: string, wanted: string): string {
  const plain = (line: string) => line.trim().replace(/^\//, '').replace(/\/$/, '');
  const there = new Set(before.split('\n').map(plain));
  const missing = wanted.split('\n').filter((line) => line !== '' && !there.has(plain(line)));
  if (missing.length === 0) return before;
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  const start = before === '' || before.endsWith('\n') ? before : `${before}${newline}`;
  return start + missing.map((line) => `${line}${newline}`).join('');
}
