import { describe, expect, test } from 'vitest';
import { readModuleNames } from '../../../src/language/code/module-names.ts';

describe('the imports of a module', () => {
  test.each([
    ['import "a"', { line: 1, column: 1 }],
    ['const x = 1;\nexport * from "a"', { line: 2, column: 1 }],
    ['export default async (name) => {\n  return await import(name);\n}', { line: 2, column: 16 }],
    ['export default class { static x = [() => ({ [`${import("a")}`]: 1 })] }', { line: 1, column: 49 }],
  ])('are found wherever they stand: %s', (source, place) => {
    expect(readModuleNames(source).imports).toEqual(place);
  });

  test('are no text, no property and no `import.meta`', () => {
    expect(
      readModuleNames('export default (a) => [a.import, "import(x)", `import(x)`, import.meta.url] // import(x)').imports,
    ).toBeUndefined();
  });
});
