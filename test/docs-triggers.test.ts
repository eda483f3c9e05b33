import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../src/language/compile.ts';
import { platformCrons } from '../src/program/platform-crons.ts';
import { listFences } from './support/markdown.ts';

const page = readFileSync(new URL('../docs/triggers.md', import.meta.url), 'utf8');
const ensembles = listFences(page).filter(({ info }) => info === 'yaml');

test.each(ensembles)('the ensemble in line $line of docs/triggers.md is one without findings, and has its trigger', ({ text }) => {
  const { program, diagnostics } = compile({ path: 'ensembles/example.yaml', text });
  expect(diagnostics).toEqual([]);
  expect(program?.triggers).toHaveLength(1);
});

test('docs/triggers.md shows each type of trigger', () => {
  const types = ensembles
    .flatMap(({ text }) => compile({ path: 'ensembles/example.yaml', text }).program?.triggers ?? [])
    .map(({ type }) => type);
  expect(types.toSorted()).toEqual(['cron', 'email', 'http', 'queue', 'webhook']);
});

test('the crons in docs/triggers.md are those that the platform needs', () => {
  const rows = [...page.matchAll(/^\| `((?:\S+ ){4}\S+)` \| (\S+) \| `(.+?)` \|$/gm)];
  expect(rows).toHaveLength(4);
  for (const [, cron = '', timezone = '', expected] of rows) expect(platformCrons({ cron, timezone })).toEqual([expected]);
});
