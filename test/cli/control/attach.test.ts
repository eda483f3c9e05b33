import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFailed, agentFinished, agentStarted, finished, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { endOf, hostWith, programOf, RUN, silence, start, TERMINAL, until, useProject } from './support.ts';

const project = useProject();
const asks = (agent: string, prompt = 'Refund?'): EventBody => ({ type: 'run.waiting', agent, reason: 'approval', prompt });

describe('ensemble attach', () => {
  test('tells what was, follows what comes and prints the output', async () => {
    const host = hostWith([STARTED, agentFinished('fetch')], [agentFinished('sum'), finished({ output: { total: 3 } })]);
    const { code, io } = start(['attach', RUN], host, project.root());
    expect(await code).toBe(0);
    expect(JSON.parse(io.stdout.text)).toEqual({ total: 3 });
    expect(io.stderr.text).toMatch(/run r{26}\n.*fetch.*\n.*sum.*\n.*done/);
    expect(host.closed).toBe(1);
  });

  test('--json prints all its events', async () => {
    const host = hostWith([STARTED], [finished({ output: 1 })]);
    const { code, io } = start(['attach', RUN, '--json'], host, project.root());
    expect(await code).toBe(0);
    expect(
      io.stdout.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual([0, 1]);
  });

  test.each([
    ['succeeded', finished({ output: 'x' }), 0],
    ['failed', finished({ status: 'failed', failure: { code: 'NETWORK', message: 'no', retryable: true } }), 3],
    ['cancelled', finished({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'no', retryable: false } }), 3],
    ['a defect', finished({ status: 'failed', failure: { code: 'DEFECT', message: 'no', retryable: false } }), 70],
  ])('a run that is over (%s) has the exit code of run', async (_name, end, code) => {
    const host = hostWith([STARTED, end], [silence]);
    expect(await start(['attach', RUN], host, project.root()).code).toBe(code);
  });

  test('shows where the failure is in the file, and without its program at least what it was', async () => {
    const end = finished({ status: 'failed', agent: 'note', failure: { code: 'ASSERTION', message: 'not so', retryable: false } });
    const program = programOf('ensemble: shop\nagents:\n  - { name: note, operation: assert, config: { that: "${input.a}" } }\n');
    const known = start(['attach', RUN], hostWith([STARTED, agentFailed('note'), end], [], program), project.root());
    expect(await known.code).toBe(3);
    expect(known.io.stderr.text).toContain('error[ASSERTION]: not so\n  in note, shop.yaml:3:5');
    const unknown = start(['attach', RUN], hostWith([STARTED, end]), project.root());
    expect(await unknown.code).toBe(3);
    expect(unknown.io.stderr.text).toContain('error[ASSERTION]: not so\n');
  });

  test('Ctrl-C leaves the run alone', async () => {
    const host = hostWith([STARTED], [silence]);
    const { code, io } = start(['attach', RUN], host, project.root());
    await until(() => io.stderr.text.includes('run r'));
    io.interrupt();
    expect(await code).toBe(130);
    expect(host.cancelled).toEqual([]);
    expect(io.stderr.text).toContain(`the run goes on; ensemble attach ${RUN} follows it again`);
    expect(io.interruptListeners).toBe(0);
  });

  test('a reader who goes away leaves the run alone, too', async () => {
    const host = hostWith([STARTED], [silence]);
    const { code, io } = start(['attach', RUN, '--json'], host, project.root());
    await until(() => io.stdout.text !== '');
    io.stdout.breakPipe();
    expect(await code).toBe(141);
    expect(host.cancelled).toEqual([]);
  });

  test('asks at a terminal only what is still asked', async () => {
    const past: readonly EventBody[] = [
      agentStarted('old'),
      asks('old', 'Old?'),
      { type: 'run.answered', agent: 'old', approved: true },
      agentFinished('old'),
      agentStarted('late'),
      asks('late', 'Late?'),
      agentFailed('late', { handled: true }),
      agentStarted('ask'),
      asks('ask'),
      // The process that ran it ended and another one goes on with it.
      { type: 'run.resumed', attempt: 2 },
    ];
    const host = hostWith(past, [() => until(() => host.answers.length > 0), finished({ output: 'paid' })]);
    const { code, io } = start(['attach', RUN], host, project.root(), TERMINAL);
    await until(() => io.stderr.text.includes('asks: Refund?'));
    io.type('y fine\n');
    expect(await code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved: true, feedback: 'fine', approver: 'ann' } }]);
    expect(io.stderr.text).not.toMatch(/asks: (Old|Late)/);
  });

  test('without a terminal says how to answer, and exits with 4', async () => {
    const host = hostWith([agentStarted('ask'), asks('ask')], [silence]);
    const started = start(['attach', RUN], host, project.root());
    expect(await endOf(started)).toBe(4);
    expect(started.io.stderr.text).toContain(`ensemble approve ${RUN} ask\n`);
  });

  test('--answer answers what was asked before', async () => {
    const host = hostWith([agentStarted('ask'), asks('ask')], [() => until(() => host.answers.length > 0), finished({ output: 1 })]);
    expect(await start(['attach', RUN, '--answer', 'ask=reject:no', '--approver', 'bob'], host, project.root()).code).toBe(0);
    expect(host.answers).toEqual([{ agent: 'ask', answer: { approved: false, feedback: 'no', approver: 'bob' } }]);
  });

  test('a run that does not exist is told, with how to list those that do', async () => {
    const { code, io } = start(['attach', RUN], createFakeHost([]), project.root());
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain(`there is no run ${RUN} in the data of this project\nensemble runs lists`);
  });
});
