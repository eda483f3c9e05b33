import { afterAll, beforeAll, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { openRunHost, type RunHost } from './support/run-host.ts';

/** Its journal has more than is sent at a time, and sealed secrets, before it waits. */
const PROGRAM = `ensemble: long
state: { schema: { secret: { type: string, secret: true } } }
agents:
  - { name: hides, operation: code, config: { code: "return 'hidden-' + 'value';" }, state: { set: { secret: "\${hides.output}" } } }
  - { name: big, operation: code, config: { code: "return 'x'.repeat(200_000);" } }
  - { name: bigger, operation: code, config: { code: "return 'y'.repeat(200_000);" } }
  - { name: ready, operation: wait, config: { for_signal: go } }
  - { name: again, operation: log, config: { message: "\${state.secret}" }, state: { use: [secret] } }
`;

let host: RunHost;
beforeAll(async () => {
  host = await openRunHost({ vars: { [WORKER_BINDINGS.sealKey]: Buffer.alloc(32, 7).toString('base64') } });
});
afterAll(() => host?.close());

test('a run with secrets ends at once however many have read a part of its journal', async () => {
  const response = await host.send(PROGRAM, { run: 'long' });
  response.body?.cancel().catch(() => undefined);
  const isReady = async () => (await host.events('long')).some(({ type }) => type === 'run.waiting');
  await expect.poll(isReady).toBe(true);
  for (let from = 0; from < 8; from += 1) await host.events('long', from);
  await host.call('signal', { run: 'long', name: 'go' });
  const events: readonly RunEvent[] = await host.finished('long');
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
  expect(events.filter(({ type }) => type === 'run.resumed')).toEqual([]);
});

test('a journal of many rows is read from any of its events to its end', async () => {
  const each = '{ name: each, operation: code, loop: { items: "${input.items}" }, config: { code: "return \'x\'.repeat(60_000);" } }';
  const all = await host.run(`ensemble: rows\nagents: [${each}]\n`, {
    run: 'rows',
    input: { items: Array.from({ length: 40 }, (_, i) => i) },
  });
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index));
  for (const from of [0, 1, 40, 79, all.length - 1, all.length]) expect(await host.events('rows', from)).toEqual(all.slice(from));
});
