import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
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
