import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScopeAddress } from '../../../src/program/state-calls.ts';
import { askState, PLACES, setKeys, VERSIONED } from '../support/ask-state.ts';
import { openRunHost, type RunHost } from '../support/run-host.ts';

const SECRET = 'sk-of-the-host-1';
const VALUES = { plain: `Bearer ${SECRET}`, deep: { list: [SECRET, 1] } };

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost({ vars: { API_KEY: SECRET, REGION: 'europe' }, secrets: ['API_KEY'] });
});
afterAll(() => host.close());

test.each(PLACES)('a scope in $backend shows a secret variable in a value only when it is asked for', async (place) => {
  const address: ScopeAddress = { ...place, scope: 'secrets' };
  await setKeys(host, address, { ...VALUES, region: 'europe' });
  const { content } = await askState(host, { action: 'read', address }, 'content');
  expect(Object.fromEntries(content.keys.map(({ key, value }) => [key, value]))).toEqual({
    plain: 'Bearer [secret API_KEY]',
    deep: { list: ['[secret API_KEY]', 1] },
    region: 'europe',
  });
  const revealed = await askState(host, { action: 'read', address, reveal: true }, 'content');
  expect(Object.fromEntries(revealed.content.keys.map(({ key, value }) => [key, value]))).toMatchObject(VALUES);
  await host.call('state', { action: 'snapshot', address, name: 'kept', replace: false });
  const point = { type: 'snapshot', name: 'kept' } as const;
  expect(JSON.stringify(await askState(host, { action: 'read', address, point }, 'content'))).not.toContain(SECRET);
});

test.each(VERSIONED)('the history of a scope in $backend hides them, too', async (place) => {
  const address: ScopeAddress = { ...place, scope: 'secret-history' };
  await setKeys(host, address, VALUES);
  const { changes } = await askState(host, { action: 'history', address }, 'history');
  expect(JSON.stringify(changes)).not.toContain(SECRET);
  expect(JSON.stringify(changes)).toContain('[secret API_KEY]');
  const revealed = await askState(host, { action: 'history', address, reveal: true }, 'history');
  expect(JSON.stringify(revealed.changes)).toContain(SECRET);
});
