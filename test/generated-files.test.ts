import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generateFiles } from '../scripts/generate.ts';

const files = await generateFiles();

describe('files made from the code', () => {
  test.each([...files])('%s is fresh (else: npm run generate)', (path, text) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text);
  });
});
