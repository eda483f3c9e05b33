import type { JsonValue } from '../../../src/program/json.ts';
import { fc } from '../../support/fast-check.ts';

type Step = Readonly<Record<string, unknown>>;

/** What can be read at a place: roots, and steps that are over there. */
interface Around {
  readonly roots: readonly string[];
  readonly names: readonly string[];
}

const MAX_DEPTH = 3;

/**
 * Writes steps by choices that were drawn. What only some runs reach cannot be read from outside of it, nor does it set state: that a step ran is no value (LANGUAGE §4.5 speaks of what is
 * read), but what a flow step as a whole gives is.
 */
class Writer {
  readonly #choices: readonly number[];
  #next = 0;
  #count = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  steps(depth: number, around: Around): readonly Step[] {
    const steps: Step[] = [];
    const names = [...around.names];
    for (let left = 1 + this.#below(depth === 0 ? 3 : 2); left > 0; left--) {
      const step = this.#step(depth, { ...around, names });
      steps.push(step);
      names.push(String(step.name));
    }
    return steps;
  }

  #below(limit: number): number {
    return (this.#choices[this.#next++] ?? 0) % limit;
  }

  #one<Value>(...values: readonly [Value, ...Value[]]): Value {
    return values[this.#below(values.length)] ?? values[0];
  }

  #step(depth: number, around: Around): Step {
    const name = `s${this.#count++}`;
    const kind = depth >= MAX_DEPTH ? 0 : 4 + this.#below(9);
    const inner = (roots: readonly string[] = []) => this.steps(depth + 1, { ...around, roots: [...around.roots, ...roots] });
    const loop = ['item', 'index'];
    const items = () => this.#one<unknown>('${outside.output.list}', [1, 2], `\${[${this.#expression(around)}, 2]}`);
    const asked = () => `\${${this.#expression(around)}}`;
    switch (kind) {
      case 6:
        return { name, type: 'branch', condition: asked(), then: inner(), else: inner() };
      case 7:
        return { name, type: 'switch', value: asked(), cases: { true: inner(), x: inner() }, default: inner() };
      case 8:
        return { name, type: 'foreach', items: items(), ...(this.#below(2) === 0 ? {} : { breakWhen: asked() }), steps: inner(loop) };
      case 9:
        return { name, type: 'while', condition: `\${index < 2 && ${this.#expression(around)}}`, steps: inner(['index']) };
      case 10:
        return { name, type: 'try', steps: inner(), catch: inner(['error.message', 'error.agent']), finally: inner() };
      case 11:
        return { name, type: 'map-reduce', items: items(), map: inner(loop), reduce: inner(['mapResults']) };
      case 12:
        return {
          name,
          type: 'parallel',
          steps: [this.#step(depth + 1, around), this.#step(depth + 1, around)],
          waitFor: this.#one('all', 'any'),
        };
      default:
        return { name, ...this.#agent(depth, around, name) };
    }
  }

  #agent(depth: number, around: Around, name: string): Step {
    const value = () => `\${${this.#expression(around)}}`;
    const condition = this.#below(4) === 0 ? { condition: value() } : {};
    switch (this.#below(8)) {
      case 0:
      case 6:
        return {
          operation: 'assert',
          config: { that: this.#one<unknown>(value(), false), message: 'm' },
          ...this.#handled(depth, around),
          ...condition,
        };
      case 1:
        return { operation: 'code', config: { code: `return ${value()}` }, ...condition };
      case 2:
        return { agent: 'echo', input: { given: value() }, ...condition };
      case 3:
        return { ensemble: 'child', input: { given: value() }, ...this.#handled(depth, around), ...condition };
      case 4:
        return {
          operation: 'transform',
          config: { value: value() },
          state: {
            use: ['k', 'list', 'text'],
            ...(depth > 0 ? {} : { set: { [this.#one('k', 'list', 'text')]: this.#one(`\${${name}.output}`, value()) } }),
          },
        };
      default:
        return {
          operation: 'transform',
          config: { value: value() },
          ...(this.#below(5) === 0 ? { loop: { items: [1, 2] } } : {}),
          ...condition,
        };
    }
  }

  /** What goes on nowhere ends the run: in the body's own list hardly anything should. */
  #handled(depth: number, around: Around): Step {
    if (depth === 0 || this.#below(3) === 0) return { onError: 'continue' };
    if (depth >= MAX_DEPTH || this.#below(3) > 0) return {};
    return { onError: this.steps(depth + 1, { ...around, roots: [...around.roots, 'error.message'] }) };
  }

  #expression(around: Around): string {
    const read = (): string => {
      const of = this.#below(8);
      const name = around.names[this.#below(Math.max(1, around.names.length))];
      if (of < 3) return this.#one('outside.output.a', 'outside.output.n', 'outside.output.list', 'outside.output.t', 'outside.output');
      if (of < 6 && name !== undefined)
        return `${name}.${this.#one('output', 'output', 'success', 'error', 'attempts', 'executed', 'failure?.message')}`;
      if (of === 6 && around.roots.length > 0) return around.roots[this.#below(around.roots.length)] ?? 'true';
      return this.#one('true', 'false', '"x"', '1', 'inside.output', 'input.given');
    };
    const form = this.#below(6);
    if (form === 0) return `(${read()} ? ${read()} : ${read()})`;
    if (form === 1) return `[${read()}, ${read()}]`;
    if (form === 2) return `(${read()} == ${read()})`;
    return read();
  }
}

export const CALLED = {
  agentFiles: {
    echo:
      'agent: echo\ninputs: { given: any }\nstate: { schema: { own: any }, initial: { own: "${input.given}" } }\noperations:\n' +
      '  - { name: first, operation: transform, config: { value: "${state.own}" }, state: { use: [own] } }\n' +
      '  - { name: second, operation: transform, config: { value: "${[first.output, first.output]}" } }\noutputs: { a: "${second.output}" }\n',
  },
  ensembles: {
    child:
      'ensemble: child\nagents:\n  - { name: first, operation: assert, config: { that: "${input.given}" }, onError: continue }\n' +
      '  - { name: second, type: branch, condition: "${first.success}", then: [{ name: third, operation: transform, config: { value: 1 } }] }\noutput: "${second.output ?? 0}"\n',
  },
};

/** The text of an ensemble whose agent `outside` brings in what is tainted. JSON is YAML. */
export const taintFlows: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 1_000 }), { minLength: 10, maxLength: 150, size: 'max' })
  .map((choices) => {
    const steps = new Writer(choices).steps(0, { roots: [], names: [] });
    const fixed = [
      { name: 'outside', operation: 'http', config: { url: 'http://x/' } },
      { name: 'inside', operation: 'transform', config: { value: [1, 2] } },
    ];
    const schema = { k: 'any', list: { type: 'array', reducer: 'append' }, text: { type: 'any', reducer: '${[current, incoming]}' } };
    return JSON.stringify({ ensemble: 'e', state: { schema }, agents: [...fixed, ...steps] });
  });

const outside: fc.Arbitrary<JsonValue> = fc.record({
  a: fc.boolean(),
  n: fc.constantFrom(0, 1, 2),
  list: fc.array(fc.constantFrom(0, 'x', true), { maxLength: 3 }),
  t: fc.constantFrom('', 'x', 'true'),
});

/** What comes from outside in some runs of one ensemble. */
export const outsides: fc.Arbitrary<readonly JsonValue[]> = fc.array(outside, { minLength: 4, maxLength: 4 });
