import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../src/editor/cursor/cursor.ts';
import { listQuickFixes } from '../../src/editor/features/code-actions.ts';
import { complete } from '../../src/editor/features/completion.ts';
import { findDefinition } from '../../src/editor/features/definition.ts';
import { fixAll } from '../../src/editor/features/fix-all.ts';
import { findHover } from '../../src/editor/features/hover.ts';
import { findReferences } from '../../src/editor/features/references.ts';
import { renameAt } from '../../src/editor/features/rename.ts';
import { listSymbols } from '../../src/editor/features/symbols.ts';
import { fc } from '../support/fast-check.ts';
import { snapshotOf } from './support/cursor.ts';

const folder = new URL('../../ensembles/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const PIECES = [
  '${',
  '}',
  '$<',
  '>',
  '"',
  "'",
  '`',
  '[',
  ']',
  '{',
  ': ',
  '\n',
  '  ',
  '- ',
  '|\n',
  '.',
  '#',
  '\t',
  '\0',
  '*a',
  '|',
  '\r\n',
  '\uFEFF',
];

/** A file of ours with something put in, taken out or cut off: what a text looks like while somebody writes it. */
const unfinished = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...PIECES), fc.nat({ max: 30 })), { maxLength: 3 }),
    fc.double({ min: 0.2, max: 1, noNaN: true }),
  )
  .map(([file, changes, kept]) =>
    changes.reduce(
      (text, [where, piece, gone]) => {
        const at = Math.floor(where * text.length);
        return text.slice(0, at) + piece + text.slice(at + gone);
      },
      file.slice(0, Math.floor(kept * file.length)),
    ),
  );

const text = fc.oneof({ weight: 4, arbitrary: unfinished }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) });

/** Everything that an editor can ask about a position. */
function askAll(source: string, offset: number): void {
  const snapshot = snapshotOf(source);
  const cursor = cursorAt(snapshot, offset);
  for (const { start, end } of complete(cursor)) expect(start <= offset && offset <= end && end <= source.length).toBe(true);
  const hover = findHover(cursor);
  if (hover !== undefined) expect(hover.start <= offset && offset <= hover.end).toBe(true);
  findDefinition(cursor);
  findReferences(cursor, true);
  renameAt(snapshot, offset, 'renamed');
  listQuickFixes(snapshot, offset, offset);
  listSymbols(source);
  fixAll(snapshot);
}

describe('the features of the editor', () => {
  test('answer at every place of any text, and stay around the cursor', () => {
    fc.assert(
      fc.property(text, fc.double({ min: 0, max: 1, noNaN: true }), (source, where) => {
        askAll(source, Math.round(where * source.length));
      }),
      { numRuns: 200 },
    );
  });

  test('answer at every place of our own examples', () => {
    for (const source of files) for (let offset = 0; offset <= source.length; offset += 101) askAll(source, offset);
  });
});
