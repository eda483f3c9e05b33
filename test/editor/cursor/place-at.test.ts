import { describe, expect, test } from 'vitest';
import { placeAt } from '../../../src/editor/cursor/place-at.ts';

function place(marked: string) {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const found = placeAt(text, offset);
  return found && `${found.role} ${found.path.join('.')} "${text.slice(found.start, found.end)}"`;
}

describe('the place of a cursor', () => {
  test.each([
    ['ag¦ents:\n  - name: a\n', 'key  "agents"'],
    ['a: 1\nb¦', 'key  "b"'],
    ['a: 1\n¦', 'key  ""'],
    ['¦', 'either  ""'],
    ['agents:\n  ¦\n', 'either agents ""'],
    ['agents:\n  - ¦\n', 'either agents.0 ""'],
    ['agents:\n  - name: a\n  - na¦\n', 'either agents.1 "na"'],
    ['agents:\n  - name: a\n    op¦\n    config: {}\n', 'key agents.0 "op"'],
    ['agents:\n  - name: a\n    config:\n      ¦\n    x: 1\n', 'either agents.0.config ""'],
    ['agents:\n  - name: a\n    operation: ht¦tp\n', 'value agents.0.operation "http"'],
    ['agents:\n  - name: a\n    operation: ¦\n  - name: b\n', 'value agents.0.operation ""'],
    ['agents:\n  - name: a\n    state: { use: [x, ¦] }\n', 'value agents.0.state.use.1 ""'],
    ['agents:\n  - name: a\n    state: { ¦ }\n', 'key agents.0.state ""'],
    ['agents:\n  - name: a\n    state: { use: [x¦\n  - name: b\n', 'value agents.0.state.use.0 "x"'],
    ['agents:\n  - name: a\n    config: { url: x, me¦ }\n', 'key agents.0.config "me"'],
    ['a:\n  use:\n    - x\n    - y¦\n', 'either a.use.1 "y"'],
    ['a: "quo¦ted text"\n', 'value a "quoted"'],
    ['a: |\n  some ¦text\n', 'value a "text"'],
    ['agent: ./path/to-¦file.yaml\n', 'value agent "./path/to-file.yaml"'],
    ['output: ${a.¦}\nx: 1\n', 'value output "a."'],
  ])('%j is %s', (marked, expected) => {
    expect(place(marked)).toBe(expected);
  });

  test('is none in a comment', () => {
    expect(place('a: 1 # com¦ment\n')).toBeUndefined();
    expect(place('# com¦ment\na: 1\n')).toBeUndefined();
  });

  test('takes the end of a scalar from the text, not from what stands in for the word to come', () => {
    const text = 'a: 1\nbc\nd: 2\n';
    const found = placeAt(text, text.indexOf('c') + 1);
    expect(found?.scalar).toEqual({ start: 5, end: 7, style: 'plain' });
  });
});
