import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, runToEnd, startRun } from '../support/test-run.ts';

const loop = (more: string, output = '${rounds.output}'): string => `
ensemble: e
agents:
  - name: rounds
    type: while
${more}
output: ${output}
`;
const COUNT = '    steps: [{ name: count, operation: transform, config: { value: "${(count.output ?? 0) + 1}" } }]';

describe('while', () => {
  test('runs rounds as long as the condition holds; each sees what the one before left', async () => {
    const run = await runToEnd(loop(`    condition: \${(count.output ?? 0) < 3}\n${COUNT}`, '["${rounds.output}", "${count.output}"]'));
    expect(run.finished).toMatchObject({ output: [[1, 2, 3], 3], steps: 3 });
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).toEqual(['count[0]', 'count[1]', 'count[2]']);
    expect(eventsOf(run, 'step.decided').map(({ took, saw, round }) => [took, saw, round])).toEqual([
      ['again', true, 0],
      ['again', true, 1],
      ['again', true, 2],
      ['stop', false, 3],
    ]);
    expect(eventsOf(run, 'step.finished')).toMatchObject([{ step: 'rounds', rounds: 3 }]);
  });

  test('may run no round at all', async () => {
    const run = await runToEnd(loop(`    condition: \${input.on}\n${COUNT}`), { input: { on: false } });
    expect(run.finished.output).toEqual([]);
  });

  test('counts its rounds in index, for its condition too', async () => {
    const { finished } = await runToEnd(
      loop('    condition: ${index < 2}\n    steps: [{ name: at, operation: transform, config: { value: "${index} ${loop.index}" } }]'),
    );
    expect(finished.output).toEqual(['0 0', '1 1']);
  });

  test('gives null for a round that gave nothing', async () => {
    const { finished } = await runToEnd(
      loop(
        '    condition: ${index < 2}\n    steps: [{ name: at, operation: transform, condition: "${index == 1}", config: { value: "${index}" } }]',
      ),
    );
    expect(finished.output).toEqual([null, 1]);
  });

  test('fails when the condition still holds after maxIterations rounds', async () => {
    const run = await runToEnd(loop(`    condition: true\n    maxIterations: 2\n${COUNT}`));
    expect(run.finished).toMatchObject({
      status: 'failed',
      agent: 'rounds',
      failure: { code: 'MAX_ITERATIONS', message: 'The condition still holds after 2 rounds, which is as many as `maxIterations` allows.' },
      steps: 2,
    });
  });

  test('does not fail when it stops after just maxIterations rounds', async () => {
    const { finished } = await runToEnd(loop(`    condition: \${(count.output ?? 0) < 2}\n    maxIterations: 2\n${COUNT}`));
    expect(finished.output).toEqual([1, 2]);
  });

  // at its limit: src/language/build/build-flow-step.ts MAX_ITERATIONS
  test('runs 1,000 rounds at most unless it says otherwise', async () => {
    const most = await runToEnd(loop(`    condition: \${index < 1000}\n${COUNT}`));
    expect(most.finished).toMatchObject({ status: 'succeeded', steps: 1000 });
    const more = await runToEnd(loop(`    condition: \${index < 1001}\n${COUNT}`));
    expect(more.finished).toMatchObject({ failure: { code: 'MAX_ITERATIONS' }, steps: 1000 });
    const allowed = await runToEnd(loop(`    condition: \${index < 1500}\n    maxIterations: 2000\n${COUNT}`, '${rounds.output.length}'));
    expect(allowed.finished.output).toBe(1500);
  });

  test('ends when the run is cancelled, in the middle of a round', async () => {
    const http = new HandHttp();
    const run = startRun(loop('    condition: true\n    steps: [{ name: call, operation: http, config: { url: "http://x/${index}" } }]'), {
      http: http.act,
    });
    await settle();
    await http.answer('0');
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(http.cancelled).toEqual(['1']);
    expect(eventsOf(run, 'step.failed')).toMatchObject([{ step: 'rounds', failure: { code: 'CANCELLED' }, handled: false }]);
  });

  test('that does nothing but decide writes its journal on the way', async () => {
    const run = await runToEnd(
      loop(
        '    condition: ${index < 900}\n    steps: [{ type: branch, condition: "${index < 0}", then: [{ name: never, operation: log, config: { message: x } }] }]',
        '${rounds.output.length}',
      ),
    );
    expect(run.finished.output).toBe(900);
    expect(run.groups.length).toBeGreaterThan(5);
  });
});
