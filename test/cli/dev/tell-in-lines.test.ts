import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tellInLines } from '../../../src/cli/dev/tell-in-lines.ts';
import type { DevEvent, Served } from '../../../src/node/dev/dev-event.ts';
import { DEPLOYMENT_FORMAT, type EnsembleManifest } from '../../../src/program/deployment.ts';
import type { RunSummary } from '../../../src/program/host-calls.ts';
import type { TriggerPlan } from '../../../src/program/trigger.ts';
import { createFakeIo } from '../support/fake-io.ts';

const root = mkdtempSync(join(tmpdir(), 'ensemble-lines-'));
const ensemble = (id: string, triggers: readonly TriggerPlan[] = []): EnsembleManifest => ({
  id,
  name: id,
  file: `ensembles/${id}.yaml`,
  hash: id,
  engine: 'durable-object',
  triggers,
});
const served = (ensembles: readonly EnsembleManifest[], more: Partial<Served> = {}): Served => ({
  url: 'http://127.0.0.1:8787',
  manifest: { format: DEPLOYMENT_FORMAT, version: '0', code: 'static', vars: [], ensembles },
  provided: [],
  ...more,
});
const secret = { roots: [], parts: [] } as never;
const every: readonly TriggerPlan[] = [
  { type: 'http', path: '/orders/:id', methods: ['GET', 'POST'], cors: [], public: true },
  { type: 'webhook', path: '/hook', public: false, auth: { type: 'signature', secret } },
  { type: 'cron', cron: '30 9 * * *', timezone: 'Europe/Berlin' },
  { type: 'queue', queue: 'orders', batchSize: 5 },
  { type: 'email', addresses: ['a@example.com', '*@example.org'], public: true },
];

function tell(events: readonly DevEvent[], { cron = true, tty = false } = {}) {
  const io = createFakeIo({ cwd: root, tty });
  const say = tellInLines(io, { project: { root }, cron });
  for (const event of events) say(event);
  return { stdout: io.stdout.text.replace(/^\d\d:\d\d:\d\d/gm, '12:00:00'), stderr: io.stderr.text };
}

describe('what ensemble dev shows', () => {
  test('first: how each trigger is reached, and a line that tries the API', () => {
    const { stdout } = tell([{ type: 'ready', ...served([ensemble('shop/orders', every)], { key: 'dev_k', provided: ['queue orders'] }) }]);
    expect(stdout).toBe(`Serving http://127.0.0.1:8787

  api      http://127.0.0.1:8787/api/v1               1 ensemble
  http     GET,POST http://127.0.0.1:8787/orders/:id  shop/orders  public
  webhook  POST http://127.0.0.1:8787/hook            shop/orders  signature
  cron     30 9 * * * (Europe/Berlin)                 shop/orders  next 2027-01-15 08:30Z
  queue    orders                                     shop/orders  up to 5 messages a run
  email    a@example.com, *@example.org               shop/orders  public

Provided here though no wrangler configuration has it: queue orders; "ensemble doctor --fix" writes it.
.dev.vars has no ENSEMBLE_API_KEYS; until this ends, this key is good:
  curl -H 'authorization: Bearer dev_k' http://127.0.0.1:8787/api/v1/ensembles
Watching for changes; Ctrl-C ends.
`);
    expect(tell([{ type: 'ready', ...served([ensemble('a', every)]) }], { cron: false }).stdout).toMatch(/cron .* by command$/m);
  });

  test('after a reload: which ensembles changed, and the triggers only when they are others', () => {
    const before = served([ensemble('a', every.slice(0, 1))]);
    const after = served([ensemble('a', every.slice(0, 1)), ensemble('b', every.slice(3, 4))]);
    const { stdout } = tell([
      { type: 'ready', ...before },
      { type: 'reloaded', changed: ['a'], ...before },
      { type: 'reloaded', changed: ['b'], ...after },
      { type: 'reloaded', changed: [], ...after },
    ]);
    expect(stdout.split('Ctrl-C ends.\n')[1]).toBe(`12:00:00  reloaded a
12:00:00  reloaded b
  api    http://127.0.0.1:8787/api/v1               2 ensembles
  http   GET,POST http://127.0.0.1:8787/orders/:id  a            public
  queue  orders                                     b            up to 5 messages a run
12:00:00  reloaded
`);
  });

  test('a line for each request, run and cron', () => {
    const run: RunSummary = {
      run: 'r1',
      ensemble: 'a',
      file: 'ensembles/a.yaml',
      status: 'failed',
      started_at: 0,
      duration_ms: 1_500,
      last_event_at: 0,
      attempt: 1,
      steps: 1,
      agent: 'pay',
      failure: { code: 'TIMEOUT', message: 'no money' },
    };
    const { stdout } = tell([
      { type: 'request', method: 'GET', path: '/a', status: 404, duration_ms: 3 },
      { type: 'run', run },
      { type: 'cron', cron: '* * * * *', scheduled_time: 0 },
    ]);
    expect(stdout).toBe(
      '12:00:00  GET /a  404  3 ms\n12:00:00  run r1  a  failed in 1.5 s  pay TIMEOUT: no money\n12:00:00  cron * * * * *\n',
    );
  });

  test('mistakes on stderr, and whether anything is served', () => {
    const problem = tell([{ type: 'problem', message: 'wrangler.toml:1: oh', serving: true }]);
    expect(problem.stderr).toBe('error: wrangler.toml:1: oh\nWhat was served before still is; watching for changes.\n');
    const span = { file: 'ensembles/a.yaml', start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };
    const refused = tell([
      { type: 'refused', diagnostics: [{ code: 'unknown-key', severity: 'error', message: 'no', span }], serving: false },
    ]);
    expect(refused.stderr).toMatch(
      /^ensembles\/a\.yaml:1:1: error\[unknown-key\]: no[\s\S]*Nothing is served yet; watching for changes\.\n$/,
    );
  });

  test('nothing that a request or the Worker says can repaint the terminal', () => {
    const { stdout, stderr } = tell([
      { type: 'request', method: 'GET', path: '/\u001b[2J\u0007', status: 200, duration_ms: 1 },
      { type: 'log', line: '\u001b]0;title\u0007gone' },
      { type: 'problem', message: '\u001b[1A', serving: false },
    ]);
    for (const control of ['\u0007', '\u001b']) expect(stdout + stderr).not.toContain(control);
  });
});
