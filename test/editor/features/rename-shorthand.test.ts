import { expect, test } from 'vitest';
import { applyEdits } from '../../../src/editor/apply-edits.ts';
import { renameAt } from '../../../src/editor/features/rename.ts';
import { snapshotOf } from '../support/cursor.ts';

function renamed(text: string, name: string, newName: string): string {
  const snapshot = snapshotOf(text);
  const result = renameAt(snapshot, text.indexOf(name), newName);
  if ('refused' in result) throw new Error(result.refused);
  return applyEdits(text, result.edits);
}

// What stands before the name in its object says nothing of it, however long it is.
test.each(['x', 'x'.repeat(3_000), '}', '{', ')]}', '[(', '${"', ', '])(
  'a renamed agent keeps its key in an object that holds the text %.8j',
  (filler) => {
    const text = (inCode: string, inHole: string) => `ensemble: e
agents:
  - { name: ${inHole === 'step' ? 'step' : 'other'}, operation: transform, config: { value: 1 } }
  - name: code
    operation: code
    config:
      code: |
        const all = { a: ${JSON.stringify(filler)}, ${inCode} };
        return [all, ${inHole === 'step' ? 'step' : 'other'}];
  - name: hole
    operation: transform
    config:
      value: |-
        \${ { a: ${JSON.stringify(filler.replace('${', ''))}, ${inHole} } }
`;
    expect(renamed(text('step', 'step'), 'step', 'other')).toBe(text('step: other', 'step: other'));
  },
);

test('a renamed state key keeps the value that it is set to, also behind a text with brackets', () => {
  const text = (set: string, key: string) => `ensemble: e
state:
  schema: { ${key}: number, note: string }
agents:
  - name: code
    operation: code
    state: { set: [${key}, note] }
    config:
      code: |
        const total = 1;
        setState({ note: "}", ${set} });
        return total;
`;
  expect(renamed(text('total', 'total'), 'total', 'sum')).toBe(text('sum: total', 'sum'));
});
