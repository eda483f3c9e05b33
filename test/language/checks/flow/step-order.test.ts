import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../../src/language/analyze-file.ts';
import { orderAtEnd, orderOf, type Phase } from '../../../../src/language/checks/flow/step-order.ts';
import type { ParsedBody } from '../../../../src/language/model/parsed-body.ts';
import type { BlockKind } from '../../../../src/language/model/step-model.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../../../../src/language/model/step-places.ts';
import { EMPTY_PROJECT } from '../../../../src/language/project-index.ts';
import { fc } from '../../../support/fast-check.ts';

type Step = Readonly<Record<string, unknown>>;

const AGENT: Step = { operation: 'log', config: { message: 'hi' } };

/** Steps with steps inside, without names; loops only where they are asked for. */
function stepsArbitrary(loops: boolean): fc.Arbitrary<readonly Step[]> {
  const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => {
    const inner = tie('steps') as fc.Arbitrary<readonly Step[]>;
    const some = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Step> => fc.record(shape);
    const looping = [
      some({ type: fc.constant('foreach'), items: fc.constant('${input.rows}'), steps: inner }),
      some({ type: fc.constant('while'), condition: fc.constant('${input.go}'), steps: inner }),
      some({ type: fc.constant('map-reduce'), items: fc.constant('${input.rows}'), map: inner, reduce: inner }),
      some({ loop: fc.constant({ items: '${input.rows}' }), onError: inner, compensate: fc.constant(AGENT) }).map((agent) => ({
        ...AGENT,
        ...agent,
      })),
    ];
    return {
      steps: fc.array(tie('step') as fc.Arbitrary<Step>, { minLength: 1, maxLength: 3, depthIdentifier: 'steps' }),
      step: fc.oneof(
        { depthIdentifier: 'steps', depthSize: 'small', withCrossShrink: true },
        fc.constant(AGENT),
        some({ onError: inner, compensate: fc.constant(AGENT) }).map((agent) => ({ ...AGENT, ...agent })),
        some({ type: fc.constant('parallel'), steps: inner, waitFor: fc.constantFrom('all', 'any', 'first') }),
        some({ type: fc.constant('branch'), condition: fc.constant('${input.a}'), then: inner, else: inner }),
        some({ type: fc.constant('switch'), value: fc.constant('${input.a}'), cases: some({ one: inner, two: inner }), default: inner }),
        some({ type: fc.constant('try'), steps: inner, catch: inner, finally: inner }),
        ...(loops ? looping : []),
      ),
    };
  });
  return steps;
}

/** JSON is YAML; every step gets a name. */
function analyze(steps: readonly Step[]): ParsedBody {
  let count = 0;
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    const isStep = 'operation' in value || 'type' in value;
    return {
      ...(isStep && { name: `s${count++}` }),
      ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner)])),
    };
  };
  const text = JSON.stringify({ ensemble: 'x', agents: named(steps) });
  const { file } = new Analysis(EMPTY_PROJECT).analyze({ path: 'x.yaml', text }, 'ensemble');
  if (file === undefined) throw new Error(`not read: ${text}`);
  return file.body;
}

class Failed extends Error {}

interface Choices {
  /** A number from 0 up to `count`, without it. */
  choose(count: number): number;
  /** Agents may fail or be skipped. */
  readonly faulty: boolean;
}

/** Runs the steps of a body as LANGUAGE §6 says, deciding by `choices`, and tells of each evaluation which steps have a result then. */
class Run {
  done: ReadonlySet<Place> = new Set<Place>();
  readonly #choices: Choices;
  readonly #places: readonly Place[];
  readonly #see: (reader: Place, phase: Phase, done: ReadonlySet<Place>) => void;
  readonly #undo: { readonly place: Place; readonly done: ReadonlySet<Place> }[] = [];
  #steps = 0;

  constructor(places: readonly Place[], choices: Choices, see: (reader: Place, phase: Phase, done: ReadonlySet<Place>) => void) {
    this.#places = places;
    this.#choices = choices;
    this.#see = see;
  }

  /** True when the run succeeded. */
  run(): boolean {
    try {
      for (const place of this.#places.filter(({ within }) => within === undefined)) this.#run(place);
      return true;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      for (const { place, done } of this.#undo.toReversed()) this.#see(place, 'work', done);
      return false;
    }
  }

  #block(holder: Place, kind: BlockKind, label?: string): readonly Place[] {
    return this.#places.filter(
      ({ within }) => within?.place === holder && within.block.kind === kind && (label === undefined || within.block.label?.text === label),
    );
  }

  #runAll(places: readonly Place[]): void {
    for (const place of places) this.#run(place);
  }

  #run(place: Place): void {
    if (++this.#steps > 200) throw new Failed();
    const { step } = place;
    const { choose } = this.#choices;
    if (step.type === 'agent') {
      this.#runAgent(place);
      return;
    }
    if (step.type !== 'while') this.#see(place, 'work', this.done);
    if (step.type === 'parallel') {
      const left = [...this.#block(place, 'steps')];
      const enough = step.waitFor === 'all' ? left.length : 1 + choose(left.length);
      for (let begun = 0; begun < enough; begun++) this.#runAll(left.splice(choose(left.length), 1));
    } else if (step.type === 'branch') {
      this.#runAll(this.#block(place, choose(2) === 0 ? 'then' : 'else'));
    } else if (step.type === 'switch') {
      const way = choose(3);
      this.#runAll(way === 2 ? this.#block(place, 'default') : this.#block(place, 'case', ['one', 'two'][way]));
    } else if (step.type === 'try') {
      try {
        this.#runAll(this.#block(place, 'steps'));
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        this.#runAll(this.#block(place, 'catch'));
      } finally {
        this.#runAll(this.#block(place, 'finally'));
      }
    } else if (step.type === 'map-reduce') {
      this.#iterate(() => this.#runAll(this.#block(place, 'map')));
      this.#runAll(this.#block(place, 'reduce'));
    } else if (step.type === 'foreach') {
      this.#iterate(() => {
        this.#runAll(this.#block(place, 'steps'));
        this.#see(place, 'after', this.done);
      });
    } else {
      for (let round = choose(3); round > 0; round--) {
        this.#see(place, 'after', this.done);
        this.#runAll(this.#block(place, 'steps'));
      }
      this.#see(place, 'after', this.done);
    }
    this.#finish(place);
  }

  #finish(place: Place): void {
    this.done = new Set([...this.done, place]);
  }

  /** Each iteration sees what was there before the first; what they did can be read when the last has ended. */
  #iterate(run: () => void): void {
    const before = this.done;
    let after: ReadonlySet<Place> = before;
    for (let round = this.#choices.choose(3); round > 0; round--) {
      this.done = before;
      try {
        run();
      } finally {
        after = new Set([...after, ...this.done]);
        this.done = after;
      }
    }
  }

  #runAgent(place: Place): void {
    if (agentAt(place)?.loop === undefined) this.#runOnce(place);
    else this.#iterate(() => this.#runOnce(place));
  }

  #runOnce(place: Place): void {
    const { choose, faulty } = this.#choices;
    this.#see(place, 'work', this.done);
    const outcome = faulty ? choose(4) : 0;
    if (outcome === 1) return;
    if (outcome === 2) {
      const handlers = this.#block(place, 'onError');
      if (handlers.length === 0) throw new Failed();
      this.#runAll(handlers);
      return;
    }
    this.#finish(place);
    this.#see(place, 'after', this.done);
    for (const undoing of this.#block(place, 'compensate')) this.#undo.push({ place: undoing, done: this.done });
  }
}

const choicesArbitrary = fc.infiniteStream(fc.nat({ max: 59 })).map((stream) => (count: number) => stream.next().value % count);

describe('the order of two steps', () => {
  test('is never one in which no result can be read when a run has one', () => {
    fc.assert(
      fc.property(stepsArbitrary(true), choicesArbitrary, (steps, choose) => {
        const body = analyze(steps);
        const places = runningPlaces(body.model);
        const run = new Run(places, { choose, faulty: true }, (reader, phase, done) => {
          for (const target of done) expect(['known', 'maybe', 'beside']).toContain(orderOf(reader, phase, target, body).type);
        });
        const succeeded = run.run();
        if (succeeded) for (const target of run.done) expect(['known', 'maybe']).toContain(orderAtEnd(target, body).type);
      }),
      { numRuns: 150 },
    );
  });

  test('is known only if each run without failures and loops has the result', () => {
    fc.assert(
      fc.property(stepsArbitrary(false), choicesArbitrary, (steps, choose) => {
        const body = analyze(steps);
        const places = runningPlaces(body.model);
        // What handles or undoes an agent is not compared: it runs after failures only.
        const targets = places.filter((place) =>
          pathTo(place).every(({ within }) => within === undefined || !/onError|compensate/.test(within.block.kind)),
        );
        const run = new Run(places, { choose, faulty: false }, (reader, phase, done) => {
          const outside = targets.filter((target) => !pathTo(target).includes(reader) || target === reader);
          for (const target of outside) if (orderOf(reader, phase, target, body).type === 'known') expect(done).toContain(target);
        });
        run.run();
        for (const target of targets) if (orderAtEnd(target, body).type === 'known') expect(run.done).toContain(target);
      }),
      { numRuns: 150 },
    );
  });
});
