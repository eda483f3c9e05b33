/** Text of a file as it is, where an editor would read it as Markdown: no link, image or heading comes of it. */
export function plainText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** A piece of code on one line. */
export function code(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((length, [run]) => Math.max(length, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text.replaceAll(/\s+/g, ' ')}${space}${fence}`;
}

/** Our Markdown as an editor without it shows it. */
export function withoutMarkdown(markdown: string): string {
  return markdown.replaceAll(/\\([^\w\s])/g, '$1').replaceAll(/\*\*|(?<!\\)`/g, '');
}
