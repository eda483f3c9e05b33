import type { EventBody, RunEvent } from '../../program/run-event.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../ports.ts';
import { sizeOf } from './json-size.ts';
import type { Redactor } from './redact.ts';
import type { RecordedRun } from './replay/recorded-run.ts';

/** A group is written when it has this many events or its first one is this old, whichever comes first. */
const GROUP_SIZE = 256;
/** Or when its values have so many characters: a journal writes it in one piece. */
const GROUP_CHARACTERS = 1024 * 1024;
const GROUP_AGE_MS = 8;

export interface EventLogOptions {
  readonly run: string;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  readonly redactor: Redactor;
  /** The `seq` of the first event: 0, or where a resumed run's journal ends. */
  readonly nextSeq?: number;
  /** Of a resumed run: what it holds is not written again. */
  readonly record?: RecordedRun | undefined;
  /** Of a resumed run: written before anything else. */
  readonly first?: readonly EventBody[] | undefined;
}

/**
 * Numbers the events of a run and hands them to its journal in groups (DESIGN §1).
 *
 * 1. Events of one `add` are in one group: written together or not at all.
 * 2. Groups are written in order, none before the one before it is done.
 * 3. After `await flush()` everything added before is written: call it before each effect, each wait and at the end.
 */
export class EventLog {
  readonly #options: EventLogOptions;
  #nextSeq: number;
  #pending: RunEvent[] = [];
  /** Characters of the values in it, as far as they are large. */
  #pendingSize = 0;
  #writing: Promise<void> | undefined;
  #behind = 0;
  #behindSize = 0;
  #waitsForSoon = false;
  #broken: { readonly error: unknown } | undefined;
  #first: readonly EventBody[];

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#first = options.first ?? [];
    this.#nextSeq = options.nextSeq ?? 0;
  }

  add(...bodies: readonly EventBody[]): void {
    if (this.#broken !== undefined) throw this.#broken.error;
    const { record } = this.#options;
    if (record === undefined || record.isOver) this.#append(bodies);
    else {
      const fresh = bodies.filter((body) => !record.take(body));
      if (fresh.length > 0) this.#append(fresh);
    }
  }

  /** A resumed run goes on live: says so before anything follows. */
  resume(): Promise<void> | undefined {
    this.#append([]);
    return this.flush();
  }

  #append(bodies: readonly EventBody[]): void {
    const { run, clock, journal } = this.#options;
    const at = clock.now();
    const first = this.#first;
    this.#first = [];
    for (const body of first) this.#pending.push({ seq: this.#nextSeq++, at, run, ...body });
    for (const body of bodies) {
      this.#pending.push({ seq: this.#nextSeq++, at, run, ...body });
      this.#pendingSize += sizeOfEvent(body);
    }
    if (this.#pending.length === 0) return;
    const oldest = this.#pending[0];
    const isFull = this.#pending.length >= GROUP_SIZE || this.#pendingSize >= GROUP_CHARACTERS;
    if (isFull || (oldest !== undefined && at - oldest.at >= GROUP_AGE_MS)) this.#write();
    else if (!this.#waitsForSoon && journal.soon !== undefined) {
      this.#waitsForSoon = true;
      journal.soon(() => {
        this.#waitsForSoon = false;
        // A fault is kept for the next `add` or `flush`: nobody listens here.
        if (this.#broken === undefined) this.#write();
      });
    }
  }

  /** Writes what is pending; a promise only when the journal is not done yet. Rejects, or throws, with the journal's own fault. */
  flush(): Promise<void> | undefined {
    this.#write();
    if (this.#broken !== undefined) throw this.#broken.error;
    return this.#writing;
  }

  /** The write that is under way, if any: a loop that awaits it never gets far ahead of its journal. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** How many events the journal has been given and is not done with. */
  get behind(): number {
    return this.#behind;
  }

  /** How many characters the large values in them have. */
  get behindSize(): number {
    return this.#behindSize;
  }

  #write(): void {
    if (this.#pending.length === 0) return;
    const { journal, redactor } = this.#options;
    const pending = this.#pending;
    const size = this.#pendingSize;
    this.#pending = [];
    this.#pendingSize = 0;
    const group = pending.map((event) => redactor.event(event));
    const raw = pending.filter((event, index) => event !== group[index]);
    if (this.#writing === undefined) {
      try {
        const writing = journal.append(group, raw);
        if (writing !== undefined) this.#follow(writing, group.length, size);
      } catch (error) {
        this.#broken = { error };
      }
    } else {
      this.#follow(
        this.#writing.then(() => journal.append(group, raw)),
        group.length,
        size,
      );
    }
  }

  #follow(writing: Promise<void>, count: number, size: number): void {
    this.#behind += count;
    this.#behindSize += size;
    const followed = writing.then(
      () => {
        this.#behind -= count;
        this.#behindSize -= size;
        if (this.#writing === followed) this.#writing = undefined;
      },
      (error: unknown) => {
        this.#broken ??= { error };
        throw error;
      },
    );
    // Whoever flushes gets the rejection; one that nobody awaits must not end the process.
    followed.catch(() => undefined);
    this.#writing = followed;
  }
}

/** What its large values come to; the rest of an event is small. */
function sizeOfEvent(body: EventBody): number {
  switch (body.type) {
    case 'agent.finished':
    case 'step.finished':
    case 'run.finished':
      return sizeOf(body.output);
    case 'step.started':
      return body.items === undefined ? 0 : sizeOf(body.items);
    case 'state.set':
      return 2 * Object.values(body.values).reduce<number>((size, value) => size + sizeOf(value), 0);
    case 'log':
      return body.message.length;
    default:
      return 0;
  }
}
