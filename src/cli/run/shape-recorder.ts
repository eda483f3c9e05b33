import { type FoundStep, findStep } from '../../program/find-step.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { type RunShapes, SHAPES_FORMAT } from '../../program/run-shapes.ts';
import { isPlainProperty, joinShapes, type ShapeBudget, shapeOf, type ValueShape } from '../../program/value-shape.ts';
import type { Reporter } from '../reporters/reporter.ts';

/** Values that one run may cost to look at, about 2 ms; what comes later keeps the shape of an earlier run. */
const MAX_VALUES = 5_000;
/** No large output takes all of it. */
const MAX_VALUES_EACH = 300;
const MAX_NAMES = 500;

interface FileShapes {
  readonly agents: Map<string, ValueShape>;
  readonly state: Map<string, ValueShape>;
}

/** A reporter that hands on every event and keeps what kinds of values the agents and the named flow steps gave, for editors (src/node/run-shapes.ts). */
export class ShapeRecorder implements Reporter {
  readonly #next: Reporter;
  readonly #program: Program;
  #left = MAX_VALUES;
  readonly #shapes = new Map<string, FileShapes>();

  constructor(program: Program, next: Reporter) {
    this.#next = next;
    this.#program = program;
  }

  event(event: RunEvent): void {
    this.#next.event(event);
    if (this.#left <= 0) return;
    switch (event.type) {
      case 'agent.finished':
        this.#addOutput(findStep(this.#program, event.agent), event.output);
        return;
      case 'step.finished':
        this.#addOutput(findStep(this.#program, event.step), event.output);
        return;
      case 'state.loaded': {
        const file = event.agent === undefined ? this.#program.file : calledFile(findStep(this.#program, event.agent));
        if (file !== undefined) this.#addState(file, { ...event.initial, ...event.values });
        return;
      }
      case 'state.set': {
        const file = findStep(this.#program, event.agent)?.file;
        if (file !== undefined) this.#addState(file, event.values);
        return;
      }
      default:
    }
  }

  notice(text: string): void {
    this.#next.notice(text);
  }

  close(): void {
    this.#next.close();
  }

  /** By file, relative to the project's root. */
  shapes(): ReadonlyMap<string, RunShapes> {
    const files = [...this.#shapes].map(([file, { agents, state }]) => {
      const shapes: RunShapes = { format: SHAPES_FORMAT, agents: Object.fromEntries(agents), state: Object.fromEntries(state) };
      return [file, shapes] as const;
    });
    return new Map(files);
  }

  #of(file: string): FileShapes {
    const known = this.#shapes.get(file) ?? { agents: new Map(), state: new Map() };
    this.#shapes.set(file, known);
    return known;
  }

  #addOutput(found: FoundStep | undefined, output: JsonValue | undefined): void {
    const name = found?.step.name;
    if (found === undefined || name === undefined || output === undefined || isItem(found)) return;
    this.#add(this.#of(found.file).agents, name, output);
  }

  #addState(file: string, values: Readonly<Record<string, JsonValue>>): void {
    const { state } = this.#of(file);
    for (const [key, value] of Object.entries(values)) if (isPlainProperty(key)) this.#add(state, key, value);
  }

  #add(shapes: Map<string, ValueShape>, name: string, value: JsonValue): void {
    const before = shapes.get(name);
    if (this.#left <= 0 || (before === undefined && shapes.size >= MAX_NAMES)) return;
    const budget: ShapeBudget = { values: Math.min(this.#left, MAX_VALUES_EACH) };
    const given = budget.values;
    const shape = shapeOf(value, budget);
    this.#left -= given - budget.values;
    shapes.set(name, before === undefined ? shape : joinShapes(before, shape));
  }
}

/** What a looped agent gives for one item: by its name the list of all is read. */
function isItem({ step, around }: FoundStep): boolean {
  return around.at(-1)?.step.path === step.path;
}

function calledFile(found: FoundStep | undefined): string | undefined {
  return found?.step.type === 'agent' && found.step.action.type === 'body' ? found.step.action.file : undefined;
}
