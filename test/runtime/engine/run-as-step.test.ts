import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { failure } from '../../../src/runtime/failure.ts';
import type { OperationResult } from '../../../src/runtime/operations/operation.ts';
import { FakeClock } from './support/fake-clock.ts';
import { MemorySteps } from './support/memory-steps.ts';
import { startRun, type TestRunOptions } from './support/test-run.ts';

const TWO = `
ensemble: two
limits: { max_tokens: 100 }
agents:
  - { name: ask, operation: think, config: { provider: openai, model: m, prompt: hi } }
  - { name: send, operation: http, config: { url: "http://x/\${ask.output}" } }
output: "\${send.output}"
`;

const answers: TestRunOptions = {
  think: () => ({ output: 'hello', usage: { input_tokens: 40, output_tokens: 20 }, model: 'm' }),
  http: ({ url }) => ({ output: `sent to ${String(url)}` }),
};

const withoutTimes = (events: readonly RunEvent[]) => events.map(({ at: _at, ...event }) => event);

async function runWith(steps: MemorySteps | undefined, clock: FakeClock, options: TestRunOptions, source = TWO) {
  const run = startRun(source, { ...options, clock, ports: { ...options.ports, ...(steps === undefined ? {} : { steps }) } });
  for (let ended = false; !ended; ) {
    ended = await Promise.race([run.done.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
    if (!ended) await clock.advance(10);
  }
  return run;
}

/** Nobody answers. */
const untilAborted = (_question: object, signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('agents as steps of the host', () => {
  test('leave the same events as without', async () => {
    let calls = 0;
    const flaky: TestRunOptions = {
      http: (): OperationResult => {
        calls += 1;
        if (calls % 3 !== 0) throw failure('NETWORK', 'cut off', { retryable: true });
        return { output: 'sent' };
      },
    };
    const source = `
ensemble: retried
agents:
  - { name: send, operation: http, config: { url: "http://x/" }, retry: { maxAttempts: 3, initialDelay: 20ms, jitter: false } }
`;
    const [one, other] = [new FakeClock(), new FakeClock()];
    const plain = await runWith(undefined, one, flaky, source);
    const steps = new MemorySteps(other);
    const stepped = await runWith(steps, other, flaky, source);
    expect(withoutTimes(stepped.events)).toEqual(withoutTimes(plain.events));
    expect(steps.told.map(([start, { type }]) => [start, type])).toEqual([
      ['send', 'again'],
      ['send', 'again'],
      ['send', 'end'],
    ]);
  });

  test('are not done again when a crash came between the end of a step and its record', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    const first = await runWith(steps, clock, answers);
    const cut = first.events.findIndex((event) => event.type === 'agent.finished' && event.agent === 'send');
    const never = (): never => {
      throw new Error('it is done already');
    };
    const second = await runWith(steps, clock, { ...answers, http: never, recorded: first.events.slice(0, cut) });
    expect((await second.done).output).toBe('sent to http://x/hello');
  });

  test('count what a model used once, also when the end comes from the host', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    const first = await runWith(steps, clock, answers);
    const cut = first.events.findIndex((event) => event.type === 'agent.finished' && event.agent === 'ask');
    const second = await runWith(steps, clock, { ...answers, recorded: first.events.slice(0, cut) });
    expect((await second.done).usage).toEqual({ input_tokens: 40, output_tokens: 20 });
  });

  test('tell the host of a failure without the secrets in it', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    const http = (): never => {
      throw failure('NETWORK', 'no way to hunter2hunter2');
    };
    const run = await runWith(steps, clock, { ...answers, http, env: { KEY: 'hunter2hunter2' }, secrets: ['KEY'] });
    expect((await run.done).failure).toMatchObject({ code: 'NETWORK' });
    expect(steps.told.at(-1)).toEqual(['send', { type: 'failed', message: 'NETWORK: no way to [secret KEY]' }]);
  });

  test('tell the host which ends hold secrets', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    await runWith(steps, clock, {
      ...answers,
      http: () => ({ output: 'hunter2hunter2' }),
      env: { KEY: 'hunter2hunter2' },
      secrets: ['KEY'],
    });
    expect(steps.told.map(([start, tried]) => [start, tried.type === 'end' && tried.isSecret])).toEqual([
      ['ask', false],
      ['send', true],
    ]);
  });

  test('are called by how often they started: a file that is tried again does not get what its first try gave', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    let calls = 0;
    const http = (): OperationResult => {
      calls += 1;
      if (calls === 2) throw failure('NETWORK', 'cut off', { retryable: true });
      return { output: calls };
    };
    const file = `
agent: both
operations:
  - { name: one, operation: http, config: { url: "http://x/" } }
  - { name: two, operation: http, config: { url: "http://x/" } }
outputs: ["\${one.output}", "\${two.output}"]
`;
    const source = 'ensemble: e\nagents:\n  - { name: twice, agent: both, retry: { maxAttempts: 2, initialDelay: 1ms } }\n';
    const run = await runWith(steps, clock, { http, agentFiles: { both: file } }, source);
    expect((await run.done).output).toEqual([3, 4]);
    expect([...steps.kept.keys()]).toEqual(['twice/one', 'twice/one (2)', 'twice/two (2)']);
  });

  test('fail with WORKFLOW when the host gives no end of a step', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    steps.tries = () => Promise.reject(new Error('the limit of steps is reached'));
    const run = await runWith(steps, clock, answers);
    expect((await run.done).failure).toMatchObject({ code: 'WORKFLOW', message: expect.stringContaining('the limit of steps') });
  });

  test('are undone without the host when that takes no more steps', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    const { tries } = steps;
    steps.tries = (...call) =>
      steps.kept.size === 1 ? Promise.reject(new Error('the limit of steps is reached')) : tries.apply(steps, call);
    const sent: unknown[] = [];
    const http: TestRunOptions['http'] = ({ url }) => {
      sent.push(url);
      return { output: 1 };
    };
    const source = `
ensemble: undone
agents:
  - { name: one, operation: http, config: { url: "http://x/one" }, compensate: { operation: http, config: { url: "http://x/undo" } } }
  - { name: two, operation: http, config: { url: "http://x/two" } }
`;
    const run = await runWith(steps, clock, { http }, source);
    expect((await run.done).failure).toMatchObject({ code: 'WORKFLOW' });
    expect(sent).toEqual(['http://x/one', 'http://x/undo']);
  });

  test('are no steps where they only wait: the host hears what for', async () => {
    const clock = new FakeClock();
    const steps = new MemorySteps(clock);
    const source =
      'ensemble: w\nagents:\n  - { name: nap, operation: wait, config: { for: 50ms } }\n  - { name: ask, operation: approval, config: { timeout: 50ms, on_timeout: reject } }\n';
    const run = await runWith(steps, clock, { answers: { ask: untilAborted } }, source);
    expect((await run.done).output).toMatchObject({ approved: false, timed_out: true });
    expect(steps.told).toEqual([]);
    expect(steps.listened).toEqual(['ask']);
  });
});
