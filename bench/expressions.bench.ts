import { mkdir, writeFile } from 'node:fs/promises';
import jexl from 'jexl';
import { parseTemplateText } from '../src/language/expression/template.ts';
import { compileTemplate } from '../src/runtime/expression/compile-template.ts';
import type { Scope } from '../src/runtime/expression/scope.ts';

/**
 * Expressions against a native function that does the same, and against Jexl. Each round gives every contestant the same inputs, which vary so that
 * nothing can be folded; rounds alternate, and medians count. Compared are values as well as times: a wrong answer ends the benchmark.
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

const ROUNDS = 15;
const ROUND_MS = 40;

function timePerCall(evaluate: (scope: Scope) => unknown, calls: number): number {
  let kept = 0;
  const start = performance.now();
  for (let call = 0; call < calls; call++) if (evaluate(SCOPES[call & 63] as Scope)) kept++;
  const elapsed = performance.now() - start;
  if (kept > calls) throw new Error('unreachable: keeps the calls alive');
  return (elapsed / calls) * 1e6;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function buildOurs(text: string): (scope: Scope) => unknown {
  const span = { file: 'bench', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const { template, problems } = parseTemplateText(text, { names: { agents: new Set() }, places: () => span });
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return compileTemplate(template);
}

const engine = new jexl.Jexl();
engine.addTransform('length', (value: { length: number }) => value.length);
engine.addTransform('names', (items: readonly { name: string }[]) => items.map((item) => item.name));

const results = CASES.map((one) => {
  const compiled = engine.compile(one.jexl);
  const contestants = { ours: buildOurs(one.ours), native: one.native, jexl: (scope: Scope) => compiled.evalSync({ input: scope.input }) };
  for (const scope of SCOPES) {
    const expected = JSON.stringify(contestants.native(scope));
    for (const [name, evaluate] of Object.entries(contestants)) {
      const value = JSON.stringify(evaluate(scope));
      if (value !== expected) throw new Error(`${one.name}: ${name} gives ${value} for ${expected}`);
    }
  }
  const times = { ours: [] as number[], native: [] as number[], jexl: [] as number[] };
  const names = ['ours', 'native', 'jexl'] as const;
  const calls = Object.fromEntries(names.map((name) => [name, Math.ceil((ROUND_MS * 1e6) / timePerCall(contestants[name], 20_000))]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times[name].push(timePerCall(contestants[name], calls[name] ?? 1));
  }
  const ns = { ours: median(times.ours), native: median(times.native), jexl: median(times.jexl) };
  return { name: one.name, ns, timesNative: ns.ours / ns.native, fasterThanJexl: ns.jexl / ns.ours };
});

console.log('expression   × native   × faster than Jexl      ours    native      Jexl (ns a call, median)');
for (const { name, ns, timesNative, fasterThanJexl } of results) {
  const columns = [timesNative.toFixed(1).padStart(8), fasterThanJexl.toFixed(0).padStart(20)];
  const absolute = [ns.ours, ns.native, ns.jexl].map((value) => value.toFixed(1).padStart(9));
  console.log(`${name.padEnd(12)}${columns.join('')}${absolute.join(' ')}`);
}
const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL('expressions.json', folder), `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
