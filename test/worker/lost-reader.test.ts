import { Miniflare } from 'miniflare';
import { expect, test } from 'vitest';
import { WORKER_COMPATIBILITY } from '../../src/program/host-protocol.ts';
import { bundleWorker } from './support/bundle-worker.ts';

test('an object learns in workerd that a reader of its lines is gone, although nothing happens', async () => {
  const miniflare = new Miniflare({
    modules: true,
    script: await bundleWorker('fixtures/lost-reader-worker.js'),
    compatibilityDate: WORKER_COMPATIBILITY.date,
    durableObjects: { TALKER: { className: 'Talker', useSQLite: true } },
  });
  try {
    const origin = await miniflare.ready;
    const leaving = new AbortController();
    const response = await fetch(new URL('/', origin), { signal: leaving.signal });
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('first\n');
    const hasEnded = async () => (await fetch(new URL('/ended', origin))).json();
    expect(await hasEnded()).toBe(false);
    leaving.abort();
    await expect.poll(hasEnded, { timeout: 60_000 }).toBe(true);
  } finally {
    await miniflare.dispose();
  }
});
