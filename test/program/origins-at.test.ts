import { expect, test } from 'vitest';
import { originsAt } from '../../src/program/origins-at.ts';
import type { HttpTriggerPlan, TriggerPlan } from '../../src/program/trigger.ts';

const http = (path: string, cors: readonly string[], methods: readonly string[] = ['GET', 'POST']): HttpTriggerPlan => ({
  type: 'http',
  path,
  methods,
  cors,
  public: true,
});
const TRIGGERS: readonly TriggerPlan[] = [
  http('/*', ['*']),
  http('/admin', []),
  http('/orders/:id', ['https://shop.example'], ['GET']),
  http('/orders/:id', [], ['POST']),
  { type: 'webhook', path: '/hook', public: true },
  { type: 'cron', cron: '0 0 * * *', timezone: 'UTC' },
];

test.each([
  ['GET', '/anything/else', ['*']],
  ['POST', '/admin', []],
  ['POST', '/admin/', []],
  ['POST', '/%61dmin', []],
  ['GET', '/orders/7', ['https://shop.example']],
  ['POST', '/orders/7', []],
  ['POST', '/hook', []],
  ['GET', '/hook', ['*']],
  ['DELETE', '/anything', []],
  ['GET', '/%ff', []],
])('%s %s is for the pages of %j', (method, path, origins) => {
  const ensembles = TRIGGERS.map((trigger) => ({ triggers: [trigger] }));
  expect(originsAt(ensembles, path, method)).toEqual(origins);
  expect(originsAt(ensembles.toReversed(), path, method)).toEqual(origins);
});
