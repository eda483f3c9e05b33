import { expect, test } from 'vitest';
import type { Program } from '../../../src/program/program.ts';
import type { Scope } from '../../../src/runtime/expression/scope.ts';
import { buildScope, templateOf } from '../../runtime/expression/evaluate.ts';
import { SEED } from '../../support/seed.ts';
import { findFault } from './check.ts';
import { findReadFault } from './check-reads.ts';
import { findTaintFault, programOfFlow } from './check-taint.ts';
import { findTypeFault } from './check-type.ts';
import { type Fault, runRounds } from './round.ts';

/** CI takes a minute, always the same one; `npm run fuzz` draws anew, for as long as it is told. */
const seconds = Number(process.env.ENSEMBLE_FUZZ_SECONDS ?? 10);

test(
  'whatever is written as an expression, and whatever it reads: it is refused, gives data of its type or fails with a code, twice the same, soon, reads what it is said to read and leaves nothing behind; and whatever differs by what came from outside is tainted',
  async () => {
    const faults: Fault[] = [];
    const rounds = await runRounds(SEED, 1, Date.now() + seconds * 1_000, (fault) => faults.push(fault));
    process.stdout.write(`${rounds} rounds of expressions from FUZZ_SEED=${SEED} on\n`);
    expect(faults).toEqual([]);
  },
  seconds * 1_000 + 120_000,
);

test.each([
  ["${({ a: 'before', ...input.v })}", '{"__proto__":0}'],
  ['${input.v | values}', '{"constructor":{}}'],
  ['${Object.values(input.v)}', '{"prototype":"a"}'],
  ['${input.v[input.v.k]}', '{"k":"constructor","constructor":1}'],
])('%s on %s is of its type', (text, data) => {
  expect(findFault(text, JSON.parse(data))).toBe(undefined);
});

test('a fault is found where there is one', () => {
  expect(findFault('${input.v}', 1)).toBe(undefined);
  const unsteady = {
    get a() {
      return Math.random();
    },
  };
  expect(findFault('${input.v.a}', unsteady)).toBe('ends differently the second time');
  const template = templateOf('${input.v}');
  expect(findTypeFault({ template, data: 1, json: 2, scope: buildScope({ input: { v: 2 } }) })).toBe('is 2, its type is 1');
  const read = (scope: Scope) => [scope.input, scope.env];
  expect(findReadFault(template, read, buildScope(), ['root input'])).toBe('reads env, which nobody says');
  expect(findReadFault(template, read, buildScope(), [])).toBe('is said to read input by the engine alone');
});

test('a value that came from outside and passes for clean is found', async () => {
  const program = programOfFlow(
    'ensemble: e\nagents:\n  - { name: outside, operation: http, config: { url: "http://x/" } }\n  - { name: a, operation: transform, config: { value: "${outside.output}" } }\n',
  );
  if (typeof program === 'string') throw new Error(program);
  expect(await findTaintFault(program, [1, 2])).toBe(undefined);
  const [outside, agent] = program.body.steps;
  // The engine is told that the agent reads nothing.
  const blind = {
    ...program,
    body: { ...program.body, steps: [outside, { ...agent, reads: { agents: [], trigger: false, locals: [] } }] },
  };
  expect(await findTaintFault(blind as Program, [1, 2])).toBe('agent a is 1 and 2, and is said to come from inside');
});
