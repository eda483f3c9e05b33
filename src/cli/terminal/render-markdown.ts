import { cellWidth } from './fit-width.ts';
import type { Paint } from './paint.ts';

/**
 * Markdown as a terminal shows it: headings bold, paragraphs wrapped at `columns`, fenced text indented, emphasis and code in the text coloured in place
 * of their marks where there are colours. It knows what our own pages are made of: headings, paragraphs, lists of one level, fences.
 */
export function renderMarkdown(markdown: string, paint: Paint, columns: number): string {
  const blocks: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push(wrap(paragraph.join(' '), columns, paint));
    paragraph = [];
  };
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (line.startsWith('```')) {
      endParagraph();
      const end = lines.indexOf('```', i + 1);
      const close = end === -1 ? lines.length : end;
      const name = /^```\w+ (\S+)/.exec(line)?.[1];
      const fenced = lines.slice(i + 1, close).map((text) => (text === '' ? '' : `    ${text}`));
      blocks.push([...(name === undefined ? [] : [`    ${paint.dim(`# ${name}`)}`]), ...fenced].join('\n'));
      i = close;
    } else if (heading !== undefined) {
      endParagraph();
      blocks.push(paint.bold(heading));
    } else if (line.trim() === '') endParagraph();
    else {
      if (line.startsWith('- ')) endParagraph();
      paragraph.push(line.trim());
    }
  }
  endParagraph();
  return `${blocks.join('\n\n')}\n`;
}

/** Words between spaces; code or emphasis with spaces in it stays one word. */
const WORD = /(?:`[^`]*`|(?<!\S)\*[^*`]+\*|[^\s`])+/g;
/** A word's code and emphasis, marks included. */
const MARKED = /`([^`]*)`|^\*([^*`]+)\*/g;

function wrap(text: string, columns: number, paint: Paint): string {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const indent = text.startsWith('- ') ? '  ' : '';
  for (const [word] of text.matchAll(WORD)) {
    const shown = emphasize(word, paint);
    const cells = cellWidth(paint.isColorSupported ? word.replaceAll(MARKED, '$1$2') : word);
    if (line !== '' && width + 1 + cells > columns) {
      lines.push(line);
      line = indent + shown;
      width = indent.length + cells;
    } else {
      line += (line === '' ? '' : ' ') + shown;
      width += (width === 0 ? 0 : 1) + cells;
    }
  }
  return [...lines, line].join('\n');
}

/** Without colours the marks stay: they are what tells code from words then. */
function emphasize(word: string, paint: Paint): string {
  if (!paint.isColorSupported) return word;
  return word.replaceAll(MARKED, (_, code: string | undefined, words: string | undefined) =>
    code === undefined ? paint.italic(words ?? '') : paint.cyan(code),
  );
}
