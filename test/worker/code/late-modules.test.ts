import { Miniflare } from 'miniflare';
import { expect, test } from 'vitest';
import { WORKER_COMPATIBILITY } from '../../../src/program/host-protocol.ts';
import { bundleWorker } from '../support/bundle-worker.ts';

/** The Worker's own libraries may ask for them long after the first code agent ran. */
const MODULES = [
  'buffer',
  'crypto',
  'events',
  'process',
  'stream',
  'stream/web',
  'string_decoder',
  'timers',
  'url',
  'util',
  'zlib',
  'http',
  'net',
  'path',
  'fs',
];

test('what code agents share is frozen such that modules of the platform can still be loaded', async () => {
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: '/index.js', contents: await bundleWorker('fixtures/late-modules-worker.js') }],
    modulesRoot: '/',
    compatibilityDate: WORKER_COMPATIBILITY.date,
    compatibilityFlags: ['nodejs_als', 'nodejs_compat'],
  });
  try {
    const asked = MODULES.map((name) => `module=node:${name}`).join('&');
    expect(await (await miniflare.dispatchFetch(`http://host/?${asked}`)).json()).toEqual({});
  } finally {
    await miniflare.dispose();
  }
});
