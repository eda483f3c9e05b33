import type { JsonValue } from '../../program/json.ts';
import type { Entry } from './entries.ts';

/** One write to a key by something that a step runs beside others; `position` is its place among them. */
export interface PositionedWrite {
  readonly position: number;
  readonly value: JsonValue;
  readonly tainted: boolean;
  readonly agent: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A write as the session has just done it. */
export interface NotedWrite extends Omit<PositionedWrite, 'position'> {
  readonly key: string;
  /** The reducer is `replace`: of several writes one is what counts. */
  readonly replaces: boolean;
  /** What the key held before it, unless that had expired. */
  readonly before: Entry | undefined;
  readonly present: Entry | undefined;
  readonly after: Entry;
}

/** What a step that runs several things side by side has written to one key so far. */
export interface KeyWrites {
  /** What the key held before the first of them. */
  readonly base: Entry | undefined;
  /** What the last of them left. */
  last: Entry;
  /** Something else has written between them: the key cannot be worked out from `base`. */
  disturbed: boolean;
  /** They came in the order of their positions, so that what the key holds is right. */
  inOrder: boolean;
  /** Of a key that replaces only the one that counts. */
  writes: PositionedWrite[];
}

/** A step that runs several things side by side. */
export interface OpenStep {
  readonly order: readonly number[];
  readonly keys: Map<string, KeyWrites>;
}

/**
 * Which writes came from which position of the steps that run several things side by side now (LANGUAGE §4.4).
 *
 * 1. A write belongs to the innermost of these steps; those around it know only what it left.
 * 2. Inside of one position everything comes in order, so writes of one position keep the order in which they came.
 * 3. When a step ends its writes go to the step around it, as those of the one position in which it stands.
 */
export class WriteOrder {
  readonly #open = new Map<string, OpenStep>();

  open(order: readonly number[]): OpenStep {
    const step: OpenStep = { order, keys: new Map() };
    this.#open.set(nameOf(order), step);
    return step;
  }

  close({ order }: OpenStep): void {
    this.#open.delete(nameOf(order));
  }

  /** The open steps in one of whose positions something with this order runs, the innermost first. */
  around(order: readonly number[]): readonly OpenStep[] {
    if (this.#open.size === 0) return [];
    const found: OpenStep[] = [];
    for (let depth = order.length - 1; depth >= 0; depth--) {
      const step = this.#open.get(nameOf(order.slice(0, depth)));
      if (step !== undefined) found.push(step);
    }
    return found;
  }

  note(write: NotedWrite, order: readonly number[]): void {
    const steps = this.around(order);
    for (const step of steps) touch(step, write);
    const [innermost] = steps;
    if (innermost === undefined) return;
    const { value, tainted, agent, at } = write;
    add(innermost, write.key, { position: positionIn(innermost, order), value, tainted, agent, at }, write.replaces);
  }

  /** Tells the steps around that a key holds something else than what the step had left there. */
  renew({ order }: OpenStep, key: string, entry: Entry): void {
    for (const { keys } of this.around(order)) {
      const known = keys.get(key);
      if (known !== undefined) known.last = entry;
    }
  }

  /** The step is over: its writes to a key become those of its position in the step around it. `isRight`: what the key holds is what they make in order. */
  handOver(step: OpenStep, key: string, isRight: boolean, replaces: boolean): void {
    const [outer] = this.around(step.order);
    const keyWrites = step.keys.get(key);
    if (outer === undefined || keyWrites === undefined) return;
    const position = positionIn(outer, step.order);
    for (const write of inPositionOrder(keyWrites)) add(outer, key, { ...write, position }, replaces);
    const known = outer.keys.get(key);
    if (known !== undefined && !isRight) known.inOrder = false;
  }
}

/** The writes in the order of their positions; those of one position as they came. */
export function inPositionOrder({ writes }: KeyWrites): readonly PositionedWrite[] {
  return writes.toSorted((left, right) => left.position - right.position);
}

function touch({ keys }: OpenStep, { key, before, present, after }: NotedWrite): void {
  const known = keys.get(key);
  if (known === undefined) {
    keys.set(key, { base: before, last: after, disturbed: false, inOrder: true, writes: [] });
    return;
  }
  if (known.last !== present) known.disturbed = true;
  known.last = after;
}

function add({ keys }: OpenStep, key: string, write: PositionedWrite, replaces: boolean): void {
  const known = keys.get(key);
  if (known === undefined) return;
  const latest = known.writes.at(-1);
  const isLater = latest === undefined || write.position >= latest.position;
  if (!replaces) {
    known.writes.push(write);
    known.inOrder &&= isLater;
    return;
  }
  if (isLater) known.writes = [write];
  known.inOrder = isLater;
}

function positionIn({ order: { length: depth } }: OpenStep, order: readonly number[]): number {
  return order[depth] ?? 0;
}

function nameOf(order: readonly number[]): string {
  return order.join(',');
}
