import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../src/program/diagnostic-codes.ts';

const folder = new URL('../../src/language/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

describe('the table of diagnostic codes', () => {
  test.each(Object.keys(DIAGNOSTIC_CODES))('%s is reported somewhere in the compiler', (code) => {
    expect(sources).toMatch(new RegExp(`['"\x60]${code}['"\x60]`));
  });
});
