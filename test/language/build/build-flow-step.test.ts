import { describe, expect, test } from 'vitest';
import { compileSteps, compileText, log } from '../support/compile-text.ts';

const hole = { type: 'hole' };

/** The one step of an ensemble. */
const build = (step: string) => compileSteps(`agents:\n  - ${step}\n`)[0];

describe('a parallel', () => {
  test('has its branches in listed order and says for which it waits', () => {
    expect(build(`{ parallel: [${log('a')}, ${log('b')}], waitFor: any, name: race }`)).toMatchObject({
      type: 'parallel',
      name: 'race',
      path: 'race',
      place: { line: 3, column: 5 },
      handlesFailure: false,
      waitFor: 'any',
      steps: [{ name: 'a' }, { name: 'b' }],
    });
  });
  test('waits for all unless it says otherwise, in its long form too', () => {
    expect(build(`{ type: parallel, steps: [${log('a')}, ${log('b')}] }`)).toMatchObject({ type: 'parallel', waitFor: 'all' });
  });
});

test('a branch has a condition and two lists, the second empty when there is none', () => {
  expect(build(`{ type: branch, condition: "\${input.x}", then: [${log('a')}] }`)).toMatchObject({
    type: 'branch',
    condition: hole,
    then: [{ name: 'a' }],
    else: [],
  });
});

test('a switch has its cases as text, in the order of the file', () => {
  expect(
    build(`{ type: switch, value: "\${input.x}", cases: { 1: ${log('a')}, true: [${log('b')}] }, default: ${log('c')} }`),
  ).toMatchObject({
    type: 'switch',
    value: hole,
    cases: [
      { value: '1', steps: [{ name: 'a' }] },
      { value: 'true', steps: [{ name: 'b' }] },
    ],
    default: [{ name: 'c' }],
  });
});

describe('a foreach', () => {
  test('goes over one step or several', () => {
    const end = 'breakWhen: "${a.output}"';
    expect(build(`{ type: foreach, items: "\${input.rows}", step: ${log('a')}, concurrency: 4, ${end} }`)).toMatchObject({
      type: 'foreach',
      items: hole,
      steps: [{ name: 'a' }],
      concurrency: 4,
      breakWhen: hole,
      loop: false,
    });
    expect(build(`{ type: foreach, items: [1, 2], steps: [${log('a')}, ${log('b')}] }`)).toMatchObject({
      items: { type: 'constant', value: [1, 2] },
      steps: [{ name: 'a' }, { name: 'b' }],
      concurrency: 1,
    });
  });
});

test('a while has at most 1,000 iterations unless it says otherwise', () => {
  const rest = `condition: "\${input.x}", steps: [${log('a')}]`;
  expect(build(`{ type: while, ${rest} }`)).toMatchObject({ type: 'while', condition: hole, steps: [{ name: 'a' }], maxIterations: 1_000 });
  expect(build(`{ type: while, maxIterations: 5, ${rest} }`)).toMatchObject({ maxIterations: 5 });
});

test('a try has three lists', () => {
  expect(build(`{ type: try, steps: [${log('a')}], catch: ${log('b')}, finally: [${log('c')}] }`)).toMatchObject({
    type: 'try',
    steps: [{ name: 'a' }],
    catch: [{ name: 'b' }],
    finally: [{ name: 'c' }],
  });
  expect(build(`{ type: try, steps: [${log('a')}] }`)).toMatchObject({ catch: [], finally: [] });
});

test('a map-reduce maps side by side and reduces what it is asked to', () => {
  const map = `type: map-reduce, items: "\${input.rows}", map: ${log('a')}`;
  expect(build(`{ ${map}, reduce: ${log('b')}, concurrency: 3 }`)).toMatchObject({
    type: 'map-reduce',
    items: hole,
    map: [{ name: 'a' }],
    reduce: [{ name: 'b' }],
    concurrency: 3,
  });
  expect(build(`{ ${map} }`)).toMatchObject({ reduce: [], concurrency: 1 });
});

test('flow steps lie in each other to any depth', () => {
  const steps = compileSteps(`agents:
  - type: foreach
    items: [1]
    step:
      parallel:
        - { type: try, steps: { type: branch, condition: "\${item}", then: ${log('a')} } }
        - ${log('b')}
`);
  expect(steps).toMatchObject([
    {
      type: 'foreach',
      steps: [{ type: 'parallel', steps: [{ type: 'try', steps: [{ type: 'branch', then: [{ name: 'a' }] }] }, { name: 'b' }] }],
    },
  ]);
});

describe('the failure of a flow step', () => {
  const [first] = compileSteps(`agents:
  - { name: many, parallel: [${log('a')}, ${log('b')}] }
  - ${log('c', 'condition: "${many.failed}"')}
`);
  test('is handled when something asks for it by its name', () => {
    expect(first).toMatchObject({ name: 'many', handlesFailure: true });
  });
  test('does not make that of what lies in it handled', () => {
    expect(first).toMatchObject({ steps: [{ handlesFailure: false }, { handlesFailure: false }] });
  });
});

test('an ensemble says how many of its steps may be at work at once', () => {
  expect(compileText(`ensemble: test\nconcurrency: 4\nagents: [${log('a')}]`).body.concurrency).toBe(4);
  expect(compileText(`ensemble: test\nagents: [${log('a')}]`).body.concurrency).toBe(1);
});
