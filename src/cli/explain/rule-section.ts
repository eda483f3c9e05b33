/** The section `## rule` of docs/rules.md, without its heading; undefined when there is none. */
export function ruleSection(page: string, rule: string): string | undefined {
  const lines = page.split('\n');
  const start = lines.indexOf(`## ${rule}`);
  if (start === -1) return undefined;
  let fenced = false;
  let end = start + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.startsWith('```')) fenced = !fenced;
    else if (!fenced && line.startsWith('## ')) break;
  }
  return lines
    .slice(start + 1, end)
    .join('\n')
    .trim();
}
