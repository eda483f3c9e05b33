import { expect, test } from 'vitest';
import { MAX_WORKER_BYTES, measureBuild } from '../../../src/node/build/measure-build.ts';

const MEBIBYTE = 1024 * 1024;
const ofSize = (mebibytes: number) =>
  new Map([
    ['index.js', 'é'],
    ['programs/large.js', 'x'.repeat(mebibytes * MEBIBYTE)],
    ['code/a.js.map', 'x'.repeat(MEBIBYTE)],
  ]);

test('modules are counted in bytes, maps are not', () => {
  expect(measureBuild(ofSize(1))).toMatchObject({ modules: 2, bytes: MEBIBYTE + 2, max_bytes: MAX_WORKER_BYTES, is_near_limit: false });
});

// at its limit: src/node/build/measure-build.ts MAX_WORKER_BYTES
test('a Worker near the limit is told so, one beyond it is refused by its largest modules', () => {
  expect(measureBuild(ofSize(64 - 2 / MEBIBYTE))).toMatchObject({ bytes: 64 * MEBIBYTE, is_near_limit: true });
  expect(() => measureBuild(ofSize(64 - 1 / MEBIBYTE))).toThrow(
    'the Worker is 64.0 MiB large, and Cloudflare takes 64.0 MiB; the largest modules are programs/large.js (64.0 MiB)',
  );
});
