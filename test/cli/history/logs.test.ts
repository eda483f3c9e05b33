import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { EventBody, LogLevel } from '../../../src/program/run-event.ts';
import { finished, numberEvents, STARTED } from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { programOf } from '../support/program-of.ts';
import { CONTROLS, EVIL, RUN, tell, tellOf } from './support.ts';

const log = (agent: string, level: LogLevel, message: string): EventBody => ({ type: 'log', agent, level, message });
const STORY: readonly EventBody[] = [
  STARTED,
  log('fetch[0]', 'debug', 'asking'),
  log('fetch[1]/inner', 'error', 'refused\nby the server'),
  { type: 'warning', code: 'missing-value', message: 'input.x has no value here', agent: 'sum' },
  { type: 'warning', code: 'usage-unknown', message: 'no usage' },
  log('fetcher', 'info', 'done'),
  finished(),
];
const PROGRAM = programOf(`ensemble: shop
agents:
  - { name: fetch, operation: log, loop: { items: [1, 2] }, config: { message: a } }
  - { name: each, type: foreach, items: [1], steps: [{ name: sum, operation: log, config: { message: a } }] }
`);

describe('ensemble logs', () => {
  test('prints logs and warnings with time, level and agent; further lines of a message are indented', async () => {
    const { code, stdout } = await tellOf(STORY, ['logs', RUN]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '2027-01-15T08:00:00.010Z  debug  fetch[0]  asking',
      '2027-01-15T08:00:00.020Z  error  fetch[1]/inner  refused',
      '    by the server',
      '2027-01-15T08:00:00.030Z  warn   sum  input.x has no value here [missing-value]',
      '2027-01-15T08:00:00.040Z  warn   no usage [usage-unknown]',
      '2027-01-15T08:00:00.050Z  info   fetcher  done',
      '',
    ]);
  });

  test.each([
    [
      ['--agent', 'fetch'],
      ['debug fetch[0]', 'error fetch[1]/inner'],
    ],
    [['--agent', 'fetch[1]'], ['error fetch[1]/inner']],
    [['--agent', 'fetch/inner'], ['error fetch[1]/inner']],
    [
      ['--level', 'warn'],
      ['error fetch[1]/inner', 'warn sum', 'warn no usage [usage-unknown]'],
    ],
    [['--level', 'error', '--agent', 'sum'], []],
  ])('%j shows %j', async (args, expected) => {
    const { stdout } = await tellOf(STORY, ['logs', RUN, ...args]);
    const shown = stdout.split('\n').filter((line) => /^\d/.test(line));
    expect(shown.map((line) => line.split(/ {2,}/).slice(1, 3).join(' '))).toEqual(expected);
  });

  test('--json prints their events as they are', async () => {
    const { stdout } = await tellOf(STORY, ['logs', RUN, '--json', '--level', 'warn']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(numberEvents(STORY).slice(2, 5));
  });

  test('an agent that the ensemble does not have is a mistake; a loop, an agent in it and a path of a file are not', async () => {
    const { code, stderr } = await tellOf(STORY, ['logs', RUN, '--agent', 'fetsh'], PROGRAM);
    expect([code, stderr]).toEqual([2, `error: that run's ensemble has no agent "fetsh"; did you mean "fetch"?\n`]);
    for (const agent of ['fetch', 'fetch[7]', 'each', 'sum[0]']) {
      expect((await tellOf(STORY, ['logs', RUN, '--agent', agent], PROGRAM)).code).toBe(0);
    }
  });

  test('--follow prints as events come; an interrupt ends it and leaves the run alone', async () => {
    const host = createFakeHost([]);
    const io = createFakeIo();
    host.recorded.set(RUN, {
      events: (async function* () {
        yield* numberEvents(STORY.slice(0, 2));
        expect(io.stdout.text).toContain('asking');
        queueMicrotask(() => io.interrupt());
        await new Promise(() => {});
      })(),
    });
    expect(await main(['logs', RUN, '--follow'], io, host.open)).toBe(0);
    expect([host.cancelled, host.calls, host.closed, io.interruptListeners]).toEqual([[], [], 1, 0]);
  });

  test('nothing that is logged can repaint the terminal', async () => {
    const story = [STARTED, log(EVIL, 'info', EVIL), { type: 'warning', code: EVIL, message: EVIL, agent: EVIL } as EventBody];
    expect((await tellOf(story, ['logs', RUN])).stdout).not.toMatch(CONTROLS);
  });

  test('a run that is not there exits with 2 and says how to list them', async () => {
    const { code, stderr } = await tell(['logs', RUN], createFakeHost([]));
    expect([code, stderr]).toEqual([
      2,
      `error: there is no run ${RUN} in the data of this project\nensemble runs lists those that there are.\n`,
    ]);
  });
});
