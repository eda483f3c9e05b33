import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runServer } from '../../src/editor/run-server.ts';
import { LanguageClient } from './support/language-client.ts';

/** A server in this process, whose clock strikes when it is told to. */
function start() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const strikes = new Set<() => void>();
  const every = (_ms: number, callback: () => void) => {
    strikes.add(callback);
    return () => void strikes.delete(callback);
  };
  const ended = runServer({ input, output, every });
  const strike = () => {
    for (const callback of strikes) callback();
  };
  return { client: new LanguageClient(output, input), input, ended, strike, strikes };
}

test('the server ends with the process of its editor', async () => {
  const { client, ended, strike, strikes } = start();
  const { pid: processId } = spawnSync(process.execPath, ['--version']);
  await client.initialize('/', { processId });
  strike();
  expect(await ended).toBe(1);
  expect(strikes.size).toBe(0);
});

test('the server stays as long as its editor is there', async () => {
  const { client, ended, strike } = start();
  await client.initialize('/');
  strike();
  await client.shutdown();
  expect(await ended).toBe(0);
});

test('the server ends when its input ends', async () => {
  const { client, input, ended } = start();
  await client.initialize('/');
  input.end();
  expect(await ended).toBe(1);
});

test('what was to be sent a moment later is not sent any more when the editor has gone', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const put = new Set<() => void>();
  const later = (run: () => void) => {
    put.add(run);
    return { cancel: () => void put.delete(run) };
  };
  const ended = runServer({ input, output, every: () => () => {}, later });
  const client = new LanguageClient(output, input);
  await client.initialize('/');
  const textDocument = { uri: 'file:///x/ensembles/x.yaml', languageId: 'yaml', version: 1, text: 'ensemble: x\n' };
  await client.connection.sendNotification('textDocument/didOpen', { textDocument });
  await client.shutdown();
  await ended;
  expect(put.size).toBe(0);
});

describe('a message that is none of the protocol', () => {
  const frame = (body: string, length = Buffer.byteLength(body)) => `Content-Length: ${length}\r\n\r\n${body}`;
  const say = (message: object) => frame(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const open = (document: object) =>
    say({ method: 'textDocument/didOpen', params: { textDocument: { languageId: 'yaml', version: 1, ...document } } });
  const hover = (uri: unknown, more: object = { position: { line: 0, character: 0 } }) =>
    say({ id: 7, method: 'textDocument/hover', params: { textDocument: { uri }, ...more } });
  const at = (uri: string) => open({ uri, text: 'ensemble: x\n' }) + hover(uri);
  const change = (...contentChanges: readonly object[]) =>
    say({ method: 'textDocument/didChange', params: { textDocument: { uri: 'file:///x/ensembles/x.yaml', version: 2 }, contentChanges } });
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  test.each([
    ['no JSON', frame('{"jsonrpc"')],
    ['null, a number, a list', frame('null') + frame('3') + frame('[{}]')],
    ['parameters 200,000 levels deep', frame(`{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":${deep}}`)],
    ['an id 200,000 levels deep', frame(`{"jsonrpc":"2.0","id":${deep},"method":"x"}`)],
    [
      'methods that objects inherit',
      say({ id: 7, method: 'constructor' }) + say({ id: 8, method: '__proto__', params: {} }) + say({ method: 'toString' }),
    ],
    [
      'parameters that are missing',
      say({ id: 7, method: 'textDocument/hover', params: null }) + say({ id: 8, method: 'textDocument/hover', params: {} }),
    ],
    ['a URI of another type', hover(5) + hover(null) + hover({})],
    ['a text of another type', open({ uri: 'file:///x/ensembles/x.yaml', text: 5 }) + open({ uri: 'file:///y/ensembles/y.yaml' })],
    [
      'a position outside, or none',
      at('file:///x/ensembles/x.yaml') +
        hover('file:///x/ensembles/x.yaml', { position: { line: -1, character: 1e9 } }) +
        hover('file:///x/ensembles/x.yaml', {}),
    ],
    [
      'a change of what is not open, without text, or outside',
      change({ text: 'x' }) +
        at('file:///x/ensembles/x.yaml') +
        change({}) +
        change({ text: 'x', range: { start: { line: 9e9, character: -4 }, end: { line: -3, character: 1e9 } } }),
    ],
    ['a file of another machine', at('file://evil.example/share/ensembles/x.yaml')],
    [
      'file names that cannot be',
      at('file:///tmp/a%00b/ensembles/x.yaml') + at('file:///tmp/%E0%A4%A/ensembles/x.yaml') + at('file:///a%2Fb/ensembles/x.yaml'),
    ],
    ['other schemes', at('http://evil.example/ensembles/x.yaml') + at('__proto__') + at('untitled:x')],
    [
      'a document of 20 MB',
      open({ uri: 'file:///x/ensembles/x.yaml', text: 'a: b\n'.repeat(4_000_000) }) + hover('file:///x/ensembles/x.yaml'),
    ],
    [
      'a cancellation of nothing',
      say({ method: '$/cancelRequest', params: { id: { toString: 1 } } }) + say({ method: '$/cancelRequest', params: null }),
    ],
  ])('leaves the server answering: %s', async (_, bytes) => {
    const { client, input, ended } = start();
    await client.initialize('/');
    input.write(bytes);
    await client.shutdown();
    expect(await ended).toBe(0);
  });

  test.each([
    ['lies about its length', frame('{"jsonrpc":"2.0","id":7,"method":"x"}', 10)],
    ['has a length that is none', 'Content-Length: -5\r\n\r\n{}'],
    ['has no length', 'X: y\r\n\r\n{}'],
    ['promises more than there is', 'Content-Length: 99999999999999\r\n\r\n{}'],
    ['has a head without end', 'X'.repeat(2_000_000)],
  ])('ends with the stream, and in no bug: it %s', async (_, bytes) => {
    const { client, input, ended } = start();
    await client.initialize('/');
    input.end(bytes);
    expect(await ended).toBe(1);
  });
});
