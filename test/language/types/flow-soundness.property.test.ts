import { expect, test } from 'vitest';
import { Analysis } from '../../../src/language/analyze-file.ts';
import { compile } from '../../../src/language/compile.ts';
import { NO_ENSEMBLES } from '../../../src/language/ensemble-files.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import { typesOf } from '../../../src/language/types/body-types.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { runToEnd } from '../../runtime/engine/support/test-run.ts';
import { fc } from '../../support/fast-check.ts';
import { isMember } from './is-member.ts';

type Step = Readonly<Record<string, unknown>>;

const FLAGS = ['a', 'b', 'c'];
const flag = fc.constantFrom(...FLAGS).map((name) => `\${input.${name}}`);
const rows = fc.constantFrom('${input.rows}', '${input.rows.map(row => row.length)}', [1, 2], []);

/** What an agent gives. `@3` stands for the name of an earlier step, `#loop` for a root that is known there. */
const value = fc.oneof(
  fc.constantFrom<unknown>(1, 'text', null, { n: 1 }, '${[input.a, 1]}', '${input.rows[0]}'),
  fc.constantFrom('#item', '#index', '#loop', '#mapResults', '#error'),
  fc.nat(12).chain((which) => fc.constantFrom(`\${@${which}.output}`, `\${[@${which}.output ?? 0]}`)),
);

const some = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(arbitrary, { nil: undefined, freq: 3 });

function agentArbitrary(inner: fc.Arbitrary<readonly Step[]> | undefined): fc.Arbitrary<Step> {
  const work = fc.oneof(
    { weight: 2, arbitrary: value.map((one) => ({ operation: 'transform', config: { value: one } })) },
    { weight: 1, arbitrary: flag.map((that) => ({ operation: 'assert', config: { that } })) },
  );
  const breakWhen = fc.constantFrom('${index === 1}', '${!!@self.output}');
  return fc
    .record({
      work,
      condition: some(flag),
      onError: some(inner === undefined ? fc.constant('continue') : fc.oneof(fc.constant('continue'), inner)),
      loop: some(fc.record({ items: rows, concurrency: fc.constantFrom(1, 2), breakWhen: some(breakWhen) })),
    })
    .map(({ work: own, ...rest }) => ({ ...own, ...rest }));
}

const { steps: flows } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => {
  const inner = tie('steps') as fc.Arbitrary<readonly Step[]>;
  const is = fc.constant;
  const flow = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Step> => fc.record(shape);
  const breakWhen = fc.constantFrom(undefined, '${index === 1}');
  return {
    steps: fc.array(tie('step') as fc.Arbitrary<Step>, { minLength: 1, maxLength: 2, depthIdentifier: 'steps' }),
    step: fc.oneof(
      { depthIdentifier: 'steps', depthSize: 'small', withCrossShrink: true },
      agentArbitrary(undefined),
      agentArbitrary(inner),
      flow({ type: is('parallel'), steps: inner, waitFor: fc.constantFrom('all', 'any', 'first') }),
      flow({ type: is('branch'), condition: flag, then: inner, else: inner }),
      flow({ type: is('foreach'), items: rows, steps: inner, concurrency: fc.constantFrom(1, 3), breakWhen }),
      flow({ type: is('while'), condition: is('${index < 2}'), steps: inner }),
      flow({ type: is('try'), steps: inner, catch: inner, finally: inner }),
      flow({ type: is('map-reduce'), items: rows, map: inner, reduce: inner }),
    ),
  };
});

/** What can be read at a place. */
interface Surroundings {
  readonly roots: readonly string[];
  readonly names: readonly string[];
}

/** Gives steps names, and what they read a meaning. */
class Writer {
  readonly names: string[] = [];

  /** A list of which each step sees those before it; of a parallel none does. */
  steps(steps: readonly Step[], around: Surroundings, beside = false): readonly Step[] {
    const first = this.names.length;
    return steps.map((step) => this.#step(step, beside ? around : { ...around, names: [...around.names, ...this.names.slice(first)] }));
  }

  #step(step: Step, around: Surroundings): Step {
    const name = `s${this.names.length}`;
    this.names.push(name);
    const first = this.names.length;
    const block = (key: string, roots: readonly string[] = [], seen: readonly string[] = []): Step => {
      const inner = { roots: [...around.roots, ...roots], names: [...around.names, ...seen] };
      return isSteps(step[key]) ? { [key]: this.steps(step[key], inner, step.type === 'parallel') } : {};
    };
    const looped = step.type === 'foreach' || step.loop !== undefined ? LOOP : step.type === 'while' ? LOOP.slice(1) : [];
    const own = Object.fromEntries(Object.entries(step).filter(([, part]) => part !== undefined && !isSteps(part)));
    const inside = { ...around, roots: [...around.roots, ...(step.loop === undefined ? [] : LOOP)] };
    return {
      name,
      ...(JSON.parse(this.#meaning(JSON.stringify(own), inside, name)) as Step),
      ...block('onError', ['error', ...looped], [name]),
      ...block('steps', looped),
      ...block('then'),
      ...block('else'),
      ...block('catch', ['error'], this.names.slice(first)),
      ...block('finally', ['error'], this.names.slice(first)),
      ...block('map', LOOP),
      ...block('reduce', ['mapResults'], this.names.slice(first)),
    };
  }

  #meaning(text: string, { roots, names }: Surroundings, self: string): string {
    return text
      .replace(/"#(\w+)"/g, (_, root: string) => (roots.includes(root) ? `"\${${root}}"` : 'true'))
      .replaceAll('@self', self)
      .replace(/@(\d+)/g, (_, which) => names[Number(which) % names.length] ?? 'input');
  }
}

const LOOP = ['item', 'index', 'loop'];
const isSteps = (part: unknown): part is readonly Step[] => Array.isArray(part) && part.some((one) => typeof one === 'object');

/** The text of an ensemble with such steps, whose output is what each of them left. JSON is YAML. */
function writeEnsemble(steps: readonly Step[], asked: readonly number[]): string {
  const writer = new Writer();
  const agents = writer.steps(steps, { roots: [], names: [] });
  const left = writer.names.map((name, i) => [name, asked.includes(i) ? `\${[${name}?.output, ${name}?.failed]}` : `\${${name}?.output}`]);
  const flags = FLAGS.map((name) => [name, { type: 'boolean', required: true }]);
  const input = { rows: { type: 'array', items: { type: 'string' }, required: true }, ...Object.fromEntries(flags) };
  return JSON.stringify({ ensemble: 'x', input, agents, output: Object.fromEntries(left) });
}

const given = fc.record({
  rows: fc.array(fc.constantFrom('p', 'qq'), { maxLength: 3 }),
  a: fc.boolean(),
  b: fc.boolean(),
  c: fc.boolean(),
});

test('what steps leave behind in a run is of their types', async () => {
  let [compared, known] = [0, 0];
  await fc.assert(
    fc.asyncProperty(flows, fc.array(fc.nat(8), { maxLength: 2 }), given, async (steps, asked, input) => {
      const source = { path: 'x.yaml', text: writeEnsemble(steps, asked) };
      const { program, diagnostics } = compile(source);
      // Each reads only what it can: no rule may find that it is there too early, or out of its place.
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      if (program === undefined) return;
      const { file } = new Analysis(EMPTY_PROJECT).analyze(source, 'ensemble');
      const { finished } = await runToEnd(program, { input });
      if (file === undefined || finished.status !== 'succeeded') return;
      const type = typesOf(file, NO_ENSEMBLES).output;
      compared++;
      if (!/\bany\b/.test(renderType(type))) known++;
      if (!isMember(finished.output, type))
        throw new Error(`${source.text}\ngives ${JSON.stringify(finished.output)}\nwhich is not ${renderType(type)}`);
    }),
    { numRuns: Number(process.env.RUNS ?? 400) },
  );
  // A test that skips, or types that know nothing, would prove nothing.
  expect(compared).toBeGreaterThan(100);
  expect(known / compared).toBeGreaterThan(0.3);
});
