import { describe, expect, test } from 'vitest';
import { code, plainText } from '../../src/editor/markdown.ts';
import { fc } from '../support/fast-check.ts';

const hostile = fc
  .array(
    fc.constantFrom(
      '[x](command:evil)',
      '![x](http://evil)',
      '<img src=x onerror=1>',
      '<!--',
      '`',
      '``',
      '\\',
      '\n',
      '\r\n',
      '# ',
      '> ',
      '|',
      '**',
      '~~',
      '{',
      '&lt;',
      'a',
      ' ',
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

describe('text of a file in the Markdown of an editor', () => {
  test('opens no link, image, element, code or line of its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const bare = plainText(text).replaceAll(/\\[\\`*_{}[\]<>#|~]/g, '');
        expect(bare).not.toMatch(/[\\`*_{}[\]<>#|~\n\r]/);
      }),
    );
  });

  test('is closed in as code, whatever backticks it has', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [, fence = '', inner = ''] = /^(`+)([^`].*[^`]|[^`])\1$/.exec(code(`x${text}x`)) ?? [];
        expect(fence).not.toBe('');
        expect([...inner.matchAll(/`+/g)].map(([run]) => run)).not.toContain(fence);
        expect(inner).not.toMatch(/[\n\r]/);
      }),
    );
  });
});
