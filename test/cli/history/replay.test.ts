import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';
import { runToEnd } from '../../runtime/engine/support/test-run.ts';
import { writeProject } from '../../support/written-project.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { hostWith, RUN } from './support.ts';

const TEXT = `ensemble: shop
agents:
  - { name: price, operation: http, config: { url: "http://x/" } }
  - name: check
    type: branch
    condition: \${price.output > 10}
    then: [{ name: large, operation: log, config: { message: large } }]
    else: [{ name: small, operation: log, config: { message: small } }]
output: \${price.output} \${env.MODE}
`;

/** Replays a run of TEXT in a project in which its file holds `present` now. */
async function replay(present: string, args: readonly string[] = [], count?: number) {
  using project = writeProject({ 'test.yaml': present, 'wrangler.toml': 'name = "shop"\n[vars]\nMODE = "fast"\n' });
  const program = programOf(TEXT);
  const { events } = await runToEnd(program, { http: () => ({ output: 12 }), env: { MODE: 'fast' } });
  const recorded = events.slice(0, count).map((event): RunEvent => ({ ...event, run: RUN }));
  const host = hostWith({ [RUN]: recorded }, program);
  const io = createFakeIo({ cwd: project.root });
  const code = await main(['replay', RUN, ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, count: events.length, calls: host.calls };
}

describe('ensemble replay', () => {
  test('says that a run is the same, and asks the host for nothing but its record', async () => {
    const { code, stdout, count, calls } = await replay(TEXT);
    expect([code, stdout, calls]).toEqual([0, `the same: ${count} events\n`, []]);
    expect(JSON.parse((await replay(TEXT, ['--json'])).stdout)).toEqual({ run: RUN, same: true, events: count });
  });

  test('of a run that goes on it says how far that is', async () => {
    const { code, stdout } = await replay(TEXT, [], 3);
    expect([code, stdout]).toEqual([0, 'the same: 3 events, as far as the run has got\n']);
  });

  test('with a changed file it shows the first difference with its place', async () => {
    const { code, stdout } = await replay(TEXT.replace('> 10', '> 20'), ['--with-current']);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^different at event \d+: step\.decided of check$/),
      '  test.yaml:4:5',
      '4 |   - name: check',
      '  |     ^^^^^^^^^^^',
      'It is recorded with other values.',
      '/took',
      '  - recorded "then"',
      '  + now "else"',
      '/saw',
      '  - recorded true',
      '  + now false',
      '',
    ]);
  });

  test('--json has the events, what differs in them, and the place', async () => {
    const { stdout } = await replay(TEXT.replace('> 10', '> 20'), ['--with-current', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      run: RUN,
      same: false,
      expected: { type: 'step.decided', took: 'then' },
      found: { type: 'step.decided', took: 'else' },
      differences: [
        { path: '/took', before: 'then', after: 'else' },
        { path: '/saw', before: true, after: false },
      ],
      place: 'test.yaml:4:5',
    });
  });

  test('without --with-current it is the program of the run, whatever the file says now', async () => {
    expect((await replay(TEXT.replace('> 10', '> 20'))).code).toBe(0);
  });

  test('variables come from the project and from --var', async () => {
    const { code, stdout } = await replay(TEXT, ['--var', 'MODE=slow']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('/output\n  - recorded "12 fast"\n  + now "12 slow"')]);
  });

  test('a file with errors ends with 1', async () => {
    const broken = await replay(TEXT.replace('agents:', 'agnets:'), ['--with-current']);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('agnets')]);
  });
});
