import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/program/run-event.ts';
import { failure } from '../../../../src/runtime/failure.ts';
import { fc } from '../../../support/fast-check.ts';
import { settle } from '../support/fake-clock.ts';
import { startRun, type TestRunOptions } from '../support/test-run.ts';

/** Steps of an ensemble, as trees. */
type Node =
  | { readonly type: 'agent'; readonly fails: boolean; readonly handled: boolean; readonly undoFails: boolean }
  | { readonly type: 'parallel'; readonly waitFor: 'all' | 'any' | 'first'; readonly nodes: readonly Node[] }
  | { readonly type: 'foreach'; readonly concurrency: number; readonly nodes: readonly Node[] }
  | { readonly type: 'try'; readonly nodes: readonly Node[]; readonly rescue: readonly Node[] }
  | { readonly type: 'file' | 'ensemble'; readonly handled: boolean; readonly nodes: readonly Node[] };

const { tree } = fc.letrec<{ tree: Node; nodes: Node[] }>((tie) => ({
  nodes: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      type: fc.constant('agent' as const),
      fails: fc.integer({ min: 0, max: 5 }).map((draw) => draw === 0),
      handled: fc.boolean(),
      undoFails: fc.integer({ min: 0, max: 3 }).map((draw) => draw === 0),
    }),
    fc.record({ type: fc.constant('parallel' as const), waitFor: fc.constantFrom('all', 'any', 'first'), nodes: tie('nodes') }),
    fc.record({ type: fc.constant('foreach' as const), concurrency: fc.integer({ min: 1, max: 3 }), nodes: tie('nodes') }),
    fc.record({ type: fc.constant('try' as const), nodes: tie('nodes'), rescue: tie('nodes') }),
    fc.record({ type: fc.constantFrom('file' as const, 'ensemble' as const), handled: fc.boolean(), nodes: tie('nodes') }),
  ) as fc.Arbitrary<Node>,
}));

interface Files {
  names: number;
  readonly agentFiles: Record<string, string>;
  readonly ensembles: Record<string, string>;
}

/** JSON is YAML. */
function stepOf(node: Node, files: Files): object {
  files.names += 1;
  const name = `n${files.names}`;
  const steps = (nodes: readonly Node[]): object[] => nodes.map((inner) => stepOf(inner, files));
  switch (node.type) {
    case 'agent': {
      const work = { operation: 'http', config: { url: `http://x/${name}${node.fails ? '/fails' : ''}` } };
      const undo = { operation: 'http', config: { url: `http://x/undo/${name}${node.undoFails ? '/fails' : ''}` } };
      return { name, ...work, onError: node.handled ? 'continue' : 'fail', compensate: undo };
    }
    case 'parallel':
      return { type: 'parallel', waitFor: node.waitFor, steps: steps(node.nodes) };
    case 'foreach':
      return { type: 'foreach', items: [1, 2], concurrency: node.concurrency, steps: steps(node.nodes) };
    case 'try':
      return { type: 'try', steps: steps(node.nodes), catch: steps(node.rescue) };
    case 'file':
      files.agentFiles[name] = JSON.stringify({ agent: name, operations: steps(node.nodes) });
      return { name, agent: name, onError: node.handled ? 'continue' : 'fail' };
    case 'ensemble':
      files.ensembles[name] = JSON.stringify({ ensemble: name, agents: steps(node.nodes) });
      return { name, ensemble: name, onError: node.handled ? 'continue' : 'fail' };
  }
}

interface Call {
  readonly url: string;
  readonly signal: AbortSignal;
  end(): void;
}

/** Runs it, ending its calls in an order drawn by `draws`; `cancelAfter` calls it is cancelled. */
async function runByHand(nodes: readonly Node[], draws: readonly number[], cancelAfter: number) {
  const files: Files = { names: 0, agentFiles: {}, ensembles: {} };
  const agents = nodes.map((node) => stepOf(node, files));
  const waiting: Call[] = [];
  const all: Call[] = [];
  const http: NonNullable<TestRunOptions['http']> = (config, { signal }) =>
    new Promise((resolve, reject) => {
      const url = String(config.url);
      const end = url.endsWith('/fails') ? () => reject(failure('NETWORK', `${url} is down`)) : () => resolve({ output: url });
      const call = { url, signal, end };
      waiting.push(call);
      all.push(call);
    });
  const run = startRun(JSON.stringify({ ensemble: 'e', agents }), { http, ...files });
  let isDone = false;
  const done = run.done.then((finished) => {
    isDone = true;
    return finished;
  });
  for (let turn = 0; ; turn += 1) {
    await settle();
    if (isDone) break;
    if (turn === cancelAfter) {
      run.cancel();
      continue;
    }
    const open = waiting.filter(({ signal }) => !signal.aborted);
    const call = open[(draws[turn % draws.length] ?? 0) % open.length];
    if (call === undefined) throw new Error('the run waits for nothing that could happen');
    waiting.splice(waiting.indexOf(call), 1);
    call.end();
  }
  return { finished: await done, events: run.events, left: waiting, calls: all };
}

/** What the journal must say of what was undone: everything that had succeeded in what failed, once, last first. */
function checkUndone(events: readonly RunEvent[]): void {
  let open: string[] = [];
  const expected: string[][] = [];
  for (const event of events) {
    if (event.type === 'agent.started' && event.compensates !== undefined) {
      // Ensembles may be undone side by side, each in its own order.
      const queue = expected.find(([next]) => next === event.compensates);
      expect(queue?.shift()).toBe(event.compensates);
    }
    if (event.type === 'run.compensating') {
      const within = event.agent === undefined ? '' : `${event.agent}/`;
      expect(event.agents).toEqual(open.filter((path) => path.startsWith(within)).toReversed());
      expect(event.agents).not.toEqual([]);
      open = open.filter((path) => !path.startsWith(within));
      expected.push([...event.agents]);
    }
    const isWork = event.type === 'agent.finished' && typeof event.output === 'string' && !event.output.startsWith('http://x/undo/');
    if (isWork && event.output.endsWith(`/${nameOf(event.agent)}`)) open.push(event.agent);
  }
  expect(expected.flat()).toEqual([]);
  const end = events.at(-1);
  if (end?.type === 'run.finished' && end.status !== 'succeeded') expect(open).toEqual([]);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replaceAll(/\[\d+\]/g, '');
}

test('whatever fails or is cancelled undoes all that succeeded in it, once, last first, and leaves nothing at work', async () => {
  const trees = fc.array(tree, { minLength: 1, maxLength: 4 });
  const draws = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });
  let undone = 0;
  await fc.assert(
    fc.asyncProperty(trees, draws, fc.integer({ min: 0, max: 40 }), async (nodes, order, cancelAfter) => {
      const { finished, events, left, calls } = await runByHand(nodes, order, cancelAfter);
      expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: finished.status });
      expect(finished.failure?.code).not.toBe('DEFECT');
      checkUndone(events);
      undone += events.filter((event) => event.type === 'run.compensating').length;
      const atWork = new Set<string>();
      for (const event of events) {
        if (event.type === 'agent.started') atWork.add(event.agent);
        if (event.type === 'agent.finished' || event.type === 'agent.failed') expect(atWork.delete(event.agent)).toBe(true);
      }
      expect([...atWork]).toEqual([]);
      for (const { signal } of left) expect(signal.aborted).toBe(true);
      for (const { url, signal } of calls) if (url.includes('/undo/')) expect(signal.aborted).toBe(false);
    }),
    { numRuns: 60 },
  );
  expect(undone).toBeGreaterThan(8);
});
