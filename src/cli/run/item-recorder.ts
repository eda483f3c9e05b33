import { findStep } from '../../program/find-step.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Reporter } from '../reporters/reporter.ts';

/** The item that a step had in a loop around it. */
export interface LoopItem {
  /** The loop's path. */
  readonly loop: string;
  /** From 0. */
  readonly position: number;
  readonly item: JsonValue;
}

/** Only the last few failures can be the one that ends the run: of all others that a `try` catches nothing is kept. */
const MOST_FAILURES = 50;

/** A reporter that hands on every event and keeps with which items a step failed: the end of a run names the step alone. */
export class ItemRecorder implements Reporter {
  readonly #next: Reporter;
  readonly #program: Program;
  /** What the loops at work go over. */
  readonly #open = new Map<string, readonly JsonValue[]>();
  readonly #failed = new Map<string, readonly LoopItem[]>();

  constructor(program: Program, next: Reporter) {
    this.#next = next;
    this.#program = program;
  }

  /** The items with which the step failed last, the innermost loop's first. */
  itemsOf(path: string): readonly LoopItem[] {
    return this.#failed.get(path) ?? [];
  }

  event(event: RunEvent): void {
    this.#next.event(event);
    if (event.type === 'step.started') {
      if (event.items !== undefined) this.#open.set(event.step, event.items);
    } else if (event.type === 'step.finished') this.#open.delete(event.step);
    else if (event.type === 'agent.failed') this.#keep(event.agent, event.handled);
    else if (event.type === 'step.failed') {
      if (event.agent === undefined) this.#keep(event.step, event.handled);
      this.#open.delete(event.step);
    }
  }

  notice(text: string): void {
    this.#next.notice(text);
  }

  close(): void {
    this.#next.close();
  }

  #keep(path: string, handled: boolean): void {
    if (handled || this.#open.size === 0) return;
    this.#failed.delete(path);
    this.#failed.set(path, this.#itemsAround(path));
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MOST_FAILURES && oldest !== undefined) this.#failed.delete(oldest);
  }

  #itemsAround(path: string): readonly LoopItem[] {
    const found = findStep(this.#program, path);
    if (found === undefined) return [];
    const items = found.around.toReversed().flatMap(({ path: loop, position }) => {
      const item = position === undefined ? undefined : this.#open.get(loop)?.[position];
      return position === undefined || item === undefined ? [] : [{ loop, position, item }];
    });
    return found.owner === '' ? items : [...items, ...this.#itemsAround(found.owner)];
  }
}
