import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/program/json.ts';
import { eventsOf, runToEnd } from '../support/test-run.ts';

const agent = (name: string): string => `{ name: ${name}, operation: transform, config: { value: ${name} } }`;

describe('branch', () => {
  const source = `
ensemble: e
agents:
  - name: way
    type: branch
    condition: \${input.x > 1}
    then: [${agent('high')}, ${agent('higher')}]
    else: [${agent('low')}]
output: ["\${way.output}", "\${high.executed ?? false}", "\${low.executed ?? false}"]
`;

  test('runs the one list or the other, journals which, and gives the value of its last step', async () => {
    const high = await runToEnd(source, { input: { x: 2 } });
    expect(high.finished.output).toEqual(['higher', true, false]);
    expect(eventsOf(high, 'step.decided')).toMatchObject([{ step: 'way', took: 'then', saw: true }]);
    const low = await runToEnd(source, { input: { x: 1 } });
    expect(low.finished.output).toEqual(['low', false, true]);
    expect(eventsOf(low, 'step.decided')).toMatchObject([{ step: 'way', took: 'else', saw: false }]);
  });

  test('gives nothing when the list that runs is empty', async () => {
    const { finished } = await runToEnd(
      `ensemble: e\nagents:\n  - type: branch\n    condition: \${input.x > 1}\n    then: [${agent('a')}]\n`,
      { input: { x: 0 } },
    );
    expect(finished.status).toBe('succeeded');
    expect(finished).not.toHaveProperty('output');
  });

  test('fails when its condition cannot be evaluated', async () => {
    const { finished } = await runToEnd(source.replace('input.x > 1', 'input.x.toFixed(1) > 1'), { input: {} });
    expect(finished).toMatchObject({ status: 'failed', agent: 'way', failure: { code: 'EXPRESSION' } });
  });
});

describe('switch', () => {
  const source = `
ensemble: e
agents:
  - name: way
    type: switch
    value: \${input.x}
    cases:
      1: [${agent('one')}]
      "true": [${agent('yes')}]
      "null": [${agent('none')}]
      big: [${agent('big')}]
      "a,b": [${agent('listed')}]
    default: [${agent('other')}]
output: \${way.output}
`;

  test.each<[JsonValue | undefined, string]>([
    [1, 'one'],
    ['1', 'one'],
    [true, 'yes'],
    [null, 'none'],
    ['big', 'big'],
    [2, 'other'],
    [['a', 'b'], 'other'],
    [{}, 'other'],
    [undefined, 'other'],
  ])('takes the case that is the text of %j: %s', async (x, took) => {
    const run = await runToEnd(source, { input: x === undefined ? {} : { x } });
    expect(run.finished.output).toBe(took);
    const [decided] = eventsOf(run, 'step.decided');
    expect(decided).toMatchObject({ step: 'way', ...(x === undefined ? {} : { saw: x }) });
    expect(decided?.took === 'default').toBe(took === 'other');
    expect(eventsOf(run, 'agent.started').map((event) => event.agent)).toEqual([took]);
  });

  test('gives nothing when no case fits and there is no default', async () => {
    const { finished } = await runToEnd(source.replace(/ {4}default.*\n/, ''), { input: { x: 5 } });
    expect(finished).toMatchObject({ status: 'succeeded' });
    expect(finished).not.toHaveProperty('output');
  });
});
