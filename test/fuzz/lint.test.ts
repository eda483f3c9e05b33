import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SEED } from '../support/seed.ts';

const child = fileURLToPath(new URL('lint-all.ts', import.meta.url));

test('hostile and random texts end in findings inside them, each within 2 seconds, in 512 MiB', () => {
  // FUZZ_TEXTS=500 takes all hostile texts too.
  const { FUZZ_TEXTS: count = 60 } = process.env;
  const args = ['--max-old-space-size=512', child, String(SEED), String(count)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect({ status, stderr, problems: lines.slice(0, -1) }).toEqual({ status: 0, stderr: '', problems: [] });
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ count: expect.any(Number) });
}, 300_000);
