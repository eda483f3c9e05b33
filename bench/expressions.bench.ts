import jexl from 'jexl';
import { parseTemplateText } from '../src/language/expression/template.ts';
import { compileTemplate } from '../src/runtime/expression/compile-template.ts';
import type { Scope } from '../src/runtime/expression/scope.ts';
import { runBenchmark, type Subject } from './harness.ts';

/*
 * Expressions against a native function that does the same, and against Jexl (0.4 M/s here for the condition, a tenth of cel-js' speed, so that 10 ×
 * cel-js is 100 × Jexl). The inputs vary, so that nothing can be folded, and a wrong answer ends the benchmark. Not measured: parsing and compiling.
 */

interface Case {
  readonly name: string;
  readonly ours: string;
  readonly jexl: string;
  readonly native: (scope: Scope) => unknown;
}

interface Input {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: string;
  readonly items: readonly { readonly name: string; readonly price: number }[];
}

const inputOf = (scope: Scope): Input => scope.input as Input;

const CASES: readonly Case[] = [
  {
    name: 'condition',
    ours: '${input.a + input.b * input.c > input.d && input.e == "f"}',
    jexl: 'input.a + input.b * input.c > input.d && input.e == "f"',
    native: (scope) => {
      const input = inputOf(scope);
      return input.a + input.b * input.c > input.d && input.e === 'f';
    },
  },
  {
    name: 'default',
    ours: '${input.missing || input.a}',
    jexl: 'input.missing || input.a',
    native: (scope) => (scope.input as { missing?: number }).missing || inputOf(scope).a,
  },
  {
    name: 'text',
    ours: 'Order of ${input.e}: ${input.a * input.b} (${input.items.length} items)',
    jexl: '"Order of " + input.e + ": " + (input.a * input.b) + " (" + (input.items|length) + " items)"',
    native: (scope) => {
      const input = inputOf(scope);
      return `Order of ${input.e}: ${input.a * input.b} (${input.items.length} items)`;
    },
  },
  {
    name: 'list',
    ours: '${input.items.filter(item => item.price > input.d).map(item => item.name)}',
    jexl: 'input.items[.price > input.d]|names',
    native: (scope) => {
      const input = inputOf(scope);
      return input.items.filter((item) => item.price > input.d).map((item) => item.name);
    },
  },
];

const SCOPES = Array.from({ length: 64 }, (_unused, index): Scope => {
  const items = Array.from({ length: 10 }, (_item, item) => ({ name: `item ${item}`, price: (index * 7 + item * 13) % 100 }));
  const input: Input = { a: index, b: (index * 2) % 7, c: 3 + (index % 5), d: index % 50, e: index % 3 === 0 ? 'g' : 'f', items };
  const nothing = { state: {}, env: {}, run: {}, trigger: undefined, item: undefined, index: undefined, loop: undefined, error: undefined };
  return { input, ...nothing, mapResults: undefined, agents: new Map(), now: () => 0, uuid: () => '', random: () => 0 };
});

const CALLS = { native: 400_000, ours: 200_000, jexl: 5_000 };

/** Nanoseconds a call. What comes back is looked at, so that no call can be left out. */
function measure(evaluate: (scope: Scope) => unknown, calls: number): number {
  let kept = 0;
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) if (evaluate(SCOPES[call & 63] as Scope)) kept++;
  const elapsed = performance.now() - startedAt;
  if (kept > calls) throw new Error('unreachable');
  return (elapsed / calls) * 1e6;
}

function buildOurs(text: string): (scope: Scope) => unknown {
  const span = { file: 'bench', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const { template, problems } = parseTemplateText(text, { names: { agents: new Set() }, places: () => span });
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return compileTemplate(template);
}

const engine = new jexl.Jexl();
engine.addTransform('length', (value: { length: number }) => value.length);
engine.addTransform('names', (items: readonly { name: string }[]) => items.map((item) => item.name));

function subjectsOf(one: Case): readonly Subject[] {
  const compiled = engine.compile(one.jexl);
  const contestants = { ours: buildOurs(one.ours), native: one.native, jexl: (scope: Scope) => compiled.evalSync({ input: scope.input }) };
  for (const scope of SCOPES) {
    const expected = JSON.stringify(contestants.native(scope));
    for (const [name, evaluate] of Object.entries(contestants)) {
      const value = JSON.stringify(evaluate(scope));
      if (value !== expected) throw new Error(`${one.name}: ${name} gives ${value} for ${expected}`);
    }
  }
  return [
    { name: `${one.name}: ours`, measure: () => measure(contestants.ours, CALLS.ours) },
    { name: `${one.name}: native`, measure: () => measure(contestants.native, CALLS.native) },
    { name: `${one.name}: Jexl`, measure: () => measure(contestants.jexl, CALLS.jexl) },
  ];
}

await runBenchmark({
  name: 'expressions',
  unit: 'ns a call',
  rounds: 15,
  subjects: CASES.flatMap(subjectsOf),
  comparisons: CASES.flatMap(({ name }) => [
    { subject: `${name}: ours`, against: `${name}: native`, target: '≤ 5' },
    { subject: `${name}: Jexl`, against: `${name}: ours`, ...(name === 'condition' ? { target: '≥ 100' } : {}) },
  ]),
});
