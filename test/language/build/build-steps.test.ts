import { describe, expect, test } from 'vitest';
import { findStep } from '../../../src/program/find-step.ts';
import { compileSteps, compileText, log, pathsOf } from '../support/compile-text.ts';

describe('the paths of the steps of a body', () => {
  test('are their names, or their kind and number', () => {
    const steps = compileSteps(`agents:
  - { type: foreach, items: [1], step: { type: foreach, items: [2], step: ${log('a')} } }
  - { type: foreach, name: each, items: [3], step: ${log('b')} }
  - parallel: [{ type: foreach, items: [4], step: ${log('c')} }, ${log('d')}]
`);
    expect(pathsOf(steps)).toEqual(['foreach#1', 'foreach#2', 'a', 'each', 'b', 'parallel#1', 'foreach#3', 'c', 'd']);
  });
  test('are unique where ways that exclude each other run one agent', () => {
    const program = compileText(`ensemble: test
agents: [${log('a', `onError: [${log('handle')}]`)}]
flow:
  - { type: branch, condition: "\${input.x}", then: { agent: a }, else: { agent: a, input: { y: 1 } } }
  - { agent: a, id: again }
`);
    const paths = pathsOf(program.body.steps);
    expect(paths).toEqual(['branch#1', 'a', 'handle', 'a#2', 'handle#2', 'again', 'handle#3']);
    for (const path of paths) expect(findStep(program, path)?.step.path).toBe(path);
    expect(findStep(program, 'a#2')?.step).toMatchObject({ name: 'a', input: { value: { y: 1 } } });
  });
});

describe('a flow', () => {
  const agents = `agents:
  - name: a
    operation: log
    config: { message: hi }
    condition: "\${input.x}"
    input: { n: 1 }
    state: { use: [k], set: { l: 1 } }
    retry: 2
    timeout: { attempt: 1s, total: 1m }
  - ${log('b')}
`;
  test('runs the agents that it names, in its order, and no others', () => {
    const steps = compileSteps(`${agents}flow: [{ agent: b }, ${log('own')}]`);
    expect(pathsOf(steps)).toEqual(['b', 'own']);
  });
  test('takes what an entry leaves out from the agent', () => {
    const [a] = compileSteps(`${agents}flow: [{ agent: a, id: a }]`);
    expect(a).toMatchObject({
      name: 'a',
      path: 'a',
      condition: { type: 'hole' },
      input: { value: { n: 1 } },
      use: ['k'],
      retry: { maxAttempts: 2 },
    });
    expect(a).toMatchObject({ set: { fields: [{ key: 'l' }] }, timeoutMs: 1_000, totalTimeoutMs: 60_000, place: { line: 3, column: 5 } });
    expect(a).not.toHaveProperty('definedAs');
  });
  test('takes what an entry says in place of the agent’s, each setting as a whole', () => {
    const entry = '{ agent: a, id: a-2, when: "${b.output}", input: { n: 2 }, state: { set: { m: 1 } }, retry: 5, timeout: 2s }';
    const [, a] = compileSteps(`${agents}flow: [{ agent: b }, ${entry}]`);
    expect(a).toMatchObject({
      name: 'a-2',
      path: 'a-2',
      definedAs: 'a',
      condition: { type: 'hole', source: '${b.output}' },
      input: { value: { n: 2 } },
      use: ['k'],
      set: { fields: [{ key: 'm' }] },
      retry: { maxAttempts: 5 },
      timeoutMs: 2_000,
      reads: { agents: ['b'] },
    });
    expect(a).not.toHaveProperty('totalTimeoutMs');
  });
  test('may give an agent another view of the state', () => {
    const [a] = compileSteps(`${agents}flow: [{ agent: a, state: { use: [state], set: [m] } }]`);
    expect(a).toMatchObject({ use: [], useAll: true, set: { type: 'same', keys: ['m'] } });
  });
  test('runs an agent with a loop under an id', () => {
    const [each] = compileSteps(`agents: [${log('a', 'loop: { items: [1] }')}]\nflow: [{ agent: a, id: each }]`);
    expect(each).toMatchObject({
      type: 'foreach',
      loop: true,
      name: 'each',
      path: 'each',
      steps: [{ name: 'each', path: 'each', definedAs: 'a' }],
    });
  });
  test('has the failure of each run handled by who asks for it by its name', () => {
    const [a, again] = compileSteps(`${agents}flow: [{ agent: a }, { agent: a, id: again }, ${log('c', 'condition: "${again.failed}"')}]`);
    expect([a?.handlesFailure, again?.handlesFailure]).toEqual([false, true]);
  });
  test('keeps the modules of the agents that it runs, and of no others', () => {
    const code = (name: string): string => `{ name: ${name}, operation: code, config: { code: "return '${name}'" } }`;
    const { modules } = compileText(`ensemble: test\nagents: [${code('a')}, ${code('b')}]\nflow: [{ agent: a }, { agent: a, id: a2 }]`);
    expect(Object.keys(modules)).toEqual(['ensembles/test.yaml#a']);
  });
});
