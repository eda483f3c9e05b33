import { describe, expect, test } from 'vitest';
import { failure } from '../../../../src/runtime/failure.ts';
import { eventsOf, runToEnd } from '../support/test-run.ts';

const source = (steps: string): string => `
ensemble: e
agents:
  - { name: outside, operation: http, config: { url: http://x/ } }
  - { name: inside, operation: transform, config: { value: [1, 2] } }
${steps}
`;
const taintOf = async (steps: string): Promise<Record<string, boolean>> => {
  const run = await runToEnd(source(steps), { http: () => ({ output: [1, 2] }) });
  const agents = eventsOf(run, 'agent.finished').map(({ agent, tainted }) => [agent, tainted] as const);
  const done = eventsOf(run, 'step.finished').map(({ step, tainted }) => [step, tainted] as const);
  const failed = eventsOf(run, 'step.failed').map(({ step, tainted }) => [step, tainted] as const);
  return Object.fromEntries([...agents, ...done, ...failed]);
};
const value = (name: string, what: string): string => `{ name: ${name}, operation: transform, config: { value: "${what}" } }`;

describe('taint of flow steps', () => {
  test.each(['foreach', 'map-reduce'])('%s: the item is tainted when the items are, the index is not', async (type) => {
    const steps = (items: string): string =>
      `  - { name: each, type: ${type}, items: "\${${items}.output}", ${type === 'foreach' ? 'steps' : 'map'}: [${value('it', '${item}')}, ${value('by-loop', '${loop.index}')}, ${value('at', '${index}')}] }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ 'it[0]': true, 'by-loop[0]': true, 'at[0]': false, each: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ 'it[0]': false, 'by-loop[0]': false, 'at[0]': false, each: false });
  });

  test('a step is tainted when one of its values is', async () => {
    expect(await taintOf(`  - { name: both, parallel: [${value('a', '${outside.output}')}, ${value('b', 'b')}] }`)).toMatchObject({
      a: true,
      b: false,
      both: true,
    });
    expect(await taintOf(`  - { name: both, parallel: [${value('a', '${inside.output}')}, ${value('b', 'b')}] }`)).toMatchObject({
      both: false,
    });
  });

  test.each([
    ['branch', 'type: branch, condition: "${X.output.length > 1}", then: ['],
    ['switch', 'type: switch, value: "${X.output.length}", cases: { 2: ['],
  ])('%s: what decides taints the result, not what runs', async (_, start) => {
    const steps = (name: string): string =>
      `  - { name: way, ${start.replace('X', name)}${value('a', 'a')}]${start.includes('{ 2') ? '}' : ''} }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ a: false, way: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ a: false, way: false });
  });

  test('while: the condition taints the list', async () => {
    const steps = (name: string): string =>
      `  - { name: rounds, type: while, condition: "\${index < ${name}.output.length}", steps: [${value('a', '${index}')}] }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ 'a[0]': false, rounds: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ 'a[0]': false, rounds: false });
  });

  test('map-reduce: mapResults are tainted when a mapped value is', async () => {
    const steps = (name: string): string =>
      `  - { name: all, type: map-reduce, items: [1], map: [${value('m', `\${${name}.output}`)}], reduce: [${value('r', '${mapResults.length}')}] }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ r: true, all: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ r: false, all: false });
  });

  test('try: the error of an agent that read something tainted is tainted, and so is what catch gives', async () => {
    const steps = (name: string): string =>
      `  - { name: safe, type: try, steps: [{ name: check, operation: assert, config: { that: "\${${name}.output.length > 2}", message: short } }], catch: [${value('c', '${error.message}')}] }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ c: true, safe: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ c: false, safe: false });
  });

  test('a failed step is tainted by what failed in it, and by what it read itself', async () => {
    const checks = (name: string): string =>
      `  - { name: all, parallel: [{ name: check, operation: assert, config: { that: "\${${name}.output.length > 2}" } }] }\n  - ${value('asks', '${all.failed}')}`;
    expect(await taintOf(checks('outside'))).toMatchObject({ all: true, asks: true });
    expect(await taintOf(checks('inside'))).toMatchObject({ all: false, asks: false });
    const items = (name: string): string =>
      `  - { name: each, type: foreach, items: "\${${name}.output.length}", steps: [${value('a', '1')}] }\n  - ${value('asks', '${each.failed}')}`;
    expect(await taintOf(items('outside').replace('.length}"', '[0].x}"'))).toMatchObject({ each: true, asks: true });
  });

  test.each([
    ['branch', 'type: branch, condition: "${X.output.length > 1}", then: [FAILS]'],
    ['switch', 'type: switch, value: "${X.output.length}", cases: { 2: [FAILS] }'],
    ['while', 'type: while, condition: "${index < X.output.length}", steps: [FAILS]'],
    ['foreach', 'type: foreach, items: "${X.output}", steps: [FAILS]'],
    ['map-reduce', 'type: map-reduce, items: "${X.output}", map: [FAILS]'],
  ])('%s: that a step in it fails at all tells of what decided it', async (_, flow) => {
    const steps = (name: string): string =>
      `  - { name: safe, type: try, steps: [{ ${flow.replace('X', name).replace('FAILS', '{ name: f, operation: assert, config: { that: false, message: m } }')} }], catch: [${value('c', '${error.message}')}] }`;
    expect(await taintOf(steps('outside'))).toMatchObject({ c: true, safe: true });
    expect(await taintOf(steps('inside'))).toMatchObject({ c: false, safe: false });
  });

  test('a skipped agent is tainted by its condition, and by that alone', async () => {
    const steps = (asked: string, given: string, more = ''): string =>
      `  - { name: maybe, operation: transform, condition: "\${${asked}.output.length > 2}", config: { value: "\${${given}.output}" }${more} }\n  - ${value('asks', '${maybe.skipped}')}`;
    for (const more of ['', ', loop: { items: [1] }']) {
      expect(await taintOf(steps('outside', 'inside', more))).toMatchObject({ asks: true });
      expect(await taintOf(steps('inside', 'outside', more))).toMatchObject({ asks: false });
    }
  });

  test('the failure of an agent inside an agent file taints the error', async () => {
    const run = await runToEnd(
      `ensemble: e\nagents:\n  - { name: safe, type: try, steps: [{ name: caller }], catch: [${value('c', '${error.message}')}] }\n`,
      {
        http: () => {
          throw failure('NETWORK', 'what the server said');
        },
        agentFiles: { caller: 'agent: caller\noperations:\n  - { name: call, operation: http, config: { url: http://x/ } }\n' },
      },
    );
    expect(eventsOf(run, 'agent.finished')).toMatchObject([{ agent: 'c', output: 'what the server said', tainted: true }]);
  });
});
