import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { atLimit } from '../../support/at-limit.ts';
import { agentFinished, agentStarted, finished, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { endOf, hostWith, programOf, RUN, silence, start, until, useProject } from './support.ts';

const SHOP = `ensemble: shop
agents:
  - { name: pay, operation: wait, config: { for_signal: paid } }
  - { name: note, operation: log, config: { message: done } }
`;
const project = useProject({ 'shop.yaml': SHOP });
const program = () => programOf(SHOP);
const cancelled = finished({ status: 'cancelled', failure: { code: 'CANCELLED', message: 'so', retryable: false } });

describe('ensemble run --detach', () => {
  test('starts the run, prints its id and says how to follow it', async () => {
    const host = createFakeHost([]);
    host.replies = { start: () => ({ type: 'started' }) };
    const { code, io } = start(['run', 'shop.yaml', 'a=1', '--detach'], host, project.root());
    expect(await code).toBe(0);
    const run = io.stdout.text.trim();
    expect(run).toMatch(/^[0-9a-z]{26}$/);
    expect(host.calls).toMatchObject([{ name: 'start', ask: { program: { ensemble: 'shop' }, request: { run, input: { a: '1' } } } }]);
    expect(io.stderr.text).toBe(`the run goes on; ensemble attach ${run} follows it\n`);
  });

  test('--json prints the id as JSON, --quiet says nothing else', async () => {
    const host = createFakeHost([]);
    host.replies = { start: () => ({ type: 'started' }) };
    const { code, io } = start(['run', 'shop.yaml', '--detach', '--json', '--quiet'], host, project.root());
    expect(await code).toBe(0);
    expect(JSON.parse(io.stdout.text)).toEqual({ run: expect.stringMatching(/^[0-9a-z]{26}$/) });
    expect(io.stderr.text).toBe('');
  });

  test.each([['--each', 'rows.jsonl'], ['--dry-run'], ['--answer', 'pay=approve']])('excludes %s', async (...other) => {
    const { code, io } = start(['run', 'shop.yaml', '--detach', ...other], createFakeHost([]), project.root());
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain(`--detach and ${other[0]} exclude each other`);
  });

  test.each([
    ['run', 'shop.yaml'],
    ['resume', RUN],
  ])('%s is refused where this process is the host', async (...args) => {
    const { code, io } = start([...args, '--detach'], createFakeHost([]), project.root(), { env: { ENSEMBLE_NO_HOST: '1' } });
    expect(await code).toBe(2);
    expect(io.stderr.text).toContain('--detach needs the shared host');
  });
});

describe('ensemble pause', () => {
  test('pauses and says how to go on', async () => {
    const host = hostWith([STARTED]);
    host.replies = { pause: () => ({ type: 'done' }) };
    const { code, io } = start(['pause', RUN, '--reason', 'the shop is down'], host, project.root());
    expect(await code).toBe(0);
    expect(host.calls).toEqual([{ name: 'pause', ask: { run: RUN, reason: 'the shop is down' } }]);
    expect(io.stderr.text).toContain(`ensemble resume ${RUN} lets it go on`);
  });

  test('--json prints what was done, and says nothing else', async () => {
    const host = hostWith([STARTED]);
    host.replies = { pause: () => ({ type: 'done' }) };
    const { code, io } = start(['pause', RUN, '--json'], host, project.root());
    expect([await code, io.stdout.text, io.stderr.text]).toEqual([0, `{"run":"${RUN}","status":"paused"}\n`, '']);
  });

  test('a run that is over cannot be paused', async () => {
    const host = hostWith([STARTED, finished()]);
    host.replies = { pause: () => ({ type: 'impossible', status: 'succeeded', message: 'The run is over.' }) };
    const { code, io } = start(['pause', RUN], host, project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toBe('error: The run is over.\n');
  });

  test('nor can one that does not exist', async () => {
    const host = createFakeHost([]);
    host.replies = { pause: () => ({ type: 'unknown' }) };
    expect(await start(['pause', RUN], host, project.root()).code).toBe(2);
  });
});

describe('ensemble cancel', () => {
  test('waits until the run is over', async () => {
    const host = hostWith([STARTED], [() => until(() => host.cancelled.length > 0), agentFinished('undo'), cancelled]);
    const { code, io } = start(['cancel', RUN, '--reason', 'ordered twice'], host, project.root());
    expect(await code).toBe(0);
    expect(host.cancelled).toEqual(['ordered twice']);
    expect(io.stderr.text).toBe(`· ${RUN} is cancelled\n`);
  });

  test('says so when the run ended otherwise before that', async () => {
    const host = hostWith([STARTED], [finished()]);
    const { code, io } = start(['cancel', RUN], host, project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toContain('was over before it could be cancelled: it succeeded');
  });

  test('waits for one that cleans up as long as it says something, and no longer', async () => {
    const host = hostWith([STARTED], [agentStarted('undo', { compensates: 'pay' }), silence]);
    const started = start(['cancel', RUN], host, project.root());
    expect(await endOf(started)).toBe(0);
    expect(started.io.stderr.text).toContain('still cleans up');
  });

  test('Ctrl-C waits no longer', async () => {
    const host = hostWith([STARTED], [silence]);
    const { code, io } = start(['cancel', RUN], host, project.root());
    await until(() => host.cancelled.length > 0);
    io.interrupt();
    expect(await code).toBe(0);
    expect(io.interruptListeners).toBe(0);
  });

  test('takes several runs, each once; one that cannot be cancelled keeps none of the others', async () => {
    const other = 's'.repeat(26);
    const host = hostWith([STARTED], [cancelled]);
    host.recorded.set(other, { events: hostWith([STARTED, finished()]).recorded.get(RUN)?.events ?? (async function* () {})() });
    const asked: string[] = [];
    host.replies = {
      cancel: ({ run }) => {
        asked.push(run);
        return run === other ? { type: 'impossible', status: 'succeeded', message: 'It is over.' } : { type: 'done' };
      },
    };
    const { code, io } = start(['cancel', other, RUN, RUN], host, project.root());
    expect(await code).toBe(1);
    expect(asked).toEqual([other, RUN]);
    expect(io.stderr.text).toContain('error: It is over.\n');
    expect(io.stderr.text).toContain(`· ${RUN} is cancelled\n`);
  });

  test('--json prints how it ended', async () => {
    const host = hostWith([STARTED], [cancelled]);
    const { code, io } = start(['cancel', RUN, '--json'], host, project.root());
    expect([await code, io.stdout.text, io.stderr.text]).toEqual([0, `{"run":"${RUN}","status":"cancelled"}\n`, '']);
  });

  test('cancels none when one does not exist', async () => {
    const host = hostWith([STARTED]);
    expect(await start(['cancel', RUN, 'x'.repeat(26)], host, project.root()).code).toBe(2);
    expect(host.cancelled).toEqual([]);
  });
});

describe('ensemble resume', () => {
  const paused: readonly EventBody[] = [STARTED, { type: 'run.paused' }];
  const done = { resume: () => ({ type: 'done' }) as const };

  test('lets the run go on and follows it', async () => {
    const host = hostWith(paused, [{ type: 'run.continued' }, finished({ output: 7 })], program());
    host.replies = done;
    const { code, io } = start(['resume', RUN], host, project.root());
    expect(await code).toBe(0);
    expect(host.calls).toEqual([{ name: 'resume', ask: { run: RUN } }]);
    expect(io.stdout.text).toBe('7\n');
  });

  test('--detach prints the id', async () => {
    const host = hostWith(paused, [silence], program());
    host.replies = done;
    const { code, io } = start(['resume', RUN, '--detach'], host, project.root());
    expect(await code).toBe(0);
    expect(io.stdout.text).toBe(`${RUN}\n`);
  });

  test('gives new variables', async () => {
    const host = hostWith(paused, [finished()], program());
    host.replies = done;
    expect(await start(['resume', RUN, '--var', 'API_TOKEN'], host, project.root(), { env: { API_TOKEN: 'x' } }).code).toBe(0);
    expect(host.calls).toMatchObject([{ ask: { vars: { API_TOKEN: 'x' } } }]);
  });

  test('a file that has changed is refused with what is different', async () => {
    writeFileSync(
      join(project.root(), 'shop.yaml'),
      `${SHOP.replace('message: done', 'message: over')}  - { name: more, operation: log, config: { message: x } }\n`,
    );
    const host = hostWith(paused, [silence], program());
    const { code, io } = start(['resume', RUN], host, project.root());
    expect(await code).toBe(1);
    expect(host.calls).toEqual([]);
    expect(io.stderr.text).toContain(
      'error: the run was started with another version of shop.yaml:\n  shop.yaml\n    ~ note  config\n    + more  added\n--with-current goes on',
    );
  });

  /** How many of so many changes are listed, and what stands below them. */
  const listed = async (changes: number) => {
    const more = Array.from({ length: changes }, (_, index) => `  - { name: more${index}, operation: log, config: { message: x } }\n`);
    writeFileSync(join(project.root(), 'shop.yaml'), SHOP + more.join(''));
    const { code, io } = start(['resume', RUN], hostWith(paused, [silence], program()), project.root());
    await code;
    return [io.stderr.text.match(/\+ more\d+ +added/g)?.length, /^ {2}and .*$/m.exec(io.stderr.text)?.[0]];
  };
  atLimit('src/cli/control/program-to-resume.ts MOST_CHANGES', {
    within: async (changes) => expect(await listed(changes)).toEqual([changes, undefined]),
    beyond: async (changes) => expect(await listed(changes)).toEqual([changes - 1, '  and 1 more']),
  });

  test('--with-current goes on with it', async () => {
    writeFileSync(join(project.root(), 'shop.yaml'), SHOP.replace('message: done', 'message: over'));
    const host = hostWith(paused, [finished()], program());
    host.replies = done;
    expect(await start(['resume', RUN, '--with-current'], host, project.root()).code).toBe(0);
    expect(host.calls).toMatchObject([{ name: 'resume', ask: { run: RUN, program: { ensemble: 'shop' } } }]);
    expect(JSON.stringify(host.calls)).toContain('over');
  });

  test('a file that says the same in other words, or at another place, has not changed', async () => {
    writeFileSync(join(project.root(), 'shop.yaml'), `# Sells things.\n\n${SHOP}`);
    const host = hostWith(paused, [finished()], program());
    host.replies = done;
    expect(await start(['resume', RUN], host, project.root()).code).toBe(0);
    expect(host.calls).toEqual([{ name: 'resume', ask: { run: RUN } }]);
  });

  test.each([
    ['is gone', () => rmSync(join(project.root(), 'shop.yaml')), 'shop.yaml is gone'],
    ['has errors', () => writeFileSync(join(project.root(), 'shop.yaml'), 'ensemble: shop\nagents: 7\n'), 'shop.yaml has errors now'],
  ])('a file that %s keeps no run from going on as it was; --with-current needs it', async (_name, spoil, message) => {
    spoil();
    const host = hostWith(paused, [finished()], program());
    host.replies = done;
    const plain = start(['resume', RUN], host, project.root());
    expect(await plain.code).toBe(0);
    expect(plain.io.stderr.text).toContain(`${message}; the run goes on as it was started`);
    expect(await start(['resume', RUN, '--with-current'], host, project.root()).code).toBe(1);
    expect(host.calls).toHaveLength(1);
  });

  test('a run that is over, or at work, is not resumed', async () => {
    const over = start(['resume', RUN], hostWith([STARTED, cancelled], [], program()), project.root());
    expect(await over.code).toBe(1);
    expect(over.io.stderr.text).toContain(`the run ${RUN} is over: it was cancelled`);
    const busy = hostWith([STARTED], [], program());
    busy.replies = { resume: () => ({ type: 'impossible', status: 'running', message: 'The run is at work.' }) };
    expect(await start(['resume', RUN], busy, project.root()).code).toBe(1);
  });

  test('one of an earlier version is told apart', async () => {
    const { code, io } = start(['resume', RUN], hostWith(paused), project.root());
    expect(await code).toBe(1);
    expect(io.stderr.text).toContain('an earlier version of Ensemble compiled the run');
  });
});

describe('ensemble signal', () => {
  const send = (args: readonly string[], host = hostWith([STARTED], [], program()), stdin = '') => {
    host.replies = { signal: () => ({ type: 'done' }) };
    return { host, ...start(['signal', RUN, ...args], host, project.root(), { stdin }) };
  };

  test('sends the signal with its data', async () => {
    const { host, code, io } = send(['paid', '--data', '{"cents":4000}']);
    expect(await code).toBe(0);
    expect(host.calls).toEqual([{ name: 'signal', ask: { run: RUN, name: 'paid', data: { cents: 4000 } } }]);
    expect(io.stderr.text).toBe(`· sent paid to ${RUN}\n`);
  });

  test('--json prints what was done, and whether an agent waits for a signal of that name', async () => {
    const [known, unknown] = [send(['paid', '--json']), send(['payed', '--json'])];
    expect([await known.code, await unknown.code]).toEqual([0, 0]);
    expect(known.io.stdout.text).toBe(`{"run":"${RUN}","signal":"paid","known":true}\n`);
    expect(unknown.io.stdout.text).toBe(`{"run":"${RUN}","signal":"payed","known":false}\n`);
    expect(known.io.stderr.text + unknown.io.stderr.text).toBe('');
  });

  test('reads the data from a file or stdin', async () => {
    writeFileSync(join(project.root(), 'd.json'), '[1]');
    const [file, stdin] = [send(['paid', '--data', '@d.json']), send(['paid', '--data', '-'], undefined, '2')];
    expect([await file.code, await stdin.code]).toEqual([0, 0]);
    expect(file.host.calls).toMatchObject([{ ask: { data: [1] } }]);
    expect(stdin.host.calls).toMatchObject([{ ask: { data: 2 } }]);
  });

  test('says when no agent waits for a signal of that name', async () => {
    const { code, io } = send(['piad']);
    expect(await code).toBe(0);
    expect(io.stderr.text).toContain('no agent of its ensemble waits for a signal of that name; did you mean paid?');
  });

  test('does not say so where an expression makes the name', async () => {
    const computed = programOf(SHOP.replace('for_signal: paid', "for_signal: '${input.name}'"));
    const { code, io } = send(['payed'], hostWith([STARTED], [], computed));
    expect(await code).toBe(0);
    expect(io.stderr.text).toBe(`· sent payed to ${RUN}\n`);
  });

  test('is refused without a name, with broken data, for an unknown run and for one that is over', async () => {
    expect(await send(['']).code).toBe(2);
    expect(await send(['paid', '--data', '{']).code).toBe(2);
    expect(await start(['signal', RUN, 'paid'], createFakeHost([]), project.root()).code).toBe(2);
    const over = hostWith([STARTED, finished()]);
    over.replies = { signal: () => ({ type: 'impossible', status: 'succeeded', message: 'It is over.' }) };
    expect(await start(['signal', RUN, 'paid'], over, project.root()).code).toBe(1);
  });
});
