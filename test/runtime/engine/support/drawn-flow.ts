import { fc } from '../../../support/fast-check.ts';

/** A step as it stands in a file, as far as its kind is drawn; names are given when it is written. */
export interface DrawnStep {
  readonly kind: 'agent' | 'parallel' | 'branch' | 'switch' | 'foreach' | 'while' | 'try' | 'map-reduce' | 'loop';
  readonly inner: readonly DrawnStep[];
  /** Decides what the kind leaves open. */
  readonly draw: number;
}

const { step } = fc.letrec<{ step: DrawnStep }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 3 },
    fc.record({ kind: fc.constantFrom('agent' as const, 'agent' as const, 'loop' as const), inner: fc.constant([]), draw: fc.nat(999) }),
    fc.record({
      kind: fc.constantFrom(
        'parallel' as const,
        'parallel' as const,
        'branch' as const,
        'switch' as const,
        'foreach' as const,
        'while' as const,
        'try' as const,
        'map-reduce' as const,
      ),
      inner: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
      draw: fc.nat(999),
    }),
  ),
}));

/** Flows of all kinds of steps, whose agents call `http://x/<name>`, set state and handle failures or not. */
export const drawnFlows: fc.Arbitrary<readonly DrawnStep[]> = fc.array(step, { minLength: 1, maxLength: 4 });

/** What the agents called "file" run: an agent file and an ensemble with steps side by side. */
export const DRAWN_FILES = {
  agents: {
    both: `
agent: both
state: { schema: { n: { type: number, reducer: add } } }
operations:
  - parallel:
      - { name: left, operation: http, config: { url: "http://x/left" }, state: { set: { n: 1 } } }
      - { name: right, operation: http, config: { url: "http://x/right" }, onError: continue, state: { set: { n: 2 } } }
  - { name: sum, operation: transform, config: { value: "\${state.n}" }, state: { use: [n] } }
`,
  },
  ensembles: {
    under: `
ensemble: under
concurrency: 2
agents:
  - { name: one, operation: http, config: { url: "http://x/one" }, compensate: { operation: http, config: { url: "http://x/undo" } } }
  - { name: two, operation: transform, config: { value: 2 } }
  - { name: three, operation: http, config: { url: "http://x/three" } }
`,
  },
};

export interface FlowOptions {
  /** Whatever may run beside something waits for a call: of two that end, one is clearly the first. */
  readonly outside?: boolean;
  /** Lines of `state:` beside its schema. */
  readonly state?: string;
  readonly maxSteps?: number | undefined;
  /** The `timeout` of agents that run files. */
  readonly timeoutMs?: number | undefined;
}

/** The ensemble of a drawn flow. Its input says `yes: true`. */
export function writeFlow(
  steps: readonly DrawnStep[],
  concurrency: number,
  { outside = false, state = '', maxSteps, timeoutMs }: FlowOptions = {},
): string {
  const writer = new FlowWriter(outside, timeoutMs);
  const agents = steps.map((one) => `  - ${JSON.stringify(writer.write(one))}\n`).join('');
  return `
ensemble: e
concurrency: ${concurrency}
${maxSteps === undefined ? '' : `limits: { max_steps: ${maxSteps} }\n`}state: { ${state} schema: { list: { type: array, reducer: append }, last: any } }
agents:
${agents}output: "\${state}"
`;
}

class FlowWriter {
  readonly #outside: boolean;
  readonly #timeoutMs: number | undefined;
  #count = 0;

  constructor(outside: boolean, timeoutMs: number | undefined) {
    this.#outside = outside;
    this.#timeoutMs = timeoutMs;
  }

  write({ kind, inner, draw }: DrawnStep): unknown {
    const name = `s${this.#count++}`;
    const concurrency = 1 + (draw % 3);
    const items = Array.from({ length: this.#outside ? 1 + (draw % 4) : draw % 5 }, (_, index) => index);
    const steps = (): unknown[] => inner.map((one) => this.write(one));
    switch (kind) {
      case 'agent':
        return this.#agent(name, draw);
      case 'loop':
        return { ...this.#agent(name, draw), loop: { items, concurrency } };
      case 'parallel':
        return { name, type: 'parallel', steps: steps(), waitFor: ['all', 'any', 'first', 'all'][draw % 4] };
      case 'branch':
        return {
          name,
          type: 'branch',
          condition: draw % 2 === 0 ? '${input.yes}' : '${!input.yes}',
          then: steps(),
          else: [this.#agent(`${name}else`, draw)],
        };
      case 'switch':
        return {
          name,
          type: 'switch',
          value: draw % 2 === 0 ? '${input.yes}' : 'other',
          cases: { true: steps() },
          default: [this.#agent(`${name}else`, draw)],
        };
      case 'foreach':
        return { name, type: 'foreach', items, concurrency, steps: steps(), ...(draw % 7 === 0 && { breakWhen: '${index === 1}' }) };
      case 'while':
        return { name, type: 'while', condition: `\${index < ${this.#outside ? 1 + (draw % 2) : draw % 3}}`, steps: steps() };
      case 'try':
        return {
          name,
          type: 'try',
          steps: steps(),
          catch: [this.#agent(`${name}catch`, draw)],
          finally: [this.#agent(`${name}finally`, 1)],
        };
      case 'map-reduce':
        return {
          name,
          type: 'map-reduce',
          items,
          concurrency,
          map: steps(),
          reduce: [{ name: `${name}reduce`, operation: 'transform', config: { value: '${mapResults}' } }],
        };
    }
  }

  #agent(name: string, draw: number): Readonly<Record<string, unknown>> {
    const set = draw % 3 === 0 ? { list: name } : draw % 3 === 1 ? { last: name } : undefined;
    const handled = [
      undefined,
      undefined,
      'continue',
      [{ name: `${name}handler`, operation: 'log', config: { message: '${error.message}' } }],
    ][draw % 4];
    const work = workOf(name, this.#outside && draw % 5 === 0 ? 3 : draw);
    return {
      name,
      ...('operation' in work || this.#timeoutMs === undefined ? {} : { timeout: this.#timeoutMs }),
      ...work,
      ...(set !== undefined && { state: { set } }),
      ...(handled !== undefined && { onError: handled }),
      ...(draw % 6 === 0 && { retry: { maxAttempts: 2, backoff: 'fixed', initialDelay: 10, jitter: false } }),
      ...(draw % 8 === 0 && { compensate: { operation: 'http', config: { url: `http://x/${name}-undo` } } }),
    };
  }
}

function workOf(name: string, draw: number): Readonly<Record<string, unknown>> {
  if (draw % 5 === 0) return { operation: 'transform', config: { value: name } };
  if (draw % 9 === 1) return { agent: 'both', input: {} };
  if (draw % 9 === 2) return { ensemble: 'under', input: {} };
  return { operation: 'http', config: { url: `http://x/${name}` } };
}
