import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerChat } from './support/chat-completions.ts';
import { openTestServer, sendJson, type TestServer } from './support/http-server.ts';
import { runCli } from './support/run-cli.ts';

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
};

const INVOICE = {
  number: '2026-117',
  currency: 'EUR',
  lines: [
    { description: 'consulting', amount: 300 },
    { description: 'travel', amount: 45.5 },
  ],
};

describe('the ensembles of this repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ensembles-'));
  let server: TestServer;
  let vars: readonly string[];

  beforeAll(async () => {
    for (const entry of ['ensembles', 'agents', 'migrations', 'wrangler.toml'])
      cpSync(join(root, entry), join(folder, entry), { recursive: true });
    server = await openTestServer((request, response) => {
      if (request.url.startsWith('/rates')) sendJson(response, { base: 'EUR', rate: 1.085 });
      else if (request.url.startsWith('/products')) {
        sendJson(response, {
          products: [
            { id: 1, name: 'pen', price: 2, stock: 0 },
            { id: 2, name: 'lamp', price: 40, stock: 3 },
          ],
        });
      } else
        answerChat(request, response, (chat) =>
          chat.messages.some((m) => JSON.stringify(m.content).includes('invoice'))
            ? JSON.stringify(INVOICE)
            : 'We spoke of the Analytical Engine.',
        );
    });
    vars = Object.entries({
      LLM_BASE_URL: `${server.origin}/v1`,
      LLM_MODEL: 'test-model',
      CATALOG_URL: `${server.origin}/products`,
      RATES_URL: `${server.origin}/rates`,
    }).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (name: string, ...more: string[]) =>
    runCli(['run', `ensembles/${name}.yaml`, '--input', `@ensembles/inputs/${name}.json`, ...vars, ...more], { cwd: folder });

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
  });

  test('catalog-sync keeps a record of its errors while the server is down', async () => {
    const down = await runCli(['run', 'ensembles/catalog-sync.yaml', '--var', 'CATALOG_URL=http://127.0.0.1:9/products'], { cwd: folder });
    expect(down.code).toBe(0);
    expect(JSON.parse(down.stdout)).toMatchObject({ success: false, products: [], errors_in_total: 1 });
  });

  test('each names its JSON Schema for editors', () => {
    for (const name of names)
      expect(readFileSync(join(root, 'ensembles', `${name}.yaml`), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/schemas\/ensemble\.schema\.json\n/,
      );
  });
});
