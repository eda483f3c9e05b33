import { describe, expect, test } from 'vitest';
import { RESULT_FIELDS } from '../../../src/language/code/javascript-globals.ts';
import { BUILTIN_DOCS } from '../../../src/language/vocabulary/builtin-docs.ts';
import { FILTER_DOCS } from '../../../src/language/vocabulary/filter-docs.ts';
import { METHOD_DOCS } from '../../../src/language/vocabulary/method-docs.ts';
import type { NameDoc } from '../../../src/language/vocabulary/name-doc.ts';
import { RESULT_DOCS, ROOT_DOCS, RUN_DOCS } from '../../../src/language/vocabulary/root-docs.ts';
import { BUILTIN_NAMES, CONSTANTS } from '../../../src/program/expression-vocabulary.ts';

const all: readonly (readonly [string, NameDoc])[] = [
  ...Object.entries(ROOT_DOCS),
  ...Object.entries(RUN_DOCS),
  ...Object.entries(RESULT_DOCS),
  ...Object.entries(FILTER_DOCS),
  ...Object.values(METHOD_DOCS).flatMap((docs) => Object.entries<NameDoc>(docs)),
  ...BUILTIN_DOCS,
];

describe('the words of an expression', () => {
  // Roots, filters and methods are held by their types.
  test('are all explained: functions, constants, and what an agent leaves behind', () => {
    expect([...BUILTIN_DOCS.keys()].sort()).toEqual([...BUILTIN_NAMES, ...CONSTANTS.keys()].sort());
    expect(Object.keys(RESULT_DOCS).sort()).toEqual([...RESULT_FIELDS].sort());
  });

  test('are explained in a sentence, with how they are written', () => {
    for (const [name, { signature, text }] of all) {
      expect(signature).toContain(name);
      expect(text).toMatch(/\.$/);
      expect(text.length).toBeLessThan(200);
    }
  });
});
