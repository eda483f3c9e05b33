import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/runtime/failure.ts';
import { eventsOf, runToEnd } from './support/test-run.ts';

const options = { env: { API_KEY: 'sk-very-secret', REGION: 'europe' }, secrets: ['API_KEY'] };

describe('a secret of the environment', () => {
  test('works in expressions and is in no event', async () => {
    let sent: unknown;
    const run = await runToEnd(
      `
ensemble: e
agents:
  - name: call
    operation: http
    config: { url: "http://x/", headers: { authorization: "Bearer \${env.API_KEY}" } }
  - { name: say, operation: log, config: { message: "key \${env.API_KEY} in \${env.REGION}" } }
output: { key: "\${env.API_KEY}", region: "\${env.REGION}" }
`,
      {
        ...options,
        http: (config) => {
          sent = config.headers;
          return {
            output: { echoed: config.headers ?? null },
            response: { status: 200, ok: true, headers: { 'x-echo': 'sk-very-secret' }, url: 'http://x/?k=sk-very-secret' },
          };
        },
      },
    );
    expect(sent).toEqual({ authorization: 'Bearer sk-very-secret' });
    expect(JSON.stringify(run.events)).not.toContain('sk-very-secret');
    expect(eventsOf(run, 'log')[0]?.message).toBe('key [secret API_KEY] in europe');
    expect(run.finished.output).toEqual({ key: '[secret API_KEY]', region: 'europe' });
  });

  test('is in no failure either', async () => {
    const run = await runToEnd('ensemble: e\nagents:\n  - { name: call, operation: http, config: { url: "http://x/" } }\n', {
      ...options,
      http: async () => {
        throw failure('NETWORK', 'connect sk-very-secret refused', { details: { seen: ['sk-very-secret'] } });
      },
    });
    expect(run.finished.failure).toMatchObject({ message: 'connect [secret API_KEY] refused', details: { seen: ['[secret API_KEY]'] } });
    expect(JSON.stringify(run.events)).not.toContain('sk-very-secret');
  });
});

describe('a state key with `secret: true`', () => {
  test('is hidden whole where it is set and loaded, and its texts everywhere from then on', async () => {
    const run = await runToEnd(
      `
ensemble: e
state:
  schema:
    token: { type: string, secret: true }
    pin: { type: number, secret: true }
    plain: string
  initial: { pin: 1234 }
agents:
  - name: login
    operation: http
    config: { url: "http://x/" }
    state: { set: { token: "\${login.output.token}", plain: fine } }
  - name: use
    operation: transform
    config: { value: "Bearer \${state.token}" }
    state: { use: [token] }
output: "\${use.output} \${state.plain}"
`,
      { http: () => ({ output: { token: 'tok-0123456789' } }) },
    );
    expect(JSON.stringify(run.events)).not.toContain('tok-0123456789');
    expect(eventsOf(run, 'state.loaded')[0]).toMatchObject({ values: {}, initial: { pin: '[secret pin]' } });
    expect(eventsOf(run, 'state.set')[0]).toMatchObject({
      values: { token: '[secret token]', plain: 'fine' },
      writes: { token: '[secret token]' },
    });
    expect(run.finished.output).toBe('Bearer [secret token] fine');
  });
});
