import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bench = fileURLToPath(new URL('../../bench/', import.meta.url));
const listResults = (): readonly string[] =>
  readdirSync(`${bench}results`).map((file) => `${file} ${statSync(`${bench}results/${file}`).mtimeMs}`);

test('a smoke run of the benchmarks works without the peers and writes nothing', () => {
  const before = listResults();
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${bench}run.ts`, '--smoke', 'expressions', 'engine'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('Ensemble, 10 agents');
  expect(listResults()).toEqual(before);
});

test('a benchmark that does not exist is refused with those that do', () => {
  const { status, stderr } = spawnSync(process.execPath, [`${bench}run.ts`, 'nothing'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^no benchmark "nothing"; there are: .*\bengine\b.*\bexpressions\b/);
});
