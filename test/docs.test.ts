import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listOutcomes, readDocPage } from './support/doc-examples.ts';
import type { TestServer } from './support/http-server.ts';
import { openShopServer } from './support/shop-server.ts';
import { openTestProject, type TestProject } from './support/test-project.ts';

const names = readdirSync(new URL('../docs/flow/', import.meta.url)).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'docs/language.md', ...names.map((name) => `docs/flow/${name}`)].map((name) => ({
  name,
  ...readDocPage(name),
}));
const examples = pages.flatMap((page) => page.examples);

describe('the examples of the documentation', () => {
  let server: TestServer;
  let project: TestProject;

  beforeAll(async () => {
    server = await openShopServer(() => '{"city":"Paris"}');
    project = await openTestProject({ files: Object.assign({}, ...pages.map(({ files }) => files)) });
  });
  afterAll(async () => {
    await project?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('are found', () => expect(examples.length).toBeGreaterThan(30));

  test('keep their files apart', () => {
    const paths = pages.flatMap(({ files }) => Object.keys(files));
    expect(paths).toEqual([...new Set(paths)]);
  });

  test.each(examples)('$name ends as the page says', async ({ name, text, input, ends, journal }) => {
    const run = await project.runText(`ensembles/${name.replace(/\W/g, '-')}.yaml`, text, {
      input,
      vars: {
        SHOP_URL: server.origin,
        CATALOG_URL: `${server.origin}/products`,
        LLM_BASE_URL: `${server.origin}/v1`,
        LLM_MODEL: 'test-model',
      },
    });
    if ('failure' in ends) expect(run.finished).toMatchObject({ status: 'failed', failure: { code: ends.failure } });
    else
      expect({ status: run.finished.status, failure: run.finished.failure, output: run.finished.output }).toEqual({
        status: 'succeeded',
        ...ends,
      });
    if (journal !== undefined) expect(listOutcomes(run.events)).toBe(journal);
    // language.md shows what people write, warnings included; the pages about flow are to be copied.
    if (!name.startsWith('docs/language.md')) expect(run.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});
