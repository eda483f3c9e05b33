import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunHost, type RunHost } from './support/run-host.ts';

let host: RunHost;
const seen: string[] = [];
let asked: (() => void) | undefined;

beforeAll(async () => {
  const { Response } = await import('miniflare');
  host = await openRunHost({
    outbound: (request) => {
      const { pathname } = new URL(request.url);
      seen.push(pathname);
      if (pathname === '/slow') {
        asked?.();
        return new Promise(() => undefined);
      }
      return Response.json({ id: pathname.slice(1) }) as unknown as globalThis.Response;
    },
  });
});
afterAll(() => host.close());

test('a run that is cancelled in its Durable Object undoes what succeeded, and says so to whoever follows it', async () => {
  const slow = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const running = host.run(
    `
ensemble: saga
agents:
  - name: reserve
    operation: http
    config: { url: "http://shop.test/reserve" }
    compensate: { name: release, operation: http, config: { method: POST, url: "http://shop.test/release/\${reserve.output.id}" } }
  - name: note
    operation: code
    config: { code: "return { id: 'n1' }" }
    compensate: { name: unnote, operation: code, config: { code: "return 'undone ' + note.output.id" } }
  - { name: slow, operation: http, config: { url: "http://shop.test/slow" } }
`,
    { run: 'saga' },
  );
  await slow;
  await host.cancel('saga', 'Ctrl-C');
  const events = await running;
  expect(seen).toEqual(['/reserve', '/slow', '/release/reserve']);
  expect(events.slice(-7)).toMatchObject([
    { type: 'agent.failed', agent: 'slow', failure: { code: 'CANCELLED' } },
    { type: 'run.compensating', agents: ['note', 'reserve'] },
    { type: 'agent.started', agent: 'unnote', compensates: 'note' },
    { type: 'agent.finished', agent: 'unnote', output: 'undone n1' },
    { type: 'agent.started', agent: 'release', compensates: 'reserve' },
    { type: 'agent.finished', agent: 'release' },
    { type: 'run.finished', status: 'cancelled' },
  ]);
});
