import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../src/cli/terminal/render-markdown.ts';

const plain = picocolors.createColors(false);
const coloured = picocolors.createColors(true);

describe('Markdown on a terminal', () => {
  test('keeps the marks of code where there are no colours, and shows a colour in place of them where there are', () => {
    expect(renderMarkdown('A `word` and *more words*.', plain, 80)).toBe('A `word` and *more words*.\n');
    expect(renderMarkdown('A `word` and *more words*.', coloured, 80)).toBe(
      'A \u001b[36mword\u001b[39m and \u001b[3mmore words\u001b[23m.\n',
    );
  });

  test('joins the lines of a paragraph and breaks them anew, never inside of code', () => {
    expect(renderMarkdown('one two\nthree `four five` six', plain, 14)).toBe('one two three\n`four five`\nsix\n');
  });

  test('indents the lines under an item', () => {
    expect(renderMarkdown('- one two\n- three', plain, 7)).toBe('- one\n  two\n\n- three\n');
  });

  test('indents fences, names their file and breaks none of their lines', () => {
    const text =
      '# Title\n\n```yaml agents/a.yaml\nagent: a\n\n# not a heading but a comment that is longer than the terminal\n```\nAfter.';
    expect(renderMarkdown(text, plain, 20)).toBe(
      'Title\n\n    # agents/a.yaml\n    agent: a\n\n    # not a heading but a comment that is longer than the terminal\n\nAfter.\n',
    );
  });

  test('shows a fence that never ends', () => {
    expect(renderMarkdown('```\nx', plain, 20)).toBe('    x\n');
  });
});
