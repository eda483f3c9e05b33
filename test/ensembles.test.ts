import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExampleServer } from './support/example-server.ts';
import { runCli, SHARED_HOST } from './support/run-cli.ts';
import { stopHostOf } from './support/stop-host.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(join(root, 'ensembles'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

/** What each ensemble prints for its sample input, on data that nothing has touched yet. */
const OUTPUTS: Readonly<Record<string, unknown>> = {
  'document-processor': { document: { id: 'a1', words: 4, longest: 'quick' }, total_documents: 1, total_words: 4 },
  'visit-counter': '/docs was visited 1 times',
  conversation: { response: 'We spoke of the Analytical Engine.', remembered: 0, tokens: { input_tokens: 21, output_tokens: 9 } },
  'catalog-sync': { success: true, products: [{ id: 2, name: 'lamp', price: 40, stock: 3 }], synced_in_total: 1, errors_in_total: 0 },
  'extract-invoice': {
    invoice: '2026-117',
    currency: 'EUR',
    total: 345.5,
    lines: [
      { description: 'consulting', amount: 300 },
      { description: 'travel', amount: 45.5 },
    ],
  },
  'sales-report': '# Sales on 2026-11-02\n\n| customer | EUR |\n| --- | ---: |\n| Ada | 120.00 |\n| Grace | 45.50 |\n\nTotal: 165.50 EUR',
  'exchange-rate': { amount: 108.5, currency: 'USD', fetched: true },
  readability: { score: 100, label: 'easy', words: 9 },
  research: {
    report: 'Heat pumps suit old houses.',
    sources: ['https://example.org/cost', 'https://example.org/both', 'https://example.org/noise', 'https://example.org/comfort'],
    unanswered: [],
  },
  'place-order': { order: 'a1', payment: 'pay-a1', tracking: 'T-a1' },
  'describe-product': { text: 'A lamp of oak that dims.', cached: false },
  'circuit-breaker': { rate: 1.085, source: 'server', asked: true },
  refund: { refunded: true, refund: 'r-o-1', asked: true, because: 'as agreed' },
  'nightly-sync': {
    sources: [
      { source: 'shop', records: 3, problem: null },
      { source: 'warehouse', records: 1, problem: null },
    ],
    totals: { shop: 3, warehouse: 1 },
    report: 'reports/sync.md',
    nights: 1,
  },
  'support-request': { filed: true, answer_within: '1 hour' },
  'trial-reminder': { customer: 'ann@example.com', reminded: true },
};

/** What a person answers. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = { refund: ['--answer', 'decision=approve:as agreed'] };

describe('the ensembles of this repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ensembles-'));
  let server: Awaited<ReturnType<typeof openExampleServer>>;
  let vars: readonly string[];

  beforeAll(async () => {
    for (const entry of ['ensembles', 'agents', 'migrations', 'wrangler.toml'])
      cpSync(join(root, entry), join(folder, entry), { recursive: true });
    server = await openExampleServer();
    vars = Object.entries(server.vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  });
  afterAll(async () => {
    await stopHostOf(folder);
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const ensemble = (...args: readonly string[]) => runCli(args, { cwd: folder, env: SHARED_HOST });
  const run = (name: string, ...more: string[]) =>
    ensemble('run', `ensembles/${name}.yaml`, '--input', `@ensembles/inputs/${name}.json`, ...vars, ...(ANSWERS[name] ?? []), ...more);

  test('each has a sample input and an expected output', () => expect(Object.keys(OUTPUTS).sort()).toEqual(names.toSorted()));

  test.each(names)('%s runs on its sample input', async (name) => {
    const { code, stdout, stderr } = await run(name);
    expect(stderr).not.toMatch(/✗|warning/);
    expect(code).toBe(0);
    const expected = OUTPUTS[name];
    expect(typeof expected === 'string' ? stdout : JSON.parse(stdout)).toEqual(typeof expected === 'string' ? `${expected}\n` : expected);
  });

  test('a second run finds what the first one left', async () => {
    expect((await run('visit-counter')).stdout).toBe('/docs was visited 2 times\n');
    expect(JSON.parse((await run('document-processor')).stdout)).toMatchObject({ total_documents: 2, total_words: 8 });
    expect(JSON.parse((await run('conversation')).stdout)).toMatchObject({ remembered: 2 });
    expect(JSON.parse((await run('exchange-rate')).stdout)).toMatchObject({ amount: 108.5, fetched: false });
    expect(JSON.parse((await run('describe-product')).stdout)).toMatchObject({ text: 'A lamp of oak that dims.', cached: true });
    expect(JSON.parse((await run('nightly-sync')).stdout)).toMatchObject({
      sources: [
        { source: 'shop', records: 0 },
        { source: 'warehouse', records: 0 },
      ],
      totals: { shop: 3, warehouse: 1 },
      nights: 2,
    });
  });

  test('catalog-sync keeps a record of its errors while the server is down', async () => {
    const down = await ensemble('run', 'ensembles/catalog-sync.yaml', '--var', 'CATALOG_URL=http://127.0.0.1:9/products');
    expect(down.code).toBe(0);
    expect(JSON.parse(down.stdout)).toMatchObject({ success: false, products: [], errors_in_total: 1 });
  });

  test('research leaves out what cannot be found, and says so', async () => {
    const { code, stdout } = await run('research', 'topic=the moon');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      sources: ['https://example.org/cost', 'https://example.org/both'],
      unanswered: ['Who lives there?'],
    });
  });

  test('describe-product writes the texts of a file, and of a file again only what is missing', async () => {
    const rows = join(folder, 'products.jsonl');
    cpSync(join(root, 'ensembles/inputs/products.jsonl'), rows);
    const each = () => ensemble('run', 'ensembles/describe-product.yaml', '--each', rows, '--json', ...vars);
    const results = (await each()).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; output: { text: string } });
    expect(results.toSorted((a, b) => a.line - b.line).map(({ output }) => output.text)).toEqual([
      'A lamp of oak that dims.',
      'Un stylo en acier.',
    ]);
    const asked = server.requests.length;
    expect((await each()).code).toBe(0);
    expect(server.requests).toHaveLength(asked);
  });

  test('place-order gives back the money and the goods when nobody ships', async () => {
    const before = server.requests.length;
    const failed = await run('place-order', 'order=late', 'pieces=1');
    expect(failed.code).toBe(3);
    expect(failed.stdout).toBe('');
    const asked = server.requests.slice(before).map(({ method, url }) => `${method} ${url}`);
    expect(asked).toEqual(['POST /payments', 'POST /shipments', 'DELETE /payments/pay-late']);
    // Of three lamps two are sold above; the third can still be had.
    expect((await run('place-order', 'order=a2', 'pieces=1')).code).toBe(0);
    expect((await run('place-order', 'order=a3', 'pieces=1')).stderr).toContain('There are not 1 of "lamp" left.');
  });

  test('circuit-breaker leaves a server alone that failed three times', async () => {
    const ask = async () => {
      const { stdout } = await run('circuit-breaker', '--var', 'RATES_URL=http://127.0.0.1:9/rates');
      return JSON.parse(stdout) as unknown;
    };
    const answer = { rate: 1.085, source: 'last good answer' };
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
      { ...answer, asked: true },
      { ...answer, asked: true },
      { ...answer, asked: true },
      { ...answer, asked: false },
    ]);
  });

  test('nightly-sync goes on with the other sources when one is down', async () => {
    const { stdout } = await ensemble('run', 'ensembles/nightly-sync.yaml', ...vars, '--input', '{"sources":["nobody","warehouse"]}');
    expect(JSON.parse(stdout)).toMatchObject({
      sources: [{ source: 'nobody', records: 0, problem: 'HTTP_STATUS' }, { source: 'warehouse' }],
    });
  });

  test('refund pays nothing back that was refused, and asks nobody about little', async () => {
    const refused = await ensemble(
      'run',
      'ensembles/refund.yaml',
      ...vars,
      'order=o-1',
      'reason=late',
      '--answer',
      'decision=reject:too late',
    );
    expect(JSON.parse(refused.stdout)).toEqual({ refunded: false, refund: null, asked: true, because: 'too late' });
    const nobody = await ensemble('run', 'ensembles/refund.yaml', ...vars, 'order=o-1', 'reason=late');
    expect(nobody).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/ensemble approve [0-9a-z]{26} decision\n/) });
    const small = await ensemble('run', 'ensembles/refund.yaml', ...vars, 'order=o-3', 'reason=late');
    expect(JSON.parse(small.stdout)).toEqual({ refunded: true, refund: 'r-o-3', asked: false, because: null });
  });

  test('each names its JSON Schema for editors', () => {
    for (const name of names)
      expect(readFileSync(join(root, 'ensembles', `${name}.yaml`), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/schemas\/ensemble\.schema\.json\n/,
      );
  });
});
