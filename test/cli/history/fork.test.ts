import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { ForkAsk, ForkOutcome } from '../../../src/program/host-calls.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { agentFinished, agentStarted, finished, numberEvents, STARTED } from '../support/events.ts';
import type { FakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { programOf } from '../support/program-of.ts';
import { EVIL, hostWith, OTHER, RUN, tell } from './support.ts';

const TEXT = `ensemble: shop
input: { day: { type: integer, default: 1 }, region: string }
state: { schema: { total: number, tags: array, note: string, token: { type: string, secret: true } } }
agents:
  - { name: fetch, operation: transform, config: { value: 1 } }
  - { name: sum, operation: transform, config: { value: 2 } }
`;
const PROGRAM = programOf(TEXT);
const STORY = [STARTED, agentStarted('fetch'), agentFinished('fetch'), agentStarted('sum'), agentFinished('sum'), finished()];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensemble-fork-'));
  write({ 'package.json': '{}', 'ensembles/e.yaml': TEXT });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A host that forks `RUN`: the new run ends at once. */
function forkingHost(outcome: ForkOutcome = { type: 'started' }, program = PROGRAM): FakeHost {
  const host = hostWith({ [RUN]: numberEvents(STORY) }, program);
  host.replies = {
    fork: ({ run }: ForkAsk) => {
      const events = numberEvents([STARTED, finished({ output: 'forked' })]).map((event) => ({ ...event, run }));
      host.recorded.set(run, {
        program,
        events: (async function* () {
          yield* events;
        })(),
      });
      return outcome;
    },
  };
  return host;
}
const fork = (args: readonly string[], host = forkingHost()) => tell(['fork', RUN, ...args], host, { cwd: root });
const asked = ({ calls }: FakeHost) => calls.find(({ name }) => name === 'fork')?.ask as ForkAsk | undefined;

describe('ensemble fork', () => {
  test('begins a new run at the agent, with the program of the old one, and prints its output', async () => {
    const { code, stdout, stderr, host } = await fork(['--from', 'sum']);
    expect([code, stdout]).toEqual([0, 'forked\n']);
    expect(stderr).not.toContain('has changed');
    expect(asked(host)).toEqual({ from: RUN, agent: 'sum', run: expect.stringMatching(/^[0-9a-z]{26}$/), program: PROGRAM });
    expect(asked(host)?.run).not.toBe(RUN);
  });

  test('--from takes the number of a checkpoint', async () => {
    expect(asked((await fork(['--from', '2'])).host)?.agent).toBe('sum');
    const { code, stderr } = await fork(['--from', '3']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('the run has no checkpoint 3: it has those from 1 to 2')]);
  });

  test('--set gives values the type that the state declares, --input is the new input with its defaults', async () => {
    const set = ['--set', 'total=5', '--set', 'note=5', '--set', 'tags:=["a"]', '--set', 'token=a=b'];
    const { host } = await fork(['--from', 'sum', ...set, '--input', '{"region":"eu"}']);
    expect(asked(host)?.values).toEqual({ total: 5, note: '5', tags: ['a'], token: 'a=b' });
    expect(asked(host)?.input).toEqual({ day: 1, region: 'eu' });
  });

  test.each([
    [['--set', 'total=many'], '--set total: expected number, found'],
    [['--set', 'totl=1'], '--set sets "totl", which state.schema does not declare. Did you mean "total"?'],
    [['--set', 'tags:=[1'], 'the value of --set tags:= is not JSON'],
    [['--set', 'total'], '--set takes key=value, or key:=json; found "total"'],
    [['--set', 'total=1', '--set', 'total=2'], '--set total is given twice'],
    [['--set', 'token:=12345'], '--set token: expected string (the value is secret and not shown)'],
    [['--input', '{"region":1}'], 'the input does not fit'],
  ])('%j is refused before anything is asked', async (args, message) => {
    const { code, stderr, host } = await fork(['--from', 'sum', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(asked(host)).toBeUndefined();
  });

  test('an ensemble whose state has no schema takes any key', async () => {
    const open = programOf('ensemble: e\nagents:\n  - { name: fetch, operation: transform, config: { value: 1 } }\n');
    const { host } = await fork(['--from', 'fetch', '--set', 'any=5', '--set', 'n:=5'], forkingHost({ type: 'started' }, open));
    expect(asked(host)?.values).toEqual({ any: '5', n: 5 });
  });

  test('an agent that never began is refused with those that did', async () => {
    const { code, stderr } = await fork(['--from', 'smu'], forkingHost({ type: 'unknown-agent', agents: ['fetch', 'sum', EVIL] }));
    expect(code).toBe(2);
    expect(stderr).toContain('no agent "smu" began in that run; did you mean "sum"?\nthese did: fetch, sum, a');
  });

  test('an interrupt cancels the new run, which this command began', async () => {
    const host = hostWith({ [RUN]: numberEvents(STORY) }, PROGRAM);
    const io = createFakeIo({ cwd: root });
    const held = Promise.withResolvers<void>();
    host.replies = {
      fork: ({ run }: ForkAsk) => {
        const [started, end] = numberEvents([STARTED, finished({ status: 'cancelled' })]).map((event) => ({ ...event, run }));
        host.recorded.set(run, {
          program: PROGRAM,
          events: (async function* () {
            yield started as RunEvent;
            queueMicrotask(() => io.interrupt());
            await held.promise;
            yield end as RunEvent;
          })(),
        });
        return { type: 'started' };
      },
      cancel: () => {
        held.resolve();
        return { type: 'done' };
      },
    };
    expect(await main(['fork', RUN, '--from', 'sum'], io, host.open)).toBe(130);
  });

  test('--detach prints the id of the new run and leaves it', async () => {
    const { code, stdout, host } = await fork(['--from', 'sum', '--detach']);
    expect([code, stdout]).toEqual([0, `${asked(host)?.run}\n`]);
  });

  test('a file that has changed since is told; --with-current takes it', async () => {
    write({ 'ensembles/e.yaml': TEXT.replace('value: 2', 'value: 3') });
    const kept = await fork(['--from', 'sum']);
    expect(kept.stderr).toContain('ensembles/e.yaml has changed since; the fork runs it as it was');
    expect(asked(kept.host)?.program).toEqual(PROGRAM);
    expect(asked((await fork(['--from', 'sum', '--with-current'])).host)?.program).toEqual(programOf(TEXT.replace('value: 2', 'value: 3')));
  });

  test('--with-current with a file that is broken or gone ends with 1', async () => {
    write({ 'ensembles/e.yaml': TEXT.replace('agents', 'agnets') });
    const broken = await fork(['--from', 'sum', '--with-current']);
    expect([broken.code, asked(broken.host)]).toEqual([1, undefined]);
    expect(broken.stderr).toContain('agnets');
    rmSync(join(root, 'ensembles'), { recursive: true });
    const gone = await fork(['--from', 'sum', '--with-current']);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('ensembles/e.yaml is gone')]);
    expect((await fork(['--from', 'sum'])).code).toBe(0);
  });

  test('a run that is not there exits with 2', async () => {
    const { code, stderr } = await tell(['fork', OTHER, '--from', 'a'], forkingHost(), { cwd: root });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`there is no run ${OTHER}`)]);
  });
});
