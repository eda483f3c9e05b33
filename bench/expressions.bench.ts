import { parseTemplateText } from '../src/language/expression/template.ts';
import { compileTemplate } from '../src/runtime/expression/compile-template.ts';
import type { Scope } from '../src/runtime/expression/scope.ts';
import { isSmoke, runBenchmark, type Subject, sized } from './harness.ts';
import { type ExpressionPeer, loadPeer } from './peer.ts';

/*
 * Expressions against a native function that does the same and against three expression languages, each in the words of its own that it would take for the case. The inputs vary, so that
 * nothing can be folded, and a wrong answer ends the benchmark.
 */

interface Case {
  readonly name: string;
  readonly ours: string;
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
    native: (scope) => {
      const input = inputOf(scope);
      return input.a + input.b * input.c > input.d && input.e === 'f';
    },
  },
  {
    name: 'default',
    ours: '${input.missing ?? input.a}',
    native: (scope) => (scope.input as { missing?: number }).missing ?? inputOf(scope).a,
  },
  {
    name: 'text',
    ours: 'Order of ${input.e}: ${input.a * input.b} (${input.items.length} items)',
    native: (scope) => {
      const input = inputOf(scope);
      return `Order of ${input.e}: ${input.a * input.b} (${input.items.length} items)`;
    },
  },
  {
    name: 'list',
    ours: '${input.items.filter(item => item.price > input.d).map(item => item.name)}',
    native: (scope) => {
      const input = inputOf(scope);
      return input.items.filter((item) => item.price > input.d).map((item) => item.name);
    },
  },
];

const SCOPES = Array.from({ length: 64 }, (_unused, index): Scope => {
  const items = Array.from({ length: 10 }, (_item, item) => ({ name: `item ${item}`, price: (index * 7 + item * 13) % 100 }));
  // From 1: what is missing and what is 0 are different things to some of the languages.
  const input: Input = { a: index + 1, b: (index * 2) % 7, c: 3 + (index % 5), d: index % 50, e: index % 3 === 0 ? 'g' : 'f', items };
  const nothing = { state: {}, env: {}, run: {}, trigger: undefined, item: undefined, index: undefined, loop: undefined, error: undefined };
  return { input, ...nothing, mapResults: undefined, agents: new Map(), now: () => 0, uuid: () => '', random: () => 0 };
});
const CONTEXTS = SCOPES.map(({ input }) => ({ input }));

type Evaluate<Context> = (context: Context) => unknown;

/** Nanoseconds a call. What comes back is looked at, so that no call can be left out. */
function measure<Context>(evaluate: Evaluate<Context>, contexts: readonly Context[], calls: number): number {
  let kept = 0;
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) if (evaluate(contexts[call & 63] as Context)) kept++;
  const elapsed = performance.now() - startedAt;
  if (kept > calls) throw new Error('unreachable');
  return (elapsed / calls) * 1e6;
}

async function measureAsync<Context>(evaluate: Evaluate<Context>, contexts: readonly Context[], calls: number): Promise<number> {
  let kept = 0;
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) if (await evaluate(contexts[call & 63] as Context)) kept++;
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

/** Each answer is that of the native function. */
async function check<Context>(name: string, one: Case, evaluate: Evaluate<Context>, contexts: readonly Context[]): Promise<void> {
  for (const [index, context] of contexts.entries()) {
    const expected = JSON.stringify(one.native(SCOPES[index] as Scope));
    const value = JSON.stringify(await evaluate(context));
    if (value !== expected) throw new Error(`${one.name}: ${name} gives ${value} for ${expected}`);
  }
}

/** The text of the case under 64 names, so that nobody remembers it. */
const variantsOf = (text: string): readonly string[] =>
  Array.from({ length: 64 }, (_, index) => text.replaceAll('input.a', `input.a${index}`));

const peers: readonly ExpressionPeer[] = isSmoke
  ? []
  : await Promise.all(['cel-js', 'jexl', 'jsonata'].map((name) => loadPeer<ExpressionPeer>(name)));
const textOf = (peer: ExpressionPeer, { name }: Case): string => {
  const text = peer.texts[name];
  if (text === undefined) throw new Error(`${peer.name} has no text for ${name}`);
  return text;
};

async function evaluationsOf(one: Case): Promise<readonly Subject[]> {
  const ours = buildOurs(one.ours);
  await check('ours', one, ours, SCOPES);
  const [few, many] = [sized(20_000, 100), sized(400_000, 100)];
  const subjects: Subject[] = [
    { name: `${one.name}: Ensemble`, measure: () => measure(ours, SCOPES, many / 2) },
    { name: `${one.name}: native`, measure: () => measure(one.native, SCOPES, many) },
  ];
  for (const peer of peers) {
    const evaluate = peer.compile(textOf(peer, one));
    await check(peer.name, one, evaluate, CONTEXTS);
    subjects.push({ name: `${one.name}: ${peer.name}`, measure: () => (peer.isAsync ? measureAsync : measure)(evaluate, CONTEXTS, few) });
  }
  return subjects;
}

function parsingOf(one: Case): readonly Subject[] {
  const calls = sized(2_000, 64);
  const microseconds = (name: string, compile: (text: string) => unknown, text: string): Subject => ({
    name: `${one.name}: ${name}`,
    measure: () => measure(compile, variantsOf(text), calls) / 1_000,
  });
  return [microseconds('Ensemble', buildOurs, one.ours), ...peers.map((peer) => microseconds(peer.name, peer.compile, textOf(peer, one)))];
}

await runBenchmark({
  name: 'expressions',
  unit: 'ns a call',
  about:
    'What one evaluation of an expression costs that was parsed before: a condition, a default for what is missing, a text with three values, and a filter and a map over ten items; 64 inputs in turn. Every answer is compared with that of the native function first.',
  caveats: [
    'Each language gets the words of its own for the case; Jexl has no `map`, so that its names come from a transform written in JavaScript, which flatters it.',
    "JSONata's `evaluate` is asynchronous: its figures hold a promise and a turn of the microtask queue for each call, which nobody who uses it can avoid.",
    'Ours counts steps, guards every read against prototypes and bounds what is made; the native function does nothing of that. cel-js is given a dynamic `input`: declared types are checked when it parses.',
    'Not measured: large data, deep nesting, the `$<…>` dialect (the same tree as ours once parsed), errors.',
  ],
  rounds: 11,
  subjects: (await Promise.all(CASES.map(evaluationsOf))).flat(),
  comparisons: CASES.flatMap(({ name }) => [
    { subject: `${name}: Ensemble`, against: `${name}: native`, target: '≤ 5' },
    { subject: `${name}: cel-js`, against: `${name}: Ensemble`, target: '≥ 10' },
    { subject: `${name}: Jexl`, against: `${name}: Ensemble` },
    { subject: `${name}: JSONata`, against: `${name}: Ensemble` },
  ]),
});

await runBenchmark({
  name: 'expressions-parse',
  unit: 'µs a text',
  about:
    'What it costs to parse the same expressions and to compile them, as far as each does, until they can be evaluated. The texts differ in a name from call to call.',
  caveats: [
    'Ours finds the holes of a template, checks every name and keeps where each part stands, for messages; the others are given a bare expression. It is done when a file is compiled (the tree is part of the program) and once a run (closures), not at each evaluation.',
    'Jexl and JSONata keep a tree that they walk; ours and cel-js make closures.',
  ],
  rounds: 9,
  subjects: CASES.flatMap(parsingOf),
  comparisons: CASES.flatMap(({ name }) =>
    ['cel-js', 'Jexl', 'JSONata'].map((peer) => ({ subject: `${name}: Ensemble`, against: `${name}: ${peer}` })),
  ),
});
