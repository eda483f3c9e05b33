import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionLost, HostError } from '../../src/node/host-error.ts';
import { WorkerHost, type WorkerLink } from '../../src/node/worker-host.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { compileText } from '../language/support/compile-text.ts';
import { figureOf } from '../support/at-limit.ts';

const PROGRAM = compileText('ensemble: e\nagents: []\n');
const REQUEST = { run: 'r', input: {}, vars: {}, secretVars: [] };
const FINISHED: RunEvent = { seq: 1, at: 0, run: 'r', type: 'run.finished', status: 'succeeded', duration_ms: 1, steps: 0 };
const STARTED = { seq: 0, at: 0, run: 'r', type: 'log', agent: 'a', level: 'info', message: 'm' } as const;

/** A host whose runtime goes away in the middle of the first `losses` answers, and then says `reply`. */
function losing(losses: number, reply: object, { sent = true, first = '' } = {}): { readonly host: WorkerHost; asked(): number } {
  let asked = 0;
  const link: WorkerLink = {
    prepare: async () => undefined,
    ask: async () => {
      asked += 1;
      const lost = asked <= losses;
      if (lost && first === '') throw new ConnectionLost('gone', sent);
      async function* body(): AsyncGenerator<Uint8Array, void> {
        yield Buffer.from(lost ? first : `${JSON.stringify(reply)}\n`);
        if (lost) throw new ConnectionLost('gone', sent);
      }
      return { status: 200, body: body() };
    },
    close: async () => undefined,
  };
  return { host: new WorkerHost(link), asked: () => asked };
}

async function listOf(events: AsyncIterable<RunEvent> | undefined): Promise<readonly RunEvent[]> {
  const list: RunEvent[] = [];
  for await (const event of events ?? []) list.push(event);
  return list;
}

/** What comes of it once all its pauses are over. */
async function afterPauses<Result>(work: Promise<Result>): Promise<Result | Error> {
  let isSettled = false;
  const settled = work
    .catch((error: Error) => error)
    .finally(() => {
      isSettled = true;
    });
  while (!isSettled) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return settled;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

// at its limit: src/node/worker-host.ts MAX_LOSSES
describe('a runtime that goes away again and again', () => {
  const most = figureOf('src/node/worker-host.ts MAX_LOSSES');
  const asks: readonly (readonly [name: string, ask: (host: WorkerHost) => Promise<unknown>, reply: object, answer: unknown])[] = [
    ['a run that is started', (host) => listOf(host.run(PROGRAM, REQUEST)), FINISHED, [FINISHED]],
    ['a run that is followed', async (host) => listOf(await host.events('r', { from: 1, follow: true })), FINISHED, [FINISHED]],
    ['a call', (host) => host.call('runs', {}), { runs: [] }, { runs: [] }],
    ['the program of a run', (host) => host.readProgram('r'), PROGRAM, PROGRAM],
  ];
  describe.each(asks)('%s', (_name, ask, reply, answer) => {
    test('is asked for until the last time that it may', async () => {
      expect(await afterPauses(ask(losing(most - 1, reply).host))).toEqual(answer);
    });
    test('is asked for no more after it', async () => {
      const { host, asked } = losing(most, reply);
      expect(await afterPauses(ask(host))).toEqual(new ConnectionLost('gone', true));
      expect(asked()).toBe(most);
    });
  });

  test('is not counted while the run gets anywhere', async () => {
    const { host } = losing(most, FINISHED, { first: `${JSON.stringify(STARTED)}\n` });
    expect(await afterPauses(listOf(host.run(PROGRAM, REQUEST)))).toEqual([...Array(most).fill(STARTED), FINISHED]);
  });

  test('is not asked twice for what may not be done twice, the last time neither', async () => {
    const unknown = new HostError('the host ended before it said whether that was done: look at the run, and do it again if it was not');
    const signal = (host: WorkerHost) => afterPauses(host.call('signal', { run: 'r', name: 'go', data: 1 }));
    expect(await signal(losing(1, {}).host)).toEqual(unknown);
    let asked = 0;
    const host = new WorkerHost({
      prepare: async () => undefined,
      ask: async () => {
        throw new ConnectionLost('gone', ++asked === most);
      },
      close: async () => undefined,
    });
    expect([await signal(host), asked]).toEqual([unknown, most]);
  });
});
