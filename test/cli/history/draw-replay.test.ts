import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { type Difference, drawReplayDifference } from '../../../src/cli/history/draw-replay.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFinished, agentStarted, numberEvents, stepStarted } from '../support/events.ts';
import { CONTROLS, EVIL } from './support.ts';

const paint = pc.createColors(false);
const recorded = (body: EventBody) => numberEvents([body])[0];
const draw = (difference: Omit<Difference, 'seq' | 'why'>) =>
  drawReplayDifference(
    { seq: 7, why: 'The output is not the same.', ...difference },
    { place: 'e.yaml:3:5', frame: '3 |   - x' },
    paint,
  ).split('\n');
const decided = (took: string, saw: number): EventBody => ({ type: 'step.decided', step: 'check', took, saw });

describe('a difference of a replay', () => {
  test('tells which event, where in the file, and what of it is not the same', () => {
    expect(draw({ expected: recorded(decided('then', 2)), found: decided('else', 1) })).toEqual([
      'different at event 7: step.decided of check',
      '  e.yaml:3:5',
      '3 |   - x',
      'The output is not the same.',
      '/took',
      '  - recorded "then"',
      '  + now "else"',
      '/saw',
      '  - recorded 2',
      '  + now 1',
      '',
    ]);
  });

  test('what is measured is no difference', () => {
    const lines = draw({
      expected: recorded(agentFinished('a', { output: 1 })),
      found: agentFinished('a', { output: 2, duration_ms: 99 }),
    });
    expect(lines.filter((line) => line.startsWith('/'))).toEqual(['/output']);
  });

  test.each([
    [{ expected: recorded(agentStarted('a')), found: stepStarted('each', 'foreach') }, 'agent.started of a', 'step.started of each'],
    [{ expected: recorded(agentStarted('a')) }, 'agent.started of a', 'nothing'],
    [{ found: agentStarted('a') }, 'nothing', 'agent.started of a'],
    [{ expected: recorded(agentStarted('a')), found: agentStarted('b') }, 'agent.started of a', 'agent.started of b'],
  ] as const)('names both sides when it is another event, or only one has any', (difference, before, after) => {
    expect(draw(difference)).toEqual(expect.arrayContaining([`  - recorded: ${before}`, `  + now:      ${after}`]));
  });

  test('nothing that it shows can repaint the terminal', () => {
    const found: EventBody = { type: 'step.decided', step: EVIL, took: EVIL, saw: { [EVIL]: EVIL } };
    const text = drawReplayDifference({ seq: 1, why: EVIL, expected: recorded({ ...found, took: 'x' }), found }, { place: EVIL }, paint);
    expect(text).not.toMatch(CONTROLS);
  });
});
