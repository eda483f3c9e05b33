import type { EventBody, RunEvent } from '../../../program/run-event.ts';
import { onAbort } from '../../on-abort.ts';
import { AgentRecords } from './agent-records.ts';
import { stopLine } from './event-lines.ts';
import { RecordedDraws } from './recorded-draws.ts';
import { RecordedEvents } from './recorded-events.ts';
import { ToldEvents } from './told-events.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

export type StopEvent = Pick<Event<'run.stopping'>, 'status' | 'failure'>;
/** Fires the signal of what was stopped from outside with this failure; false when that is not what it stops. */
type StopAgain = (stop: StopEvent) => boolean;

/** Of a walk that only compares (`replayProgram`): hears what the engine would write, and where record and program part. Nothing goes live then. */
export interface RecordCheck {
  /** The engine writes `body` where the record has `recorded`. Throws to end the walk. */
  compare(recorded: RunEvent | undefined, body: EventBody): void;
  /** Nothing moves any more. `left`: the earliest recorded event to which nothing leads; `wanted`: the lines of what would come in its place. */
  stuck(left: RunEvent | undefined, wanted: readonly string[]): void;
}

/** Waits for the turn of an event. */
interface Waiter {
  release(): void;
  /** Nothing leads to that event any more, and its signal has fired. */
  giveUp?(): boolean;
}

/** How many turns of the microtask queue without any progress count as a standstill: far more than lie between an event and the next one that follows from it. */
const STANDSTILL_TURNS = 500;

/**
 * The record that a resumed run has of itself. The engine walks the program again; what is recorded it takes from here, in the order in which it was recorded, and does not do again.
 *
 * 1. Each event has a line (`lineOf`); in a line they are taken one after another.
 * 2. Who is about to write an event of a line waits for its `turn`: until all that was recorded before it is taken. So what is evaluated at that place sees what it saw, and what ran side by
 *    side ends in the order in which it ended. In sequence a turn has come at once, without a promise.
 * 3. What has no record waits until the run is `live`: until all is taken.
 * 4. What a step cancels because something beside it ended waits (`hold`) until nothing else moves: who had begun before has begun by then. So do stops from outside at their turn (`onStop`), which come
 *    first; what may be stopped stays open until then (`Stopping.close`).
 * 5. So whatever is stopped may have gone on, as far as that has no effect, beyond where it was stopped then. Which of the two it was its recorded end says: `stopped` waits for the stop.
 * 6. When nothing moves, although something is left, the program is another one than that which wrote the record. From then on the run is live and the order no longer counts: what is left is
 *    given to whoever comes to it, by its line, so that agents keep what they had done wherever they stand now.
 */
export class RecordedRun {
  /** Of single agents: what happened between their start and their end. */
  readonly agents: AgentRecords;
  readonly #events: RecordedEvents;
  readonly #lifeAfter: number;
  readonly #check: RecordCheck | undefined;
  /** With a check: the lines of which something is wanted that is not recorded. */
  readonly #wanted = new Set<string>();
  readonly #draws: RecordedDraws;
  readonly #told: ToldEvents;
  #now: number;
  #attempt = 1;
  #isLive = false;
  /** Live, and what is left is given to whoever comes to it (6). */
  #isLoose = false;
  readonly #waiting = new Map<number, Waiter[]>();
  readonly #waitingForLive = new Set<() => void>();
  /** To be told that nothing stops them. */
  readonly #waitingForStop = new Set<() => void>();
  readonly #held: (() => void)[] = [];
  readonly #stops = new Map<string, Set<StopAgain>>();
  #setValues: ((event: Event<'run.forked'>) => void) | undefined;
  #beforeLive: () => Promise<void> | undefined = () => undefined;
  #moves = 0;
  #watches = false;
  #recalled: RunEvent | undefined;

  /** `lifeAfter`: which life of the run begins when the record is used up. */
  constructor(events: readonly RunEvent[], lifeAfter: number, check?: RecordCheck) {
    this.#lifeAfter = lifeAfter;
    this.#check = check;
    this.#events = new RecordedEvents(events);
    this.#now = events[0]?.at ?? 0;
    this.agents = new AgentRecords(events);
    this.#draws = new RecordedDraws(events);
    this.#told = new ToldEvents(events);
    this.#advance();
  }

  /** What happens from here on happens now. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Nothing recorded is left that anything could be taken from: the run is one like any other. */
  get isOver(): boolean {
    return this.#isLive && !this.#isLoose;
  }

  /** Live, with something left that another program recorded: what stopped then stops nothing now. */
  get isLoose(): boolean {
    return this.#isLoose;
  }

  /** What follows from the record is worked out again and compared with it, in place of being taken from there. */
  get isChecked(): boolean {
    return this.#check !== undefined;
  }

  /** What the clock showed at the last event that was taken, epoch ms. */
  get now(): number {
    return this.#now;
  }

  /** Which life of the run wrote what is taken now, from 1. */
  get attempt(): number {
    return this.#attempt;
  }

  /** Called once, when the record is used up; nothing goes on before its promise is settled. */
  beforeLive(act: () => Promise<void> | undefined): void {
    this.#beforeLive = act;
  }

  /** Called when the values of a fork have their turn. */
  onForked(set: (event: Event<'run.forked'>) => void): void {
    this.#setValues = set;
    if (!this.#isLive) this.#advance();
  }

  /**
   * The next event of a line, once it has its turn; undefined, once the run is live, when there is none. Rejects with the reason of `signal` when that fires first, unless there is one:
   * what is recorded has happened.
   */
  turn(line: string, signal?: AbortSignal): RunEvent | undefined | Promise<RunEvent | undefined> {
    return this.isOver ? undefined : this.#turnAt(this.#events.nextOf(line), line, signal);
  }

  /** The same for the earlier one of two lines. */
  turnOfEither(first: string, second: string, signal?: AbortSignal): RunEvent | undefined | Promise<RunEvent | undefined> {
    if (this.isOver) return undefined;
    const [one, other] = [this.#events.nextOf(first), this.#events.nextOf(second)];
    const isFirst = other === undefined || (one !== undefined && one < other);
    return this.#turnAt(isFirst ? one : other, isFirst ? first : second, signal);
  }

  /** Resolves once a recorded event, which need not be the next of its line, has its turn. */
  async reach({ seq }: RunEvent): Promise<void> {
    const index = this.#events.indexOf(seq);
    if (this.#isLive || index <= this.#events.first) return;
    await new Promise<void>((resolve) => {
      this.#addWaiter(index, { release: resolve });
    });
  }

  /** The earliest of the next events of these lines, whether it has its turn or not. */
  nextOf(lines: readonly string[]): RunEvent | undefined {
    const indexes = this.isOver ? [] : lines.flatMap((line) => this.#events.nextOf(line) ?? []);
    return indexes.length === 0 ? undefined : this.#events.at(Math.min(...indexes));
  }

  #turnAt(index: number | undefined, line: string, signal: AbortSignal | undefined): RunEvent | undefined | Promise<RunEvent | undefined> {
    if (this.#isLoose) return this.#events.at(index);
    if (index === undefined) {
      this.#wanted.add(line);
      return this.live(signal).then(() => undefined);
    }
    if (index === this.#events.first) return this.#hand(index);
    return this.#wait(line, index, signal);
  }

  /** The next event of a line, whether it has its turn or not. */
  peek(line: string): RunEvent | undefined {
    const index = this.isOver ? undefined : this.#events.nextOf(line);
    const event = this.#events.at(index);
    return this.#check !== undefined && event?.type === 'step.started' ? undefined : event;
  }

  /** The events of a line that are not taken, the next one first. */
  rest(line: string): Iterable<RunEvent> {
    return this.isOver ? [] : this.#events.rest(line);
  }

  /** Resolves once the run is live; rejects with the reason of `signal` when that fires first. */
  live(signal?: AbortSignal): Promise<void> {
    if (this.#isLive) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      let forget: (() => void) | undefined;
      const go = (): void => {
        forget?.();
        resolve();
      };
      this.#waitingForLive.add(go);
      if (signal !== undefined) {
        forget = onAbort(signal, () => {
          this.#waitingForLive.delete(go);
          this.#moved();
          reject(signal.reason);
        });
      }
      this.#moved();
    });
  }

  /** Of what is recorded as stopped: resolves with true once its signal has fired, with false when nothing stops it now. */
  stopped(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.#isLive) return Promise.resolve(signal.aborted);
    return new Promise((resolve) => {
      const settle = (): void => {
        forget();
        this.#waitingForStop.delete(settle);
        this.#moved();
        resolve(signal.aborted);
      };
      const forget = onAbort(signal, settle);
      this.#waitingForStop.add(settle);
      this.#moved();
    });
  }

  /** Whether the event is recorded; it is taken then. Others are new. */
  take(body: EventBody): boolean {
    if (this.isOver) return false;
    const line = this.#events.lineOf(body);
    if (this.#isLoose) return line !== undefined && this.#takeLoose(line, body);
    if (line === undefined) {
      this.#check?.compare(undefined, body);
      return this.#told.take(body);
    }
    // One that has its turn need not be the first of its line: iterations decide in any order.
    const index = this.#events.nextOf(line);
    this.#check?.compare(this.#events.at(index), body);
    if (index === undefined || this.#events.at(index)?.type !== body.type) return false;
    this.#markTaken(index);
    return true;
  }

  /** This commit is what the next one is, and not done again: of all that are left, one that another program leads to may be any or none of them. */
  recall(commit: RunEvent): void {
    this.#recalled = commit;
  }

  /** What is not what comes now is of the other program, and not asked for again. */
  #takeLoose(line: string, body: EventBody): boolean {
    const index = this.#events.nextOf(line);
    const recorded = this.#events.at(index);
    if (index === undefined || recorded === undefined) return false;
    if (body.type === 'state.committed' && recorded !== this.#recalled) return false;
    if (body.type === 'state.loaded' && recorded.type !== 'state.loaded') return false;
    const isSame = recorded.type === body.type && (body.type !== 'step.decided' || isSameDecision(recorded, body));
    this.#events.take(index);
    this.agents.passed(recorded);
    return isSame;
  }

  /** Does it now, or once nothing else moves (see 4). */
  readonly hold = (act: () => void): void => {
    if (this.#isLive) act();
    else {
      this.#held.push(act);
      this.#moved();
    }
  };

  /** `again` is asked about each recorded stop of that path; the function that it gives takes that back. */
  onStop(path: string, again: StopAgain): () => void {
    const line = stopLine(path);
    const all = this.#stops.get(line) ?? new Set();
    this.#stops.set(line, all);
    all.add(again);
    this.#moved();
    return () => {
      all.delete(again);
    };
  }

  /** What an expression of that path drew from clock or chance at this place; undefined when it is not recorded. Served when live too: what is evaluated again then was recorded before. */
  draw(path: string, source: Event<'value.drawn'>['source']): number | string | undefined {
    return this.#draws.take(path, source);
  }

  async #wait(line: string, index: number, signal: AbortSignal | undefined): Promise<RunEvent | undefined> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): boolean => {
        if (signal?.aborted === true) reject(signal.reason);
        return signal?.aborted === true;
      };
      this.#addWaiter(index, { release: resolve, giveUp });
    });
    // The order may not count any more.
    return this.turn(line);
  }

  #addWaiter(index: number, waiter: Waiter): void {
    const others = this.#waiting.get(index);
    if (others === undefined) this.#waiting.set(index, [waiter]);
    else others.push(waiter);
    this.#moved();
  }

  #hand(index: number): RunEvent | undefined {
    const event = this.#events.at(index);
    this.#now = event?.at ?? this.#now;
    // It is decided again.
    return this.#check !== undefined && event?.type === 'step.decided' ? undefined : event;
  }

  #markTaken(index: number): void {
    const event = this.#events.at(index);
    if (event === undefined) return;
    this.#events.take(index);
    this.#now = event.at;
    this.#draws.dropBefore(event);
    this.agents.passed(event);
    this.#moves += 1;
    this.#advance();
  }

  /** Goes on to the first that is not taken, and does what is to be done there. */
  #advance(): void {
    for (;;) {
      const event = this.#events.at(this.#events.first);
      if (event === undefined) {
        this.#moved();
        return;
      }
      if (!this.#happensByItself(event)) break;
    }
    const waiters = this.#waiting.get(this.#events.first);
    if (waiters === undefined) return;
    this.#waiting.delete(this.#events.first);
    this.#moves += 1;
    for (const { release } of waiters) release();
  }

  #happensByItself(event: RunEvent): boolean {
    switch (event.type) {
      case 'run.resumed':
        this.#attempt = event.attempt;
        break;
      case 'run.forked':
        if (this.#setValues === undefined) return false;
        break;
      default:
        return false;
    }
    this.#passFirst(event);
    if (event.type === 'run.forked') this.#setValues?.(event);
    return true;
  }

  #passFirst(event: RunEvent): void {
    this.#events.take(this.#events.first);
    this.#now = event.at;
    this.#moves += 1;
  }

  /** Nothing else moves: what was stopped next is stopped again, unless that has not begun yet. */
  #stopNext(): boolean {
    const event = this.#events.at(this.#events.first);
    if (event?.type !== 'run.stopping') return false;
    const { first } = this.#events;
    if (!this.#stopAgain(event) || first !== this.#events.first) return false;
    this.#passFirst(event);
    this.#advance();
    return true;
  }

  /** What waits for the turn of something that came only when it was tried again, and is stopped, begins no more. */
  #giveUpStopped(): boolean {
    let any = false;
    for (const [index, waiters] of this.#waiting) {
      const left = waiters.filter(({ giveUp }) => giveUp?.() !== true);
      if (left.length === waiters.length) continue;
      if (left.length === 0) this.#waiting.delete(index);
      else this.#waiting.set(index, left);
      any = true;
    }
    return any;
  }

  #moved(): void {
    this.#moves += 1;
    if (this.#watches || this.#isLive) return;
    this.#watches = true;
    void this.#watch();
  }

  /** Looks for a standstill as long as somebody waits. */
  async #watch(): Promise<void> {
    for (;;) {
      const moves = this.#moves;
      for (let turn = 0; turn < STANDSTILL_TURNS && moves === this.#moves; turn += 1) await undefined;
      if (moves !== this.#moves) continue;
      // First: what is cancelled by then is not stopped any more.
      if (this.#stopNext()) continue;
      const held = this.#held.shift();
      if (held !== undefined) {
        this.#moves += 1;
        held();
        continue;
      }
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      if (moves !== this.#moves || this.#giveUpStopped()) continue;
      if (this.#check !== undefined) {
        if (this.#waitingForStop.size > 0) {
          this.#tellUnstopped();
          continue;
        }
        this.#watches = false;
        this.#stick(this.#check);
        return;
      }
      if (this.#events.isUsedUp) break;
      if (this.#waiting.size > 0 || this.#waitingForLive.size > 0 || this.#waitingForStop.size > 0) break;
      this.#watches = false;
      return;
    }
    await this.#beforeLive();
    this.#goLive();
  }

  #goLive(): void {
    const left = this.#events.left();
    this.#attempt = this.#lifeAfter;
    this.#isLive = true;
    this.#isLoose = left.length > 0;
    // That the run itself was stopped holds for any program.
    for (const event of left) {
      if (event.type === 'run.forked') this.#setValues?.(event);
      if (event.type === 'run.stopping' && event.agent === undefined) this.#stopAgain(event);
    }
    for (const { release } of [...this.#waiting.values()].flat()) release();
    for (const release of this.#waitingForLive) release();
    this.#waiting.clear();
    this.#waitingForLive.clear();
    this.#tellUnstopped();
  }

  #tellUnstopped(): void {
    for (const settle of [...this.#waitingForStop]) settle();
  }

  #stopAgain(event: Event<'run.stopping'>): boolean {
    return [...(this.#stops.get(stopLine(event.agent ?? '')) ?? [])].some((again) => again(event));
  }

  /** With a check: a standstill is where record and program part, or where an unfinished record ends. */
  #stick(check: RecordCheck): void {
    const [first] = [...this.#waiting.keys()].sort((a, b) => a - b);
    const instead = this.#events.at(first);
    const line = instead === undefined ? undefined : this.#events.lineOf(instead);
    check.stuck(this.#events.at(this.#events.first), [...this.#wanted, ...(line === undefined ? [] : [line])]);
  }
}

function isSameDecision(recorded: EventBody, body: EventBody): boolean {
  return recorded.type === 'step.decided' && body.type === 'step.decided' && recorded.took === body.took && recorded.round === body.round;
}
