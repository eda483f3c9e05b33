import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/runtime/failure.ts';
import { startRun } from './support/test-run.ts';

const SOURCE = `
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1]
    steps: [{ name: call, operation: http, config: { url: "http://x/" } }]
`;

describe('a clock that is set back while a run is at work', () => {
  test.each([true, false])('leaves no event with a negative duration, whether its agents succeed: %s', async (succeeds) => {
    let settle: () => void = () => undefined;
    const run = startRun(SOURCE, {
      http: () =>
        new Promise((resolve, reject) => {
          settle = () => (succeeds ? resolve({ output: 1 }) : reject(failure('NETWORK', 'gone')));
        }),
    });
    await run.clock.advance(-500);
    settle();
    const finished = await run.done;
    expect(finished.status).toBe(succeeds ? 'succeeded' : 'failed');
    const durations = run.events.flatMap((event) => ('duration_ms' in event ? [[event.type, event.duration_ms]] : []));
    const end = succeeds ? 'finished' : 'failed';
    expect(durations).toEqual([
      [`agent.${end}`, 0],
      [`step.${end}`, 0],
      ['run.finished', 0],
    ]);
  });
});
