import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFinished, agentStarted, finished, STARTED } from '../support/events.ts';
import { createFakeHost, type FakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../support/fake-io.ts';
import { renderScreen } from '../support/screen.ts';

const REFUND = `ensemble: refund
input: { orders: { type: array, default: [] } }
agents:
  - { name: ask, operation: approval, config: { prompt: 'Refund?' } }
  - { name: ask-each, operation: approval, loop: { items: '\${input.orders}' }, config: { prompt: 'Refund \${item}?' } }
  - { name: note, operation: log, config: { message: done } }
`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-approvals-')));
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'refund.yaml'), REFUND);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const asks = (agent: string, extra: Partial<Extract<EventBody, { type: 'run.waiting' }>> = {}): EventBody => ({
  type: 'run.waiting',
  agent,
  reason: 'approval',
  prompt: 'Refund?',
  ...extra,
});
const cancelled = finished({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'so', retryable: false } });
type Story = Parameters<typeof createFakeHost>[0];

/** Goes on with the story once the host was given so many answers, or was asked so often to cancel. */
const answered = (count: number) => (host: FakeHost) => until(() => host.answers.length >= count);
const refuse =
  (...approvers: readonly string[]) =>
  (host: FakeHost) => {
    host.outcome = { type: 'refused', approvers };
  };
const asked = (host: FakeHost) => until(() => host.cancelled.length > 0);
/** The run tells nothing more. */
const silence = () => new Promise<never>(() => {});

/** Lets time pass until the command ends by itself. */
async function endOf(code: Promise<number>, io: FakeIo): Promise<number> {
  let ended = false;
  void code.then(() => {
    ended = true;
  });
  while (!ended) {
    await new Promise((resolve) => setImmediate(resolve));
    io.advance(50);
  }
  return code;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function start(args: readonly string[], story: Story, options: FakeIoOptions = {}) {
  const host = createFakeHost(story);
  const io = createFakeIo({ cwd: root, ...options, env: { NO_COLOR: '1', USER: 'ann', ...options.env } });
  return { host, io, code: main(['run', 'refund.yaml', ...args], io, host.open) };
}
const TERMINAL = { tty: true, stdinTty: true } as const;

describe('an approval that --answer answers', () => {
  test('is answered, and the run goes on', async () => {
    const { code, io, host } = start(
      ['--answer', 'ask=approve', '--answer', 'ask-each=reject:it was a gift', '--answer', 'ask-each[1]=approve'],
      [STARTED, asks('ask'), asks('ask-each[0]'), asks('ask-each[1]'), answered(3), finished({ output: 'paid' })],
    );
    expect(await code).toBe(0);
    expect(io.stdout.text).toBe('paid\n');
    expect(host.answers).toEqual([
      { agent: 'ask', answer: { approved: true, approver: 'ann' } },
      { agent: 'ask-each[0]', answer: { approved: false, feedback: 'it was a gift', approver: 'ann' } },
      { agent: 'ask-each[1]', answer: { approved: true, approver: 'ann' } },
    ]);
    expect(host.cancelled).toEqual([]);
  });

  test('an agent inside a file is named by its path or by its name', async () => {
    writeFileSync(join(root, 'refund.yaml'), 'ensemble: refund\nagents: [{ name: outer, agent: inner-file }]\n');
    mkdirSync(join(root, 'agents'));
    writeFileSync(join(root, 'agents/inner-file.yaml'), 'agent: inner-file\noperations: [{ name: ask, operation: hitl }]\n');
    for (const name of ['outer/ask', 'ask']) {
      const { code, host } = start(['--answer', `${name}=approve`, '--approver', 'bob'], [asks('outer/ask'), answered(1), finished()]);
      expect(await code).toBe(0);
      expect(host.answers).toEqual([{ agent: 'outer/ask', answer: { approved: true, approver: 'bob' } }]);
    }
  });

  test.each([
    ['ask', '--answer takes AGENT=approve or AGENT=reject, with :feedback if you like; found "ask"'],
    ['ask=yes', 'found "ask=yes"'],
    ['note=approve', '--answer note: no agent of that name asks for an approval; there is ask, ask-each'],
    ['aks=approve', 'Did you mean ask?'],
  ])('%s is refused before anything runs', async (answer, message) => {
    const { code, io, host } = start(['--answer', answer], []);
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain(message);
    expect(host.runs).toEqual([]);
  });

  test('one who may not answer is told so, and the run waits', async () => {
    const { code, io, host } = start(
      ['--answer', 'ask=approve'],
      [refuse('bob', 'eve'), agentStarted('ask'), asks('ask', { approvers: ['bob', 'eve'] }), silence],
    );
    expect(await endOf(code, io)).toBe(4);
    expect(host.cancelled).toEqual([]);
    expect(io.stderr.text).toContain(
      'ask asks for an approval, and ann may not answer it, only bob, eve (--approver says who you are): Refund?',
    );
  });
});

describe('an approval that nobody answers', () => {
  test('leaves the run waiting, says how to answer and exits with 4', async () => {
    const { code, io, host } = start([], [STARTED, agentStarted('ask'), asks('ask'), silence]);
    expect(await endOf(code, io)).toBe(4);
    expect(host.cancelled).toEqual([]);
    const [{ request } = { request: { run: '' } }] = host.runs;
    expect(io.stderr.text.slice(io.stderr.text.lastIndexOf('⏸'))).toBe(`⏸ ask asks for an approval, and nobody answers: Refund?
help: the run waits; answer with
        ensemble approve ${request.run} ask
        ensemble reject ${request.run} ask --feedback "why"
      and follow it with ensemble attach ${request.run}
`);
    expect(host.closed).toBe(1);
  });

  test('ends nothing that is at work beside it', async () => {
    const other = Promise.withResolvers<void>();
    const { code, io } = start(
      [],
      [STARTED, agentStarted('slow'), agentStarted('ask'), asks('ask'), () => other.promise, agentFinished('slow'), silence],
    );
    await until(() => io.stderr.text.includes('waits for an approval'));
    let ended = false;
    void code.then(() => {
      ended = true;
    });
    for (let turn = 0; turn < 20; turn++) {
      io.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ended).toBe(false);
    other.resolve();
    expect(await endOf(code, io)).toBe(4);
    expect(io.stderr.text).toContain('slow');
  });

  test('is named with its place in a loop, in quotes for the shell; of several none is named', async () => {
    const one = start([], [agentStarted('ask-each[1]'), asks('ask-each[1]'), silence]);
    expect(await endOf(one.code, one.io)).toBe(4);
    expect(one.io.stderr.text).toMatch(/ensemble approve [0-9a-z]{26} 'ask-each\[1\]'\n/);
    const two = start([], [agentStarted('ask'), asks('ask'), agentStarted('ask-each[1]'), asks('ask-each[1]'), silence]);
    expect(await endOf(two.code, two.io)).toBe(4);
    expect(two.io.stderr.text).toMatch(/ask asks .*\n.*ask-each\[1\] asks .*\n.*\n +ensemble approve [0-9a-z]{26} AGENT\n/);
  });

  test.each(['--quiet', '--json'])('%s says so too', async (option) => {
    const { code, io } = start([option], [agentStarted('ask'), asks('ask'), silence]);
    expect(await endOf(code, io)).toBe(4);
    expect(io.stderr.text).toContain('ask asks for an approval, and nobody answers');
  });

  test('and that is answered from elsewhere holds up nothing', async () => {
    const answeredElsewhere: EventBody = { type: 'run.answered', agent: 'ask', approved: true, approver: 'bob' };
    const { code, io } = start([], [agentStarted('ask'), asks('ask'), answeredElsewhere, agentFinished('ask'), finished({ output: 1 })]);
    expect(await code).toBe(0);
    expect(io.stderr.text).not.toContain('nobody answers');
  });

  test('and that is answered from elsewhere is forgotten, however long the run waits for something else', async () => {
    const time = Promise.withResolvers<void>();
    const { code, io } = start(
      [],
      [
        agentStarted('ask'),
        asks('ask'),
        { type: 'run.answered', agent: 'ask', approved: true },
        agentFinished('ask'),
        agentStarted('pause'),
        { type: 'run.waiting', agent: 'pause', reason: 'time', until: 5 },
        () => time.promise,
        finished({ output: 1 }),
      ],
    );
    await until(() => io.stderr.text.includes('pause waits'));
    for (let turn = 0; turn < 20; turn++) {
      io.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    time.resolve();
    expect(await code).toBe(0);
  });

  test('does not keep an interrupt from cancelling the run', async () => {
    const { code, io, host } = start([], [agentStarted('slow'), agentStarted('ask'), asks('ask'), asked, cancelled]);
    await until(() => io.stderr.text.includes('waits for an approval'));
    io.interrupt();
    expect(await code).toBe(130);
    expect(host.cancelled).toEqual(['interrupted']);
  });

  test('a wait for a time, or a signal, ends nothing', async () => {
    const { code, host } = start(
      [],
      [
        { type: 'run.waiting', agent: 'pause', reason: 'time', until: 5 },
        { type: 'run.waiting', agent: 'paid', reason: 'signal', signal: 'paid' },
        finished({ output: 1 }),
      ],
    );
    expect(await code).toBe(0);
    expect(host.cancelled).toEqual([]);
  });
});

describe('an approval on a terminal', () => {
  test('is asked, and the answer is what was typed', async () => {
    const { code, io, host } = start([], [asks('ask', { data: { cents: 4000 } }), answered(1), finished()], TERMINAL);
    await until(() => io.stderr.text.includes('y or n'));
    io.type('n  it was a gift \n');
    expect(await code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved: false, feedback: 'it was a gift', approver: 'ann' } }]);
    expect(io.stderr.text).toContain('? ask asks: Refund?\n    {\n      "cents": 4000\n    }\n  y or n, and why if you like: ');
  });

  test('is asked again until the answer is one', async () => {
    const { code, io, host } = start(['--quiet'], [asks('ask'), answered(1), finished()], TERMINAL);
    io.type('\nmaybe\nno way\nYES\n');
    expect(await code).toBe(0);
    // "no way" is a no with its reason.
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved: false, feedback: 'way', approver: 'ann' } }]);
    expect(io.stderr.text.match(/y or n/g)).toHaveLength(3);
  });

  test('several are asked one after another', async () => {
    const { code, io, host } = start(
      [],
      [asks('ask-each[0]', { prompt: 'First?' }), asks('ask-each[1]', { prompt: 'Second?' }), answered(2), finished()],
      TERMINAL,
    );
    await until(() => io.stderr.text.includes('First?\n'));
    expect(io.stderr.text).not.toContain('asks: Second?');
    io.type('y\n');
    await until(() => io.stderr.text.includes('asks: Second?'));
    io.type('n\n');
    expect(await code).toBe(0);
    expect(host.answers.map(({ agent, answer }) => [agent, answer.approved])).toEqual([
      ['ask-each[0]', true],
      ['ask-each[1]', false],
    ]);
  });

  test('asks who it is where only others may answer', async () => {
    const { code, io, host } = start([], [asks('ask', { approvers: ['bob', 'eve'] }), answered(1), finished()], TERMINAL);
    io.type('y\nann\neve\n');
    expect(await code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved: true, approver: 'eve' } }]);
    expect(io.stderr.text.match(/who are you \(bob, eve\)\?/g)).toHaveLength(2);
  });

  test('a question that somebody else answered is taken back', async () => {
    const elsewhere: EventBody = { type: 'run.answered', agent: 'ask', approved: false };
    const { code, io, host } = start(
      [],
      [asks('ask'), asks('ask-each[0]', { prompt: 'Next?' }), elsewhere, answered(1), finished()],
      TERMINAL,
    );
    await until(() => io.stderr.text.includes('asks: Next?'));
    io.type('y\n');
    expect(await code).toBe(0);
    expect(host.answers.map(({ agent }) => agent)).toEqual(['ask-each[0]']);
  });

  test('a question whose time is over is taken back', async () => {
    const failed: EventBody = {
      type: 'agent.failed',
      agent: 'ask',
      failure: { code: 'APPROVAL_TIMEOUT', message: 'Nobody answered.', retryable: false },
      attempts: 1,
      duration_ms: 1,
      handled: true,
      tainted: false,
    };
    const { code, io, host } = start(
      [],
      [asks('ask'), asks('ask-each[0]', { prompt: 'Next?' }), failed, answered(1), finished()],
      TERMINAL,
    );
    await until(() => io.stderr.text.includes('asks: Next?'));
    io.type('y\n');
    expect(await code).toBe(0);
    expect(host.answers.map(({ agent }) => agent)).toEqual(['ask-each[0]']);
  });

  test('the live view steps aside while the question stands, and tells afterwards what happened meanwhile', async () => {
    const other = Promise.withResolvers<void>();
    const { code, io } = start(
      [],
      [
        STARTED,
        { type: 'agent.started', agent: 'slow', operation: 'http' },
        asks('ask'),
        () => other.promise,
        agentFinished('other'),
        answered(1),
        finished(),
      ],
      TERMINAL,
    );
    await until(() => io.stderr.text.includes('y or n'));
    const before = io.stderr.text;
    other.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    io.advance(1_000);
    expect(io.stderr.text).toBe(before);
    expect(renderScreen(before, 80).at(-1)).toBe('  y or n, and why if you like:');
    expect(renderScreen(before, 80).join('\n')).not.toContain('slow  http');
    io.type('y\n');
    expect(await code).toBe(0);
    expect(io.stderr.text.slice(before.length)).toContain('other');
  });

  test('Ctrl-C takes the question back and cancels the run', async () => {
    const { code, io, host } = start([], [asks('ask'), asked, cancelled], TERMINAL);
    await until(() => io.stderr.text.includes('y or n'));
    io.interrupt();
    expect(await code).toBe(130);
    expect(host.cancelled).toEqual(['interrupted']);
    expect(host.answers).toEqual([]);
    expect(io.interruptListeners).toBe(0);
  });

  test('Ctrl-D answers nothing: the run waits as without a terminal', async () => {
    const { code, io, host } = start([], [agentStarted('ask'), asks('ask'), silence], TERMINAL);
    await until(() => io.stderr.text.includes('y or n'));
    io.endInput();
    expect(await endOf(code, io)).toBe(4);
    expect(host.cancelled).toEqual([]);
    expect(io.stderr.text).toContain('ask asks for an approval, and the input has ended');
  });

  test('control characters in the question do nothing to the terminal', async () => {
    const { code, io } = start(
      ['--quiet'],
      [asks('ask', { prompt: '\u001b[2JRefund\u202e?', data: '\u0007\u009b', approvers: ['\u001b]0;x\u0007bob'] }), silence],
      { ...TERMINAL, env: { NO_COLOR: '1' } },
    );
    io.type('y\n');
    await until(() => io.stderr.text.includes('who are you'));
    io.endInput();
    expect(await endOf(code, io)).toBe(4);
    for (const control of ['\u001b', '\u0007', '\u202e', '\u009b']) expect(io.stderr.text).not.toContain(control);
  });

  test('a host that does not take the answer breaks the run off', async () => {
    const host = createFakeHost([asks('ask'), () => new Promise(() => {})]);
    const io = createFakeIo({ cwd: root });
    const open: typeof host.open = async (options) => ({ ...(await host.open(options)), call: () => Promise.reject(new Error('gone')) });
    expect(await main(['run', 'refund.yaml', '--answer', 'ask=approve'], io, open)).toBe(70);
    expect(io.stderr.text).toContain('gone');
    expect(host.closed).toBe(1);
  });
});
