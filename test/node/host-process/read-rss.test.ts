import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRss } from '../../../src/node/host-process/read-rss.ts';

test('the memory of a process is known where the system has /proc', () => {
  const rss = readRss(process.pid);
  if (existsSync('/proc/self/status')) expect(rss).toBeGreaterThan(10 * 1024 ** 2);
  else expect(rss).toBeUndefined();
});

test('a process that is not there has none', () => {
  expect(readRss(2 ** 30)).toBeUndefined();
});
