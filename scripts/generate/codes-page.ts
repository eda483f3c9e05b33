/** A page with one table of codes and their meanings. */
export function renderCodes(title: string, introduction: string, codes: Readonly<Record<string, string>>): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`);
  return `${[`# ${title}`, '', introduction, '', '| code | meaning |', '| --- | --- |', ...rows].join('\n')}\n`;
}
