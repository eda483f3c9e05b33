import { describe, expect, test } from 'vitest';
import type { AgentStep, ForeachStep, Step } from '../../../src/program/program.ts';
import { compileSteps, compileText, log, pathsOf, projectOf } from '../support/compile-text.ts';

/** The agent `a`, and an agent `z` after it that has more settings. */
const build = (more: string, after = ''): Step | undefined =>
  compileSteps(`agents:\n  - ${log('a', more)}\n${after === '' ? '' : `  - ${log('z', after)}\n`}`)[0];

const loopOf = (step: Step | undefined): { readonly each: ForeachStep; readonly agent: AgentStep } => {
  const agent = step?.type === 'foreach' ? step.steps[0] : undefined;
  if (step?.type !== 'foreach' || agent?.type !== 'agent') throw new Error('no loop');
  return { each: step, agent };
};

describe('an agent', () => {
  test('has the list of its onError as handlers, and its failure handled', () => {
    expect(build(`onError: [${log('tell')}, { parallel: [${log('b')}] }]`)).toMatchObject({
      handlesFailure: true,
      handlers: [
        { name: 'tell', path: 'tell', handlesFailure: false },
        { type: 'parallel', steps: [{ name: 'b' }] },
      ],
    });
    expect(build('onError: continue')).not.toHaveProperty('handlers');
  });
  test('has what undoes it, under its own name or after the agent’s', () => {
    const undo = 'operation: log, config: { message: undo }';
    expect(build(`compensate: { ${undo} }`)).toMatchObject({
      compensate: { name: 'a:compensate', path: 'a:compensate', handlesFailure: false },
    });
    expect(build(`compensate: { name: undo, ${undo}, retry: 3 }`)).toMatchObject({
      compensate: { name: 'undo', path: 'undo', retry: { maxAttempts: 3 } },
    });
  });
  test('has its code in a module of its own, also where it undoes', () => {
    const { modules } = compileText(`ensemble: test
agents: [${log('a', 'compensate: { operation: code, config: { code: "return a.output" } }')}]`);
    expect(Object.keys(modules)).toEqual(['ensembles/test.yaml#compensate of a']);
  });
  test('keeps its output in KV with a cache', () => {
    const { body, bindings } = compileText(`ensemble: test
agents: [${log('a', 'cache: { ttl: 1h, key: "${input.x}" }')}, ${log('b', 'cache: { ttl: 60 }')}, ${log('c', 'cache: { binding: PAGES }')}]`);
    expect(body.steps).toMatchObject([
      { cache: { ttlMs: 3_600_000, key: { type: 'hole' } } },
      { cache: { ttlMs: 60_000 } },
      { cache: { binding: 'PAGES' } },
    ]);
    expect(bindings).toEqual([{ kind: 'kv' }, { kind: 'kv', name: 'PAGES' }]);
  });
  test('has a timeout of each try, of all of them, or both', () => {
    expect(build('timeout: 5s')).toMatchObject({ timeoutMs: 5_000 });
    expect(build('timeout: 5s')).not.toHaveProperty('totalTimeoutMs');
    expect(build('timeout: { attempt: 5s, total: 1m }')).toMatchObject({ timeoutMs: 5_000, totalTimeoutMs: 60_000 });
    expect(build('timeout: { total: 250 }')).toMatchObject({ totalTimeoutMs: 250 });
    expect(build('timeout: { total: 250 }')).not.toHaveProperty('timeoutMs');
  });
  test('in an agent file may be a flow step', () => {
    const text = `agent: both\noperations:\n  - { type: foreach, items: "\${input.rows}", step: ${log('each', 'condition: "${item}"')} }\n`;
    const { files } = compileText('ensemble: test\nagents: [{ name: a, agent: both }]', projectOf('both', text));
    expect(pathsOf(files['agents/both.yaml']?.body.steps ?? [])).toEqual(['foreach#1', 'each']);
  });
});

describe('a loop', () => {
  test('is a foreach over its agent, which has the name and the path of both', () => {
    const { each, agent } = loopOf(build('loop: { items: "${input.rows}", concurrency: 4, breakWhen: "${a.output}" }, retry: 3'));
    expect(each).toMatchObject({ name: 'a', path: 'a', items: { type: 'hole' }, concurrency: 4, breakWhen: { type: 'hole' }, loop: true });
    expect(agent).toMatchObject({ type: 'agent', name: 'a', path: 'a', retry: { maxAttempts: 3 }, place: each.place });
  });
  test('has a condition as a whole, or one for each item where that reads something of the iteration', () => {
    const whole = loopOf(build('loop: { items: [1] }, condition: "${input.go}"'));
    expect([whole.each.condition, whole.agent.condition]).toMatchObject([{ source: '${input.go}' }, undefined]);
    for (const source of ['${item > 0}', '${index}', '${loop.item}', '$<item>']) {
      const each = loopOf(build(`loop: { items: [1] }, condition: "${source}"`));
      expect([each.each.condition, each.agent.condition]).toMatchObject([undefined, { source }]);
    }
  });
  test('leaves what its items and its end read to itself', () => {
    const [, step] = compileSteps(`agents:
  - ${log('rows')}
  - ${log('a', 'loop: { items: "${rows.output}", breakWhen: "${item}" }, input: { i: "${index}" }')}
`);
    expect(loopOf(step).agent.reads).toEqual({ agents: [], trigger: false, locals: ['index'] });
  });
  test.each([
    ['nothing', '', '', false, false],
    ['onError: continue', 'onError: continue', '', true, true],
    // What handles the failure of an item cannot handle that there are no items.
    ['a list of handlers', `onError: [${log('h')}]`, '', true, false],
    ['a later agent that asks for it', '', 'condition: "${a.failed}"', false, true],
  ])('with %s handles failures of its items, and its own, accordingly', (_, more, after, ofItems, own) => {
    const { each, agent } = loopOf(build(`loop: { items: "\${input.rows}" }${more === '' ? '' : `, ${more}`}`, after));
    expect([agent.handlesFailure, each.handlesFailure]).toEqual([ofItems, own]);
  });
  test('that ends with the first failed item has the failures of its items handled', () => {
    const { each, agent } = loopOf(build('loop: { items: "${input.rows}", breakWhen: "${a.failed}" }'));
    expect([agent.handlesFailure, each.handlesFailure]).toEqual([true, false]);
  });
});
