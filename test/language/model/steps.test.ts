import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/language/analyze-file.ts';
import type { ParsedBody } from '../../../src/language/model/parsed-body.ts';
import { allReads, openReads } from '../../../src/language/model/parsed-body.ts';
import { readableNames } from '../../../src/language/model/readable-names.ts';
import { everyStep, type StepModel } from '../../../src/language/model/step-model.ts';
import { pathTo, runningPlaces } from '../../../src/language/model/step-places.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';

function read(text: string): ParsedBody {
  const { file } = new Analysis(EMPTY_PROJECT).analyze({ path: 'ensembles/x.yaml', text: `ensemble: x\n${text}` }, 'ensemble');
  if (file === undefined) throw new Error('the file has no structure');
  return file.body;
}

const log = (name: string, message = 'hi'): string => `{ name: ${name}, operation: log, config: { message: "${message}" } }`;

/** A tree of steps as names and kinds, for comparison. */
function outline(steps: readonly StepModel[]): unknown {
  return steps.map((step) => {
    switch (step.type) {
      case 'agent':
        return step.name.text;
      case 'run':
        return { run: step.reference.text, as: step.name.text };
      case 'parallel':
        return { parallel: outline(step.steps), waitFor: step.waitFor };
      case 'branch':
        return { then: outline(step.then), else: outline(step.else) };
      case 'switch':
        return { cases: step.cases.map(({ value, steps: inner }) => [value.text, outline(inner)]), default: outline(step.default) };
      case 'foreach':
        return { foreach: outline(step.steps), concurrency: step.concurrency };
      case 'while':
        return { while: outline(step.steps), maxIterations: step.maxIterations };
      case 'try':
        return { try: outline(step.steps), catch: outline(step.catch), finally: outline(step.finally) };
      case 'map-reduce':
        return { map: outline(step.map), reduce: outline(step.reduce), concurrency: step.concurrency };
      default:
        return step satisfies never;
    }
  });
}

const EVERYTHING = `
agents:
  - ${log('plain')}
  - parallel: [${log('p1')}, ${log('p2')}]
  - { type: parallel, name: both, waitFor: first, steps: ${log('p3')} }
  - { type: branch, condition: "\${plain.output}", then: [${log('t')}], else: ${log('e')} }
  - { type: switch, value: "\${plain.output}", cases: { a: [${log('a')}], 404: ${log('b')}, none: [] }, default: [${log('d')}] }
  - { type: foreach, items: "\${plain.output}", step: ${log('f')}, concurrency: 3, breakWhen: "\${f.output}" }
  - { type: while, condition: "\${state.go}", steps: [${log('w')}], maxIterations: 5 }
  - { type: try, steps: [${log('s')}], catch: [${log('c')}], finally: [${log('l')}] }
  - { type: map-reduce, items: [1], map: ${log('m')}, reduce: [${log('r')}] }
  - name: full
    type: agent
    ensemble: other
    loop: { items: "\${plain.output}", concurrency: 2, breakWhen: "\${item}" }
    cache: { ttl: 5, key: "\${input.key}" }
    depends_on: plain
    onError:
      - ${log('handler')}
      - { type: branch, condition: true, then: [${log('inner')}] }
    compensate: { operation: log, config: { message: "\${full.output}" } }
`;

describe('the steps of a body', () => {
  const body = read(EVERYTHING);
  const { model } = body;

  test('are the tree that the file writes', () => {
    expect(outline(model.steps)).toEqual([
      'plain',
      { parallel: ['p1', 'p2'], waitFor: 'all' },
      { parallel: ['p3'], waitFor: 'first' },
      { then: ['t'], else: ['e'] },
      {
        cases: [
          ['a', ['a']],
          ['404', ['b']],
          ['none', []],
        ],
        default: ['d'],
      },
      { foreach: ['f'], concurrency: 3 },
      { while: ['w'], maxIterations: 5 },
      { try: ['s'], catch: ['c'], finally: ['l'] },
      { map: ['m'], reduce: ['r'], concurrency: 1 },
      'full',
    ]);
  });

  test('hold every agent of the body, each at its index, in the order of the file', () => {
    expect(model.agents.map(({ name }) => name.text)).toEqual(
      'plain p1 p2 p3 t e a b d f w s c l m r full handler inner'.split(' ').concat('compensate of full'),
    );
    expect(model.agents.map(({ index }) => index)).toEqual(model.agents.map((_, index) => index));
    expect(body.agents.map((agent) => agent.model)).toEqual(model.agents);
    const inTree = [...everyStep(model.steps)].flatMap((step) => (step.type === 'agent' ? [step.agent] : []));
    expect(inTree).toEqual(model.agents);
  });

  test('know what an agent says beside its work', () => {
    const full = model.agents.find(({ name }) => name.text === 'full');
    expect(full).toMatchObject({
      named: true,
      work: { type: 'ensemble', reference: { text: 'other' } },
      loop: { concurrency: 2 },
      cache: { ttlMs: 5000 },
      dependsOn: [{ text: 'plain' }],
      compensate: { named: false, work: { type: 'operation' } },
    });
    expect(outline(full?.onErrorSteps ?? [])).toEqual(['handler', { then: ['inner'], else: [] }]);
  });

  test('can be read by their names, those that nobody named not', () => {
    const names = readableNames(model);
    expect(names.has('both')).toBe(true);
    expect(names.has('inner')).toBe(true);
    expect([...names].some((name) => name.includes('compensate'))).toBe(false);
  });

  test('have their expressions among the reads of the body', () => {
    const count = (name: string): number => allReads(body).filter((found) => found.name === name).length;
    expect(count('plain')).toBe(4);
    expect(count('f')).toBe(1);
    expect(count('item')).toBe(1);
    expect(count('full')).toBe(1);
    expect(allReads(body).some(({ name, path }) => name === 'input' && path[0] === 'key')).toBe(true);
    expect(openReads(body).some(({ name, path }) => name === 'state' && path[0] === 'go')).toBe(true);
  });
});

describe('a flow', () => {
  const { model, stepValues } = read(`
agents:
  - ${log('a')}
  - name: b
    operation: log
    config: { message: hi }
    onError: [${log('b-failed')}]
flow:
  - agent: b
  - { agent: b, id: b-2, input: { x: 1 }, when: "\${b.failed}", timeout: 2s, retry: 3, depends_on: [b], state: { use: [k], set: { l: "\${b-2.output}" } } }
  - { agent: a, id: a }
  - parallel: [{ agent: missing }, ${log('own')}]
  - { name: by-file, agent: greet }
`);

  test('runs the agents that `agents` defines, and may define its own', () => {
    expect(outline(model.flow ?? [])).toEqual([
      { run: 'b', as: 'b' },
      { run: 'b', as: 'b-2' },
      { run: 'a', as: 'a' },
      { parallel: [{ run: 'missing', as: 'missing' }, 'own'], waitFor: 'all' },
      'by-file',
    ]);
    expect(model.agents.map(({ name }) => name.text)).toEqual(['a', 'b', 'b-failed', 'own', 'by-file']);
    const [first, second, third] = model.flow ?? [];
    expect(first?.type === 'run' && first.agent).toBe(model.agents[1]);
    expect(third).not.toHaveProperty('id');
    expect(second).toMatchObject({
      id: { text: 'b-2' },
      timeout: { attemptMs: 2000 },
      retry: { maxAttempts: 3 },
      dependsOn: [{ text: 'b' }],
    });
    const values = second && stepValues.get(second);
    expect(values?.condition?.reads).toHaveLength(1);
    expect(values?.set[0]?.value.reads).toHaveLength(1);
  });

  test('is what runs, with what its agents hold where they first run', () => {
    const places = runningPlaces(model).map((place) =>
      pathTo(place)
        .map(({ step }) => step.name?.text ?? step.type)
        .join('/'),
    );
    expect(places).toEqual(['b', 'b/b-failed', 'b-2', 'a', 'parallel', 'parallel/missing', 'parallel/own', 'by-file']);
  });

  test('of nothing but its key runs what `agents` lists', () => {
    const body = read(`agents:\n  - ${log('a')}\nflow:\n`);
    expect(body.model.flow).toBeUndefined();
    expect(runningPlaces(body.model)).toHaveLength(1);
  });
});

test('A list of steps that is none, and steps that are no mappings, leave nothing behind', () => {
  const { model } = read(
    'agents:\n  - text\n  - parallel: text\n  - { type: foreach, items: [1], steps: [1, [2]] }\n  - { type: branch, then: null }',
  );
  expect(outline(model.steps)).toEqual([
    { parallel: [], waitFor: 'all' },
    { foreach: [], concurrency: 1 },
    { then: [], else: [] },
  ]);
  expect(model.agents).toEqual([]);
});
