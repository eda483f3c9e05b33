import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../src/program/json.ts';
import { answerChat } from './support/chat-completions.ts';
import { openTestServer, sendJson, type TestServer } from './support/http-server.ts';
import { listFences } from './support/markdown.ts';
import { openTestProject, type TestProject } from './support/test-project.ts';

interface Example {
  readonly name: string;
  readonly text: string;
  readonly input: JsonValue;
  readonly output: JsonValue;
}

/** An example is a fence `yaml ensemble [input=JSON]`, and the fence after it (`json output` or `text output`) what it prints. */
function listExamples(page: string): Example[] {
  const fences = listFences(readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8'));
  return fences.flatMap((fence, i) => {
    if (!fence.info.startsWith('yaml ensemble')) return [];
    const printed = fences[i + 1];
    if (printed?.info !== 'json output' && printed?.info !== 'text output')
      throw new Error(`${page}:${fence.line}: no output follows the example`);
    return [
      {
        name: `${page}:${fence.line}`,
        text: fence.text,
        input: JSON.parse(/ input=(.+)$/.exec(fence.info)?.[1] ?? '{}') as JsonValue,
        output: printed.info === 'json output' ? (JSON.parse(printed.text) as JsonValue) : printed.text.replace(/\n$/, ''),
      },
    ];
  });
}

const examples = ['language.md'].flatMap(listExamples);

describe('the examples of docs/', () => {
  let server: TestServer;
  let project: TestProject;

  beforeAll(async () => {
    server = await openTestServer((request, response) => {
      if (request.url.startsWith('/products')) sendJson(response, { products: [{ name: 'pen' }, { name: 'lamp' }] });
      else answerChat(request, response, () => '{"city":"Paris"}');
    });
    project = await openTestProject({});
  });
  afterAll(async () => {
    await project?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('are found', () => expect(examples.length).toBeGreaterThan(10));

  test.each(examples)('$name prints what the page says', async ({ name, text, input, output }) => {
    const run = await project.runText(`ensembles/${name.replace(/\W/g, '-')}.yaml`, text, {
      input,
      vars: { CATALOG_URL: `${server.origin}/products`, LLM_BASE_URL: `${server.origin}/v1`, LLM_MODEL: 'test-model' },
    });
    expect(run.finished).toMatchObject({ status: 'succeeded' });
    expect(run.finished.output).toEqual(output);
  });
});
