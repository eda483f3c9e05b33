import { describe, expect, test } from 'vitest';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { eventsOf, runToEnd, startRun } from '../support/test-run.ts';

describe('loops in loops', () => {
  test('an inner loop hides the item and the index of the one around it, which are there again behind it', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - name: outer
    type: foreach
    items: [a, b]
    steps:
      - name: inner
        type: foreach
        items: ["\${item}1", "\${item}2"]
        steps: [{ name: one, operation: transform, config: { value: "\${index}\${item}" } }]
      - { name: told, operation: transform, config: { value: "\${index}\${item}: \${inner.output.join(' ')}" } }
output: \${outer.output}
`);
    expect(run.finished.output).toEqual(['0a: 0a1 1a2', '1b: 0b1 1b2']);
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).toEqual([
      'one[0][0]',
      'one[0][1]',
      'told[0]',
      'one[1][0]',
      'one[1][1]',
      'told[1]',
    ]);
    expect(eventsOf(run, 'step.started').map(({ step }) => step)).toEqual(['outer', 'inner[0]', 'inner[1]']);
  });

  test('a while hides the index of the loop around it, but not its item', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - name: outer
    type: foreach
    items: [a, b]
    steps:
      - type: while
        condition: \${index < 2}
        steps: [{ name: one, operation: transform, config: { value: "\${item}\${index}" } }]
output: \${outer.output}
`);
    expect(finished.output).toEqual([
      ['a0', 'a1'],
      ['b0', 'b1'],
    ]);
  });

  test('the map of a map-reduce in a loop hides its item, its reduce does not', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - name: outer
    type: foreach
    items: [a, b]
    steps:
      - type: map-reduce
        items: [1, 2]
        map: [{ name: one, operation: transform, config: { value: "\${item}" } }]
        reduce: [{ name: all, operation: transform, config: { value: "\${item} \${mapResults.join('')}" } }]
output: \${outer.output}
`);
    expect(finished.output).toEqual(['a 12', 'b 12']);
  });

  test('an unnamed step is known by its kind and its number among its kind', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - { type: foreach, items: [1], steps: [{ name: a, operation: transform, config: { value: 1 } }] }
  - { type: foreach, items: [1], steps: [{ name: b, operation: transform, config: { value: 1 } }] }
`);
    expect(eventsOf(run, 'step.started').map(({ step }) => step)).toEqual(['foreach#1', 'foreach#2']);
  });
});

describe('steps in steps', () => {
  test('a failure deep inside cancels everything beside the steps around it, from the inside out', async () => {
    const http = new HandHttp();
    const run = startRun(
      `
ensemble: e
agents:
  - name: outer
    parallel:
      - name: left
        type: foreach
        items: [a, b]
        concurrency: 2
        steps:
          - name: pair
            parallel:
              - { name: one, operation: http, config: { url: "http://x/\${item}1" } }
              - { name: two, operation: http, config: { url: "http://x/\${item}2" } }
      - { name: right, operation: http, config: { url: http://x/right } }
`,
      { http: http.act },
    );
    await settle();
    expect(http.open).toEqual(['a1', 'a2', 'b1', 'b2', 'right']);
    await http.fail('b1', 'broken');
    expect(http.cancelled).toEqual(['a1', 'a2', 'b2', 'right']);
    expect(await run.done).toMatchObject({ status: 'failed', agent: 'one[1]', failure: { message: 'broken' } });
    const failed = run.events.flatMap((event) => {
      if (event.type === 'agent.failed') return [[event.agent, event.failure.code, event.handled]];
      return event.type === 'step.failed' ? [[event.step, event.failure.code, event.handled]] : [];
    });
    expect(failed).toEqual([
      ['one[1]', 'NETWORK', false],
      ['two[1]', 'CANCELLED', true],
      ['pair[1]', 'NETWORK', false],
      ['one[0]', 'CANCELLED', true],
      ['two[0]', 'CANCELLED', true],
      ['pair[0]', 'CANCELLED', true],
      ['left', 'NETWORK', false],
      ['right', 'CANCELLED', true],
      ['outer', 'NETWORK', false],
    ]);
  });

  test('every step that has begun ends before the run does, when it is cancelled', async () => {
    const http = new HandHttp();
    const run = startRun(
      `
ensemble: e
agents:
  - name: outer
    type: foreach
    items: [a, b, c]
    concurrency: 2
    steps:
      - name: guard
        type: try
        steps:
          - name: race
            parallel:
              - { name: one, operation: http, config: { url: "http://x/\${item}" } }
              - { type: while, name: again, condition: true, steps: [{ name: two, operation: http, config: { url: "http://x/\${index}" } }] }
            waitFor: any
        catch: [{ name: never, operation: log, config: { message: caught } }]
`,
      { http: http.act },
    );
    await settle();
    run.cancel();
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    const begun = eventsOf(run, 'step.started').map(({ step }) => step);
    const ended = eventsOf(run, 'step.failed').map(({ step }) => step);
    expect(ended.toSorted()).toEqual(begun.toSorted());
    expect(
      eventsOf(run, 'agent.failed')
        .map(({ agent }) => agent)
        .toSorted(),
    ).toEqual(
      eventsOf(run, 'agent.started')
        .map(({ agent }) => agent)
        .toSorted(),
    );
    expect(eventsOf(run, 'agent.started').map(({ agent }) => agent)).not.toContain('never[0]');
  });

  test('catch and finally in a loop run in their iteration, with its item', async () => {
    const run = await runToEnd(`
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1, 2]
    concurrency: 2
    steps:
      - type: try
        steps: [{ name: odd, operation: assert, config: { that: "\${item != 2}", message: even } }]
        catch: [{ name: caught, operation: transform, config: { value: "\${item} \${error.agent}" } }]
        finally: [{ name: last, operation: log, config: { message: "\${index}" } }]
output: \${each.output}
`);
    expect(run.finished.output).toEqual([true, '2 odd[1]']);
    expect(eventsOf(run, 'step.decided')).toMatchObject([{ step: 'try#1[1]', took: 'catch' }]);
    expect(
      eventsOf(run, 'agent.started')
        .map(({ agent }) => agent)
        .toSorted(),
    ).toEqual(['caught[1]', 'last[0]', 'last[1]', 'odd[0]', 'odd[1]']);
  });

  test('an agent file runs in a loop, each time with a body of its own', async () => {
    const run = await runToEnd(
      `
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1, 2]
    concurrency: 2
    steps: [{ name: sum, input: { to: "\${item}" } }]
output: \${each.output}
`,
      {
        agentFiles: {
          sum: `
agent: sum
inputs: { to: { type: number, required: true } }
operations:
  - name: parts
    type: foreach
    items: [10, 20]
    concurrency: 2
    steps: [{ name: part, operation: transform, config: { value: "\${item + input.to}" } }]
outputs: { all: "\${parts.output}" }
`,
        },
      },
    );
    expect(run.finished.output).toEqual([{ all: [11, 21] }, { all: [12, 22] }]);
    expect(
      eventsOf(run, 'agent.started')
        .map(({ agent }) => agent)
        .toSorted(),
    ).toEqual(['sum[0]', 'sum[0]/part[0]', 'sum[0]/part[1]', 'sum[1]', 'sum[1]/part[0]', 'sum[1]/part[1]']);
  });

  test('the time of an agent around a body ends what lies in its loops, and no read of a failure inside handles that', async () => {
    const http = new HandHttp();
    const run = startRun('ensemble: e\nagents: [{ name: slow, timeout: 10 }]\n', {
      http: http.act,
      agentFiles: {
        slow: `
agent: slow
operations:
  - name: each
    type: foreach
    items: [a, b]
    concurrency: 2
    steps: [{ name: call, operation: http, config: { url: "http://x/\${item}" } }]
outputs: { failed: "\${each.failed}", call: "\${call.error}" }
`,
      },
    });
    await settle();
    await run.clock.advance(10);
    expect(await run.done).toMatchObject({ status: 'failed', failure: { code: 'TIMEOUT' } });
    expect(http.cancelled).toEqual(['a', 'b']);
    expect(eventsOf(run, 'step.failed')).toMatchObject([{ step: 'slow/each', failure: { code: 'TIMEOUT' }, handled: false }]);
  });

  test('an output too large to keep fails the step', async () => {
    const { finished } = await runToEnd(`
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    steps: [{ name: big, operation: transform, config: { value: "\${'x'.repeat(1000000)}" } }]
output: done
`);
    expect(finished).toMatchObject({ status: 'failed', agent: 'each', failure: { code: 'OUTPUT_TOO_LARGE' } });
  });
});
