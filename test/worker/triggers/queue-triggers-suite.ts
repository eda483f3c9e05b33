import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/program/hash.ts';
import { WORKER_BINDINGS } from '../../../src/program/host-protocol.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import { createRunId } from '../../../src/program/run-id.ts';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { echoEnsemble, HOST_TOKEN, TriggeredRuns } from './triggered-runs.ts';

const ROWS = `
input:
  messages: { type: array, items: { type: object, properties: { body: { type: object, required: [row] } } } }`;

const FILES: Readonly<Record<string, string>> = {
  'ensembles/orders.yaml': echoEnsemble('orders', '{ type: queue, queue: orders }', 'input: { id: { type: integer } }'),
  'ensembles/rows.yaml': echoEnsemble('rows', '{ type: queue, queue: rows, batch_size: 3 }', ROWS).replace(
    '!input.fails',
    '!input.messages.some((m) => m.body.fails)',
  ),
  'ensembles/first.yaml': echoEnsemble('first', '{ type: queue, queue: both }'),
  'ensembles/second.yaml': echoEnsemble('second', '{ type: queue, queue: both }').replace('!input.fails', 'input.second'),
  'ensembles/dead.yaml': echoEnsemble('dead', '{ type: queue, queue: dead }'),
  'ensembles/any.yaml': echoEnsemble('any', '{ type: queue, queue: any }'),
  'ensembles/asks.yaml': `
ensemble: asks
agents:
  - name: ask
    operation: approval
    config: { prompt: May it? }
trigger:
  - { type: queue, queue: asks }
`,
};

interface QueueResult {
  readonly outcome: string;
  readonly retryBatch: { readonly retry: boolean };
  readonly explicitAcks: readonly string[];
  readonly retryMessages: readonly { readonly msgId: string; readonly delaySeconds?: number }[];
}

/** The queue triggers of a built Worker, which `open` starts. */
export function queueTriggersSuite(open: typeof openDeployed): void {
  describe('a queue', () => {
    let worker: DeployedWorker;
    let runs: TriggeredRuns;
    beforeAll(async () => {
      worker = await open({
        files: FILES,
        vars: { [WORKER_BINDINGS.hostToken]: HOST_TOKEN },
        options: {
          queueProducers: { ORDERS: 'orders' },
          queueConsumers: {
            orders: { maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 0, deadLetterQueue: 'dead' },
            dead: { maxBatchSize: 10, maxBatchTimeout: 0 },
          },
        },
      });
      runs = new TriggeredRuns(worker);
    });
    afterAll(() => worker[Symbol.asyncDispose]());

    const at = new Date('2026-05-01T00:00:00Z');
    const deliver = async (queue: string, ...messages: readonly (readonly [id: string, body: unknown, attempts?: number])[]) => {
      const fetcher = await worker.miniflare.getWorker();
      const given = messages.map(([id, body, attempts = 1]) => ({ id, body, attempts, timestamp: at }));
      return (await fetcher.queue(queue, given as never)) as unknown as QueueResult;
    };
    const acked = (result: QueueResult) => result.explicitAcks.toSorted();
    const retried = (result: QueueResult) => result.retryMessages.map(({ msgId, delaySeconds }) => [msgId, delaySeconds]);

    test('starts a run for each message, and has it done when the run succeeded', async () => {
      const result = await deliver('orders', ['a1', { id: 1 }]);
      expect([result.outcome, acked(result), retried(result)]).toEqual(['ok', ['a1'], []]);
      expect(await runs.lastEcho('orders')).toEqual({
        input: { id: 1 },
        trigger: { type: 'queue', queue: 'orders', id: 'a1', timestamp: at.getTime(), attempts: 1 },
        tainted: true,
      });
    });

    test('hands back a message whose run failed, later each time, and starts another run for it', async () => {
      expect(retried(await deliver('orders', ['b1', { id: 1, fails: true }]))).toEqual([['b1', 10]]);
      expect(retried(await deliver('orders', ['b1', { id: 1, fails: true }, 2]))).toEqual([['b1', 20]]);
      expect(retried(await deliver('orders', ['b1', { id: 1, fails: true }, 30]))).toEqual([['b1', 900]]);
      expect(acked(await deliver('orders', ['b1', { id: 1 }, 4]))).toEqual(['b1']);
      const statuses = (await runs.of('orders')).slice(-4).map(({ status }) => status);
      expect(statuses).toEqual(['failed', 'failed', 'failed', 'succeeded']);
    });

    test('settles each message by itself', async () => {
      const result = await deliver('orders', ['c1', { id: 1 }], ['c2', { id: 2, fails: true }], ['c3', { id: 3 }]);
      expect([acked(result), retried(result)]).toEqual([['c1', 'c3'], [['c2', 10]]]);
    });

    test('starts no second run for a message whose run succeeded, and one for a message that comes twice at once', async () => {
      await runs.expectStarted(1, 'orders', () => deliver('orders', ['d1', { id: 1 }]));
      expect(acked(await runs.expectStarted(0, 'orders', () => deliver('orders', ['d1', { id: 1 }, 2])))).toEqual(['d1']);
      const twice = () => Promise.all([deliver('orders', ['d2', { id: 1 }]), deliver('orders', ['d2', { id: 1 }])]);
      expect((await runs.expectStarted(1, 'orders', twice)).map(acked)).toEqual([['d2'], ['d2']]);
    });

    test('starts the run of a message that an earlier delivery took and was cut off before it began it', async () => {
      const key = await sha256('queue:orders:0:orders:l1');
      const claims = await worker.miniflare.getDurableObjectNamespace(WORKER_BINDINGS.claims);
      const name = `claims:${Number.parseInt(key.slice(0, 8), 16) % 64}`;
      const part = claims.get(claims.idFromName(name)) as unknown as { claim(ask: object): Promise<unknown> };
      await part.claim({ key, run: createRunId(0), fingerprint: '', ttlMs: 60_000 });
      expect(acked(await runs.expectStarted(1, 'orders', () => deliver('orders', ['l1', { id: 1 }, 2])))).toEqual(['l1']);
    });

    test('hands back at once, without a run, what the ensemble does not take', async () => {
      const messages = [
        ['e1', { id: 'one' }],
        ['e2', new Map([['id', 1]])],
        ['e3', { big: 1n }],
        ['e4', { id: 4 }],
      ] as const;
      const result = await runs.expectStarted(1, 'orders', () => deliver('orders', ...messages));
      expect(acked(result)).toEqual(['e4']);
      expect(retried(result)).toEqual(['e1', 'e2', 'e3'].map((id) => [id, undefined]));
    });

    test('gives a body that is no object the name `body`', async () => {
      const bodies: readonly (readonly [unknown, JsonValue])[] = [
        ['text', 'text'],
        [7, 7],
        [null, null],
        [
          [1, 2],
          [1, 2],
        ],
        [new Uint8Array([104, 105]), 'aGk='],
      ];
      for (const [index, [body, expected]] of bodies.entries()) {
        expect(acked(await deliver('any', [`f${index}`, body]))).toEqual([`f${index}`]);
        expect((await runs.lastEcho('any')).input).toEqual({ body: expected });
      }
    });

    test('with a batch size starts a run for so many messages, and leaves out those that the ensemble does not take', async () => {
      const rows = [1, 2, 3, 4].map((row) => [`g${row}`, { row }] as const);
      const result = await runs.expectStarted(2, 'rows', () => deliver('rows', ...rows, ['g5', { line: 5 }]));
      expect([acked(result), retried(result)]).toEqual([['g1', 'g2', 'g3', 'g4'], [['g5', undefined]]]);
      const started = await Promise.all((await runs.of('rows')).map(async (run) => (await runs.events(run))[0]));
      const bodies = started.map((event) => {
        if (event?.type !== 'run.started') throw new Error('a run begins otherwise');
        return (event.input as unknown as { messages: { body: unknown }[] }).messages.map(({ body }) => body);
      });
      expect(bodies.toSorted((a, b) => b.length - a.length)).toEqual([[{ row: 1 }, { row: 2 }, { row: 3 }], [{ row: 4 }]]);
    });

    test('runs a message of a batch that failed by itself when it comes again', async () => {
      const first = await deliver('rows', ['h1', { row: 1 }], ['h2', { row: 2, fails: true }]);
      expect(retried(first)).toEqual([
        ['h1', 10],
        ['h2', 10],
      ]);
      const second = await deliver('rows', ['h1', { row: 1 }, 2], ['h2', { row: 2, fails: true }, 2]);
      expect([acked(second), retried(second)]).toEqual([['h1'], [['h2', 20]]]);
    });

    test('has a message done when its run waits for a person', async () => {
      expect(acked(await deliver('asks', ['i1', {}]))).toEqual(['i1']);
      expect((await runs.of('asks')).map(({ status }) => status)).toEqual(['waiting']);
    });

    test('has a message done, for good, when somebody cancelled its run', async () => {
      await deliver('asks', ['m1', {}]);
      const run = (await runs.of('asks')).at(-1)?.run ?? '';
      await runs.call('cancel', { run, reason: 'a test' });
      expect(acked(await runs.expectStarted(0, 'asks', () => deliver('asks', ['m1', {}, 2])))).toEqual(['m1']);
      expect((await runs.of('asks')).at(-1)?.status).toBe('cancelled');
    });

    test('that two ensembles read gives each message to both, and repeats only what failed', async () => {
      expect(retried(await deliver('both', ['j1', {}]))).toEqual([['j1', 10]]);
      expect(acked(await deliver('both', ['j1', { second: true }, 2]))).toEqual(['j1']);
      expect((await runs.of('first')).map(({ status }) => status)).toEqual(['succeeded']);
      expect((await runs.of('second')).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
    });

    test('that no ensemble reads gets its messages back', async () => {
      expect((await deliver('strange', ['k1', {}])).retryBatch).toMatchObject({ retry: true });
    });

    test('of the platform is read, and what nobody takes ends in its dead-letter queue', async () => {
      const producer = await worker.miniflare.getQueueProducer('ORDERS');
      await producer.sendBatch([{ body: { id: 7 } }, { body: { id: 'poison' } }]);
      await expect.poll(async () => (await runs.of('dead')).length, { timeout: 60_000 }).toBe(1);
      expect((await runs.lastEcho('dead')).input).toEqual({ id: 'poison' });
      expect((await runs.lastEcho('orders')).input).toEqual({ id: 7 });
    });
  });
}
