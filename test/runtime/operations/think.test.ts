import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import { failure } from '../../../src/runtime/failure.ts';
import { think } from '../../../src/runtime/operations/think/think.ts';
import { openTestServer, type ReceivedRequest, sendJson, type TestServer } from '../../support/http-server.ts';
import { type ContextOptions, failureOf, manualClock, START, type TestContext, testContext } from './operation-context.ts';

/** What the server answers next; each test sets its own. */
let answer: (response: ServerResponse, request: ReceivedRequest) => void;
let server: TestServer;

beforeEach(async () => {
  server = await openTestServer((request, response) => answer(response, request));
});
afterEach(() => server[Symbol.asyncDispose]());

/** A chat completion as OpenAI sends it. */
function completion(content: string | null, changes: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
    system_fingerprint: 'fp_1',
    ...changes,
  };
}

/** A message as Anthropic sends it. */
function message(content: JsonValue, changes: JsonObject = {}): JsonObject {
  return {
    id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1000, output_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    ...changes,
  };
}

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

function openai(config: JsonObject = {}): JsonObject {
  return { provider: 'openai', model: 'gpt-4o', prompt: 'Which city?', ...config };
}

function env(): Readonly<Record<string, string>> {
  return {
    OPENAI_API_KEY: 'sk-test-openai-key',
    OPENAI_BASE_URL: `${server.origin}/v1`,
    ANTHROPIC_API_KEY: 'sk-test-anthropic-key',
    ANTHROPIC_BASE_URL: server.origin,
  };
}

const context = (options: ContextOptions = {}): TestContext =>
  testContext({ env: env(), secrets: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'], ...options });
const run = async (config: JsonObject, own = context()) => think.run(config, own);
const fail = (config: JsonObject, own = context()) => failureOf(think, config, own);
const sent = (index = 0) => JSON.parse(server.requests[index]?.body ?? 'null') as Record<string, JsonValue>;

describe('think with openai', () => {
  test('asks chat completions and hands back text, model, usage and cost', async () => {
    answer = (response) => sendJson(response, completion('Paris.'));
    const result = await run(openai({ system: 'Be short.', temperature: 0.5, maxTokens: 50 }));
    expect(result).toEqual({
      output: 'Paris.',
      model: 'gpt-4o-2024-08-06',
      usage: { input_tokens: 1000, output_tokens: 100, cost_usd: 0.0035 },
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/v1/chat/completions' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-test-openai-key');
    expect(sent()).toMatchObject({
      model: 'gpt-4o',
      temperature: 0.5,
      max_tokens: 50,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'Which city?' },
      ],
    });
  });

  test('sends a conversation, the prompt last, and data as JSON', async () => {
    answer = (response) => sendJson(response, completion('ok'));
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'One' },
          { type: 'text', text: 'Two' },
        ],
      },
      { role: 'system', content: 'Now be brief.' },
    ];
    await run(openai({ messages, prompt: { a: 1 } }));
    const roles = (sent().messages as { role: string; content: JsonValue }[]).map(({ role, content }) => [role, content]);
    expect(roles).toEqual([
      ['user', 'Hi'],
      ['assistant', 'Hello'],
      ['user', 'One\nTwo'],
      ['system', 'Now be brief.'],
      ['user', '{"a":1}'],
    ]);
  });

  test('asks for a schema, strictly where it can be, and hands back the checked object', async () => {
    answer = (response) => sendJson(response, completion('{"city":"Paris"}'));
    expect((await run(openai(), context({ outputSchema: CITY }))).output).toEqual({ city: 'Paris' });
    expect(sent().response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: true, schema: CITY } });
    const loose = { type: 'object', properties: { city: { type: 'string' }, note: { type: 'string' } } };
    await run(openai({ schema: loose }));
    expect(sent(1).response_format).toMatchObject({ json_schema: { strict: false, schema: loose } });
  });

  test('wraps a schema that is not an object, and unwraps the answer', async () => {
    answer = (response) => sendJson(response, completion('{"value":["a","b"]}'));
    const schema = { type: 'array', items: { $ref: '#/$defs/word' }, $defs: { word: { type: 'string' } } };
    expect((await run(openai({ schema }))).output).toEqual(['a', 'b']);
    expect(sent().response_format).toMatchObject({
      json_schema: { schema: { type: 'object', required: ['value'], $defs: { word: { type: 'string' } } } },
    });
  });

  test('does not change a frozen schema', async () => {
    answer = (response) => sendJson(response, completion('{"city":"Paris"}'));
    const frozen = Object.freeze({ ...CITY, properties: Object.freeze({ city: Object.freeze({ type: 'string' }) }) });
    expect((await run(openai(), context({ outputSchema: frozen }))).output).toEqual({ city: 'Paris' });
  });

  test.each([
    ['words', 'Paris, of course', 'is not JSON: Paris, of course'],
    ['another object', '{"city": 5}', 'does not satisfy the schema (city: expected string, found the number 5): {"city": 5}'],
    ['nothing', '', 'is not JSON: it is empty'],
  ])('an answer of %s is MODEL_OUTPUT, retryable, and its usage is known', async (_case, text, problem) => {
    answer = (response) => sendJson(response, completion(text));
    expect(await fail(openai({ schema: CITY }))).toEqual({
      code: 'MODEL_OUTPUT',
      message: `the answer of gpt-4o ${problem}`,
      retryable: true,
      known: { model: 'gpt-4o-2024-08-06', usage: { input_tokens: 1000, output_tokens: 100, cost_usd: 0.0035 } },
    });
  });

  test('an answer that was cut off says so', async () => {
    const choices = [{ index: 0, message: { role: 'assistant', content: '{"city": "Pa' }, finish_reason: 'length' }];
    answer = (response) => sendJson(response, completion(null, { choices }));
    expect((await fail(openai({ schema: CITY }))).message).toContain('it was cut off at the token limit, raise "maxTokens"');
    const own = context();
    expect((await run(openai(), own)).output).toBe('{"city": "Pa');
    expect(own.warned).toEqual(['model-cut-off: the answer of gpt-4o was cut off at the token limit; raise "maxTokens"']);
  });

  test('a withheld answer is MODEL', async () => {
    const choices = [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'content_filter' }];
    answer = (response) => sendJson(response, completion(null, { choices }));
    expect(await fail(openai())).toMatchObject({
      code: 'MODEL',
      retryable: false,
      message: 'openai (gpt-4o) withheld its answer (content filter)',
    });
  });

  test('a setting that the model does not know is a warning', async () => {
    answer = (response) => sendJson(response, completion('ok', { model: 'o3' }));
    const own = context();
    await run(openai({ model: 'o3', temperature: 0 }), own);
    expect(own.warned).toEqual([expect.stringMatching(/^model-setting: openai \(o3\): temperature is not supported/)]);
  });
});

describe('a refusal of the provider', () => {
  const refuse = (status: number, text: string, headers: Record<string, string> = {}) => {
    answer = (response) => sendJson(response, { error: { message: text, type: 'x', param: null, code: null } }, status, headers);
  };

  test.each([
    ['seconds', { 'retry-after': '20' }, 20_000],
    ['a date', { 'retry-after': new Date(START + 5000).toUTCString() }, 5000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
  ])('by 429 is retryable after the wait it asks for (%s), and is sent once', async (_case, headers, retryAfterMs) => {
    refuse(429, 'Rate limit reached for gpt-4o', headers);
    expect(await fail(openai())).toEqual({
      code: 'MODEL',
      message: 'openai (gpt-4o) answered 429: Rate limit reached for gpt-4o',
      status: 429,
      retryable: true,
      retryAfterMs,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('by 500 is retryable', async () => {
    refuse(500, 'The server had an error');
    expect(await fail(openai())).toMatchObject({ code: 'MODEL', status: 500, retryable: true });
  });

  test('by 401 is not retryable and shows no key', async () => {
    refuse(401, 'Incorrect API key provided: sk-test-openai-key.');
    expect(await fail(openai())).toMatchObject({
      status: 401,
      retryable: false,
      message: 'openai (gpt-4o) answered 401: Incorrect API key provided: [secret OPENAI_API_KEY].',
    });
  });

  test('by a page of HTML is shown in short', async () => {
    answer = (response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html>Bad gateway</html>');
    };
    expect(await fail(openai())).toMatchObject({ code: 'MODEL', status: 502, retryable: true });
  });
});

describe('a broken answer', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['that is not JSON', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>hi</html>')],
    ['of another API', (response) => sendJson(response, { hello: 'world' })],
    ['without choices', (response) => sendJson(response, completion('x', { choices: [] }))],
    [
      'that breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"id":');
        setImmediate(() => response.destroy());
      },
    ],
  ])('%s is MODEL and retryable', async (_case, broken) => {
    answer = broken;
    expect(await fail(openai())).toMatchObject({ code: 'MODEL', retryable: true });
  });

  test('of brackets is not parsed', async () => {
    const levels = 1024 * 1024;
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('['.repeat(levels) + ']'.repeat(levels));
    };
    expect(await fail(openai())).toMatchObject({ code: 'OUTPUT_TOO_LARGE', message: expect.stringContaining('1000 levels') });
  });

  test('without end is not read to its end', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (response.write(Buffer.alloc(1024 * 1024, ' ')));
      };
      response.on('drain', more);
      more();
    };
    expect(await fail(openai())).toMatchObject({ code: 'OUTPUT_TOO_LARGE', retryable: false });
  });

  test('by a server that hangs up, or is not there, is NETWORK and retryable', async () => {
    answer = (response) => response.destroy();
    expect(await fail(openai())).toMatchObject({ code: 'NETWORK', retryable: true });
    const own = context();
    await server[Symbol.asyncDispose]();
    const gone = await fail(openai(), own);
    expect(gone).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(gone.message).toMatch(/^openai could not be reached: .*ECONNREFUSED/);
    server = await openTestServer(() => undefined);
  });

  // at its limit: src/runtime/operations/limits.ts MAX_MODEL_MS
  test('that never comes is given up after ten minutes when nobody says how long it may take', async () => {
    const arrived = Promise.withResolvers<void>();
    answer = () => arrived.resolve();
    const clock = manualClock();
    const failed = fail(openai(), context({ clock }));
    await arrived.promise;
    clock.advance(599_999);
    expect(await Promise.race([failed, new Promise((resolve) => setImmediate(resolve, 'under way'))])).toBe('under way');
    clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
      message: expect.stringMatching(/^openai \(gpt-4o\) took longer than the 600000 ms/),
    });
  });

  test('that is slow is cancelled by the signal, with its reason', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
      response.on('close', closed.resolve);
      arrived.resolve();
    };
    const controller = new AbortController();
    const failed = fail(openai(), context({ signal: controller.signal }));
    await arrived.promise;
    controller.abort(failure('TIMEOUT', 'too slow', { retryable: true }));
    expect(await failed).toEqual({ code: 'TIMEOUT', message: 'too slow', retryable: true });
    await closed.promise;
  });
});

describe('think with anthropic', () => {
  const claude = (config: JsonObject = {}): JsonObject => ({
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    prompt: 'Which city?',
    ...config,
  });

  test('asks the messages API and hands back text, usage and cost', async () => {
    answer = (response) => sendJson(response, message([{ type: 'text', text: 'Paris.' }]));
    expect(await run(claude({ system: 'Be short.', maxTokens: 99 }))).toEqual({
      output: 'Paris.',
      model: 'claude-sonnet-4-5-20250929',
      usage: { input_tokens: 1000, output_tokens: 100, cost_usd: 0.0045 },
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/v1/messages' });
    expect(server.requests[0]?.headers).toMatchObject({ 'x-api-key': 'sk-test-anthropic-key', 'anthropic-version': expect.any(String) });
    expect(sent()).toMatchObject({ model: 'claude-sonnet-4-5', max_tokens: 99, system: [{ type: 'text', text: 'Be short.' }] });
  });

  test('hands back the checked object, asked for natively or by a tool', async () => {
    answer = (response) => sendJson(response, message([{ type: 'text', text: '{"city":"Paris"}' }]));
    expect((await run(claude({ schema: CITY }))).output).toEqual({ city: 'Paris' });
    answer = (response) =>
      sendJson(
        response,
        message([{ type: 'tool_use', id: 'toolu_1', name: 'json', input: { city: 'Rome' } }], { stop_reason: 'tool_use' }),
      );
    expect((await run(claude({ model: 'claude-3-5-haiku-latest', schema: CITY }))).output).toEqual({ city: 'Rome' });
    expect(sent(1)).toMatchObject({ tools: [{ name: 'json' }], tool_choice: { type: 'any' } });
  });

  test('overload is retryable', async () => {
    answer = (response) => sendJson(response, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 529);
    expect(await fail(claude())).toMatchObject({
      code: 'MODEL',
      status: 529,
      retryable: true,
      message: 'anthropic (claude-sonnet-4-5) answered 529: Overloaded',
    });
  });
});

describe('think with openai-compatible', () => {
  const local = (config: JsonObject = {}): JsonObject => ({
    provider: 'openai-compatible',
    baseURL: `${server.origin}/v1/`,
    model: 'llama3.2',
    prompt: 'Which city?',
    ...config,
  });

  test('needs no key, sends one when there is one, and knows no price', async () => {
    answer = (response) => sendJson(response, completion('Paris.', { model: 'llama3.2' }));
    expect(await run(local(), testContext())).toEqual({
      output: 'Paris.',
      model: 'llama3.2',
      usage: { input_tokens: 1000, output_tokens: 100 },
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    await run(local({ apiKey: 'mine' }), testContext({ env: { OPENAI_COMPATIBLE_API_KEY: 'other' } }));
    await run(local(), testContext({ env: { OPENAI_COMPATIBLE_API_KEY: 'other' } }));
    expect(server.requests.slice(1).map(({ headers }) => headers.authorization)).toEqual(['Bearer mine', 'Bearer other']);
  });

  test('asks for the schema in both ways and forgives words and fences around the JSON', async () => {
    answer = (response) => sendJson(response, completion('Sure!\n```json\n{"city": "Paris"}\n```\nAnything else?'));
    expect((await run(local({ schema: CITY }), testContext())).output).toEqual({ city: 'Paris' });
    expect(sent().response_format).toMatchObject({ type: 'json_schema' });
    expect(JSON.stringify(sent().messages)).toContain('Answer only with JSON that satisfies this JSON Schema');
  });

  test('falls back to the instruction when the server refuses response_format', async () => {
    answer = (response, request) => {
      if (request.body.includes('response_format')) sendJson(response, { error: { message: 'response_format type is unavailable' } }, 400);
      else sendJson(response, completion('{"city":"Paris"}'));
    };
    expect((await run(local({ schema: CITY }), testContext())).output).toEqual({ city: 'Paris' });
    expect(server.requests).toHaveLength(2);
  });

  test('warns when the server does not count tokens', async () => {
    const { usage: _usage, ...uncounted } = completion('Paris.');
    answer = (response) => sendJson(response, uncounted);
    const own = testContext();
    expect(await run(local(), own)).not.toHaveProperty('usage');
    expect(own.warned).toEqual([
      expect.stringMatching(/^usage-unknown: openai-compatible \(llama3\.2\) did not say how many tokens it used/),
    ]);
  });
});

describe('think with workers-ai', () => {
  const flare = { provider: 'workers-ai', model: '@cf/meta/llama-3.1-8b-instruct', prompt: 'Which city?' };

  test('runs the model through the binding', async () => {
    const calls: JsonValue[] = [];
    const ai = {
      run: async (model: string, input: JsonValue) => {
        calls.push([model, input]);
        return { response: '{"city":"Paris"}', usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 } };
      },
    };
    const own = context({ bindings: { ai: () => ai } });
    expect(await run({ ...flare, schema: CITY }, own)).toEqual({
      output: { city: 'Paris' },
      model: '@cf/meta/llama-3.1-8b-instruct',
      usage: { input_tokens: 5, output_tokens: 6 },
    });
    expect(calls).toEqual([['@cf/meta/llama-3.1-8b-instruct', expect.objectContaining({ response_format: expect.anything() })]]);
  });

  test('needs the binding', async () => {
    expect(await fail(flare)).toMatchObject({ code: 'BINDING_MISSING', message: expect.stringContaining('[ai] binding = "AI"') });
  });

  test('a fault of the binding is MODEL', async () => {
    const ai = { run: () => Promise.reject(new Error('5007: No such model @cf/none or task')) };
    expect(await fail(flare, context({ bindings: { ai: () => ai } }))).toMatchObject({ code: 'MODEL', retryable: false });
  });
});

describe('a think config', () => {
  test.each<[string, JsonObject, string]>([
    [
      'no provider',
      { model: 'm', prompt: 'p' },
      'think needs "provider" to be one of openai, anthropic, workers-ai, openai-compatible, found nothing',
    ],
    ['no model', { provider: 'openai', prompt: 'p' }, 'think needs "model" to be a text such as gpt-4o, found nothing'],
    ['nothing to ask', { provider: 'openai', model: 'm' }, 'think needs a "prompt" or "messages", found neither'],
    [
      'only system messages',
      openai({ prompt: '', messages: [{ role: 'system', content: 'x' }] }),
      'think needs a message of the user in "messages", or a "prompt"',
    ],
    [
      'an odd role',
      openai({ messages: [{ role: 'tool', content: 'x' }] }),
      'think needs "messages[0].role" to be one of system, user, assistant, found the text "tool"',
    ],
    [
      'an image',
      openai({ messages: [{ role: 'user', content: [{ type: 'image' }] }] }),
      'think needs "messages[0].content" to be a text, found a list of 1',
    ],
    ['tools', openai({ tools: ['search'] }), 'think cannot run "tools" yet; call them with agents of their own before or after'],
    [
      'a hot temperature',
      openai({ temperature: 3 }),
      'think needs "temperature" to be a number at least 0 and at most 2, found the number 3',
    ],
    [
      'no address',
      { provider: 'openai-compatible', model: 'm', prompt: 'p' },
      'think needs "baseURL" to be the address of the server such as http://localhost:11434/v1 (or set OPENAI_COMPATIBLE_BASE_URL), found nothing',
    ],
    [
      'half an address',
      openai({ baseURL: 'localhost:1' }),
      'think needs the base URL to be a complete http(s) address, found the text "localhost:1"',
    ],
    ['a schema as text', openai({ schema: 'city' }), 'think needs "schema" to be a mapping, found the text "city"'],
  ])('with %s is CONFIG_INVALID', async (_case, config, text) => {
    expect(await fail(config)).toEqual({ code: 'CONFIG_INVALID', message: text, retryable: false });
    expect(server.requests).toHaveLength(0);
  });

  test('without a key says which variable to set, and where', async () => {
    expect(await failureOf(think, openai())).toEqual({
      code: 'CONFIG_INVALID',
      message:
        'think needs an API key for openai: put OPENAI_API_KEY=… into .dev.vars (deployed: wrangler secret put OPENAI_API_KEY), or pass --var OPENAI_API_KEY=…',
      retryable: false,
    });
  });
});
