import { expect, test } from 'vitest';
import { findOriginal, renderLineMap } from '../../../src/node/build/source-map.ts';
import { fc } from '../../support/fast-check.ts';

const positive = fc.integer({ min: 1, max: 100_000 });

test('a place in a module is found again in the file that it came from', () => {
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.integer({ min: 1, max: 50 }),
      positive,
      positive,
      fc.nat(49),
      positive,
      (lineOffset, lines, line, column, at, right) => {
        const map = renderLineMap({ file: 'ensembles/a.yaml', lineOffset, lines, line, column });
        const inside = at < lines;
        expect(findOriginal(map, lineOffset + at + 1, right)).toEqual(
          inside ? { file: 'ensembles/a.yaml', line: line + at, column } : undefined,
        );
        if (lineOffset > 0) expect(findOriginal(map, lineOffset, right)).toBeUndefined();
      },
    ),
  );
});

test('the map of a bundler with several sources, and segments without one, is read', () => {
  const map = JSON.stringify({ version: 3, sources: ['a.ts', 'b.ts'], mappings: 'A;AAAA,IAAM;ACCN,EAAE,C' });
  expect(findOriginal(map, 1, 1)).toBeUndefined();
  expect(findOriginal(map, 2, 6)).toEqual({ file: 'a.ts', line: 1, column: 7 });
  expect(findOriginal(map, 3, 2)).toEqual({ file: 'b.ts', line: 2, column: 1 });
});
