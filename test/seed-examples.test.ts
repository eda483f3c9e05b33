import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../src/language/compile.ts';
import { EMPTY_PROJECT } from '../src/language/project-index.ts';
import type { JsonValue } from '../src/program/json.ts';
import { completeFragment, listSeeds, readSeed, seedAgents, seedsPresent } from './support/seed-examples.ts';
import { openTestProject, type TestProject } from './support/test-project.ts';

if (!seedsPresent) process.stdout.write('The published examples are not beside this checkout: their tests are skipped.\n');

/** The servers that the examples suppose. `api.example.com` answers as `api` says. */
interface Servers {
  api: (request: Request) => Response;
  readonly requests: { readonly url: string; readonly headers: Record<string, string>; readonly body: string }[];
}

const chatAnswer = (content: string): Response =>
  Response.json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });

describe.runIf(seedsPresent)('the published examples run as printed', () => {
  const servers: Servers = { api: () => Response.json({ ok: true }), requests: [] };
  let project: TestProject;

  beforeAll(async () => {
    project = await openTestProject({
      files: seedAgents(),
      outbound: async (request) => {
        servers.requests.push({ url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() });
        const { hostname } = new URL(request.url);
        if (hostname === 'api.openai.com') return chatAnswer('Nice to see you again.');
        return servers.api(request);
      },
    });
  });
  afterAll(async () => project?.[Symbol.asyncDispose]());

  const run = (name: string, input: JsonValue = {}, vars: Record<string, string> = {}) =>
    project.runText(`ensembles/${name}`, readSeed(name), { input, vars, secretVars: Object.keys(vars) });
  const sql = (query: string, ...params: JsonValue[]) =>
    project.runText(
      'ensembles/sql.yaml',
      `ensemble: sql\nagents:\n  - name: query\n    operation: data\n    config: { backend: d1, query: '\${input.query}', params: '\${input.params}' }\noutput: \${query.output.rows}\n`,
      { input: { query, params } },
    );
  const kv = (action: 'get' | 'put', key: string, value: JsonValue = null) =>
    project.runText(
      'ensembles/kv.yaml',
      `ensemble: kv\nagents:\n  - name: query\n    operation: storage\n    config: { type: kv, action: ${action}, key: '\${input.key}', value: '\${input.value}' }\noutput: \${query.output${action === 'get' ? '.value' : ''}}\n`,
      { input: { key, value } },
    );

  test('01 counts the words of a document', async () => {
    const { finished } = await run('01-document-processor.yaml', { doc_id: 'a1', content: 'the quick brown fox' });
    expect(finished).toMatchObject({ status: 'succeeded', output: { total_documents: 1, total_words: 4 } });
  });

  test('02 takes its configuration from KV', async () => {
    await kv('put', 'pipeline-config', {
      api_url: 'https://api.example.com/data',
      api_key: 'k-123',
      ai_provider: 'openai',
      ai_model: 'gpt-4o',
    });
    servers.requests.length = 0;
    const { finished } = await run('02-configurable-pipeline.yaml', { text: 'Hello' }, { OPENAI_API_KEY: 'sk-test' });
    expect(finished).toMatchObject({ status: 'succeeded', output: 'Nice to see you again.' });
    expect(servers.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['https://api.example.com/data', 'Bearer k-123'],
      ['https://api.openai.com/v1/chat/completions', 'Bearer sk-test'],
    ]);
    expect(JSON.parse(servers.requests[1]?.body ?? '')).toMatchObject({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
  });

  test('03 succeeds with a tracked error while its server is down', async () => {
    servers.requests.length = 0;
    servers.api = () => new Response('down for "maintenance" \\ ${step1.output} */', { status: 503 });
    const { finished } = await run('03-resilient-pipeline.yaml');
    expect(finished).toMatchObject({
      status: 'succeeded',
      output: { success: false, errors: [{ agent: 'step1', timestamp: expect.any(Number) }] },
    });
    const { errors } = finished.output as { errors: { error: string }[] };
    expect(errors).toHaveLength(1);
    expect(errors[0]?.error).toContain('down for "maintenance" \\ ${step1.output} */');
    expect(servers.requests).toHaveLength(3);
    servers.api = () => Response.json({ ok: true });
    expect((await run('03-resilient-pipeline.yaml')).finished).toMatchObject({ status: 'succeeded', output: { success: true } });
  });

  test('04 reads and writes real rows', async () => {
    await sql('CREATE TABLE conversations (user_id TEXT, role TEXT, content TEXT, timestamp INTEGER)');
    await sql("INSERT INTO conversations VALUES ('u1', 'user', 'My name is Ada.', 1)");
    servers.requests.length = 0;
    const { finished } = await run(
      '04-contextual-conversation.yaml',
      { user_id: 'u1', message: 'Who am I?' },
      { OPENAI_API_KEY: 'sk-test' },
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: { response: 'Nice to see you again.' } });
    const sent = JSON.parse(servers.requests[0]?.body ?? '') as { messages: { content: string }[] };
    expect(sent.messages[0]?.content).toContain('user: My name is Ada.');
    expect(sent.messages[0]?.content).toContain('New message: Who am I?');
    const rows = await sql('SELECT user_id, role, content FROM conversations ORDER BY timestamp');
    expect(rows.finished.output).toEqual([
      { user_id: 'u1', role: 'user', content: 'My name is Ada.' },
      { user_id: 'u1', role: 'assistant', content: 'Nice to see you again.' },
    ]);
  });

  test('05 run twice with one workflow_id gives progress 10, then 20', async () => {
    await run('05-stateful-workflow-kv.yaml', { workflow_id: 'w1' });
    expect((await kv('get', 'workflow-w1')).finished.output).toMatchObject({ progress: 10, data: { updated: expect.any(Number) } });
    await run('05-stateful-workflow-kv.yaml', { workflow_id: 'w1' });
    expect((await kv('get', 'workflow-w1')).finished.output).toMatchObject({ progress: 20 });
    expect((await kv('get', 'workflow-w2')).finished.output).toBeNull();
  });

  test('06 updates a real row', async () => {
    await sql('CREATE TABLE workflow_state (id TEXT PRIMARY KEY, status TEXT, updated_at INTEGER)');
    await sql("INSERT INTO workflow_state VALUES ('w1', 'new', 0)");
    expect((await run('06-stateful-pipeline-d1.yaml', { workflow_id: 'w1' })).finished.status).toBe('succeeded');
    expect((await sql('SELECT status, updated_at > 0 AS updated FROM workflow_state')).finished.output).toEqual([
      { status: 'processing', updated: 1 },
    ]);
    expect((await run('06-stateful-pipeline-d1.yaml', { workflow_id: 'absent' })).finished.status).toBe('succeeded');
  });

  test('07 runs with agent files for its agents', async () => {
    const { finished, events } = await run('07-my-ensemble.yaml');
    expect(finished).toMatchObject({ status: 'succeeded', output: 'from agent2' });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'state.set', agent: 'agent1', values: { shared_data: { from: 'agent1' } } }),
    );
  });

  test('08 is an agent file that an ensemble uses', async () => {
    const { finished } = await project.runText(
      'ensembles/use-08.yaml',
      'ensemble: use-08\nagents:\n  - name: counter\n    agent: stateful-agent\noutput: ${counter.output}\n',
    );
    expect(finished).toMatchObject({ status: 'succeeded', output: { count: 1 } });
  });
});

describe.runIf(seedsPresent)('the published fragments', () => {
  test.each(listSeeds('fragments/'))('%s compiles inside a minimal ensemble', (name) => {
    const { program, diagnostics } = compile({ path: `ensembles/${name}`, text: completeFragment(name) }, EMPTY_PROJECT);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(program?.body.steps.length).toBeGreaterThan(0);
  });
});
