import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/program/rules.ts';

const folder = new URL('../../src/language/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

describe('the table of rules', () => {
  test.each(Object.keys(RULES))('%s is reported somewhere in the compiler', (code) => {
    expect(sources).toMatch(new RegExp(`['"\x60]${code}['"\x60]`));
  });
});
