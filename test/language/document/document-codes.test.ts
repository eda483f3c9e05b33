import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DOCUMENT_CODES } from '../../../src/language/document/document-codes.ts';
import { SHAPE_CODES } from '../../../src/language/schema/shape-codes.ts';

const sourceOf = (folder: string, but: string) =>
  readdirSync(new URL(`../../../src/language/${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts') && name !== but)
    .map((name) => readFileSync(new URL(`../../../src/language/${folder}/${name}`, import.meta.url), 'utf8'))
    .join('\n');

test.each([
  ['document', 'document-codes.ts', DOCUMENT_CODES],
  ['schema', 'shape-codes.ts', SHAPE_CODES],
])('every code of %s is one that is reported', (folder, list, codes) => {
  const source = sourceOf(folder, list);
  for (const code of Object.keys(codes)) expect(source).toContain(`'${code}'`);
});
