import type { RunSummary, WaitingSummary } from '../program/host-calls.ts';
import type { Program } from '../program/program.ts';
import type { EventBody, RunEvent } from '../program/run-event.ts';
import type { RunReport } from '../program/run-report.ts';
import type { RunRequest } from '../program/run-request.ts';
import { mergeSecrets, type Secret } from '../program/secret.ts';
import { Announcements } from './announcements.ts';
import { AtWork } from './at-work.ts';
import { EventStreams } from './event-streams.ts';
import type { ForkedEvent, ForkSource } from './fork-record.ts';
import { hideRequestSecrets, listSecrets, redactorOf } from './request-secrets.ts';
import { RunReporter } from './run-reporter.ts';
import { RunStore } from './run-store.ts';
import { SealedValues } from './sealed-values.ts';
import { openSealer } from './sealer.ts';
import { type RawEvents, SqlJournal } from './sql-journal.ts';
import type { WorkerEnv } from './worker-env.ts';

/** Where the request lies among the sealed values: before all events. */
const REQUEST_SEQ = -1;
/** Before that what steps gave that have secrets in it. */
const FIRST_KEPT_SEQ = -2;
/** JSON text begins otherwise. */
const SEALED = 'sealed ';
const EVENTS_AT_ONCE = 256;

/** What one run has on disk, what its events add up to, and who is told of them. */
export class RunRecord {
  readonly store: RunStore;
  readonly streams: EventStreams;
  readonly #env: WorkerEnv;
  readonly #storage: DurableObjectStorage;
  readonly #sealed: SealedValues;
  readonly #reporter: RunReporter;
  readonly #atWork = new AtWork();
  readonly #over = Promise.withResolvers<void>();
  #journal: SqlJournal;
  #foldedTo = 0;

  /** `onEvents` is called with each group that is on its way to the disk and was announced. */
  constructor(context: DurableObjectState, env: WorkerEnv, onEvents: (group: readonly RunEvent[]) => void) {
    const { storage } = context;
    this.#env = env;
    this.#storage = storage;
    this.store = new RunStore(storage.sql);
    this.#sealed = new SealedValues(storage.sql, context.id.toString());
    this.#reporter = new RunReporter(env, context);
    const announcements = new Announcements(() => storage.sync(), {
      send: (told) => this.streams.send(told),
      fail: (error) => this.streams.fail(error),
    });
    this.#journal = new SqlJournal({
      storage,
      sealed: this.#sealed,
      onWrite: (group, unsealed) => this.#onWrite(group, unsealed),
      announce: (group, text) => {
        this.#fold(group);
        this.#reporter.add(group);
        if (this.streams.hasReaders) announcements.add(group, text());
        if (group.at(-1)?.type === 'run.finished') this.#over.resolve();
        onEvents(group);
      },
    });
    const journalOf = (): SqlJournal => this.#journal;
    this.streams = new EventStreams({
      read: (seq) => journalOf().read(seq),
      get nextSeq() {
        return journalOf().nextSeq;
      },
      isOver: () => this.isOver(),
      sync: () => storage.sync(),
    });
  }

  /** Resolves once the last event is written, if that happens in this object's life. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get journal(): SqlJournal {
    return this.#journal;
  }

  exists(): boolean {
    return this.store.exists();
  }

  /** What is sealed can be read and written from then on. */
  async unlock(): Promise<void> {
    this.#sealed.sealer = await openSealer(this.#env);
  }

  /** Keeps a run that is about to begin, with what its journal begins with; false when there is one already. Call `unlock` before. */
  async create(
    program: Program,
    request: RunRequest,
    lacking: string | undefined,
    begun: readonly ForkedEvent[] = [],
    secrets: readonly Secret[] = [],
  ): Promise<boolean> {
    this.#know(request, secrets);
    const [hidden] = await Promise.all([this.#hide(request), this.#reporter.begin(request.run, program)]);
    if (this.store.exists()) return false;
    // First the events: as long as the rest is not there, there is no run.
    if (begun.length > 0) await this.#begin(begun);
    this.#storage.transactionSync(() => {
      this.store.write(JSON.stringify(program), hidden.shown);
      this.#keep(hidden);
      if (lacking !== undefined) this.store.writeNote('lacking', lacking);
      if (this.#sealed.sealer === undefined && begun.some(({ event, shown }) => event !== shown)) {
        this.store.writeNote('unsealed', '');
        this.store.writeNote('told-loss', '');
      }
    });
    return true;
  }

  /** Replaces what the run goes on with. Call `unlock` before. */
  async replace(program: Program, request: RunRequest): Promise<void> {
    this.#know(request);
    const hidden = await this.#hide(request);
    this.#storage.transactionSync(() => {
      this.store.write(JSON.stringify(program), hidden.shown);
      this.#keep(hidden);
    });
  }

  /**
   * With its secrets, as far as they are kept; `lost` counts what was not, or cannot be opened by this host. `secrets` are those that may be in it, of this host and of the hosts before.
   * Call `unlock` before.
   */
  async readAll(): Promise<WholeRecord> {
    const shown = this.store.readRequest();
    const sealed = await this.#sealed.readAll();
    const request = sealed.get(REQUEST_SEQ) as RunRequest | undefined;
    const { events, shown: eventsShown, lost } = this.#journal.withRaw(sealed);
    const lostRequest = sealed.has(REQUEST_SEQ) && request === undefined ? 1 : 0;
    const isLost = (['unsealed', 'secrets-gone'] as const).some((note) => this.store.readNote(note) !== undefined);
    this.#know(request ?? shown);
    return {
      request: request ?? shown,
      events,
      shown: eventsShown,
      secrets: this.#sealed.secrets,
      lost: lost + lostRequest + (isLost ? 1 : 0),
    };
  }

  /** For a run that is forked from this one. */
  async readForFork(): Promise<ForkSource> {
    await this.unlock();
    const { request, events, shown, secrets, lost } = await this.readAll();
    return { program: JSON.parse(this.store.readProgram()) as Program, request, events, shown, secrets, hasLost: lost > 0 };
  }

  /** Writes an event that no engine writes: of a run that no loop runs. Gives it as it is without redaction. Call `unlock` before. */
  async append(body: EventBody): Promise<RunEvent> {
    const request = this.store.readRequest();
    const event: RunEvent = { seq: this.#journal.nextSeq, at: Date.now(), run: request.run, ...body };
    const shown = redactorOf(request, this.#env, this.#sealed.secrets).event(event);
    await this.#journal.append([shown], shown === event ? [] : [event]);
    return event;
  }

  /** Keeps what a step gave until the run is over; false when it is secret and nothing is there to seal it with. */
  async keepEnd(step: string, text: string, isSecret: boolean): Promise<boolean> {
    if (!isSecret) {
      this.store.writeNote(`kept ${step}`, text);
      return true;
    }
    await this.unlock();
    const seq = FIRST_KEPT_SEQ - this.store.countKept();
    const data = await this.#sealed.seal(seq, text);
    if (data === undefined) return false;
    this.#storage.transactionSync(() => {
      this.#sealed.write(seq, data);
      this.store.writeNote(`kept ${step}`, `${SEALED}${seq}`);
    });
    return true;
  }

  async readEnd(step: string): Promise<string | undefined> {
    const text = this.store.readNote(`kept ${step}`);
    if (text?.startsWith(SEALED) !== true) return text;
    await this.unlock();
    const opened = (await this.#sealed.readAll()).get(Number(text.slice(SEALED.length)));
    return typeof opened === 'string' ? opened : undefined;
  }

  /** The loop that writes to the journal can do so no more. */
  abandonJournal(): void {
    this.#journal.close();
    this.#journal = this.#journal.reopen();
  }

  report(): RunReport | undefined {
    this.#catchUp();
    return this.#reporter.report();
  }

  /** Resolves once the index of runs has been told how things stand. */
  reported(): Promise<void> {
    return this.#reporter.settled();
  }

  isOver(): boolean {
    return this.summary()?.finished_at !== undefined;
  }

  /** The last event, as JSON text. */
  lastLine(): string | undefined {
    return this.#journal.read(this.#journal.nextSeq - 1).next().value ?? undefined;
  }

  /** Undefined before the first event. */
  summary(): RunSummary | undefined {
    return this.report()?.summary;
  }

  waiting(): readonly WaitingSummary[] {
    return this.summary()?.waiting ?? [];
  }

  /** Paths of the agents that have begun and not ended. */
  atWork(): readonly string[] {
    this.#catchUp();
    return this.#atWork.list();
  }

  /** Cheap: whether `onlyWaits` is worth to be asked. */
  mayRest(): boolean {
    const status = this.summary()?.status;
    return status === 'waiting' || status === 'paused';
  }

  /** Whether nothing is to be done now: agents are at work, but each only waits; or no agent may begin, and none is at work that does more than wait. */
  onlyWaits(): boolean {
    const summary = this.summary();
    const waiting = summary?.waiting ?? [];
    if (summary?.status === 'paused' && this.#atWork.list().length === 0) return true;
    return this.#atWork.onlyWaits(waiting);
  }

  /** What is sealed from now on may hold these. */
  #know(request: RunRequest, secrets: readonly Secret[] = []): void {
    this.#sealed.secrets = mergeSecrets(mergeSecrets(this.#sealed.secrets, secrets), listSecrets(request, this.#env));
  }

  async #begin(begun: readonly ForkedEvent[]): Promise<void> {
    // What a crash left of an earlier try.
    this.#journal.clear();
    for (let start = 0; start < begun.length; start += EVENTS_AT_ONCE) {
      const part = begun.slice(start, start + EVENTS_AT_ONCE);
      const raw = part.flatMap(({ event, shown }) => (event === shown ? [] : [event]));
      await this.#journal.append(
        part.map(({ shown }) => shown),
        raw,
      );
    }
  }

  #onWrite(group: readonly RunEvent[], unsealed: boolean): void {
    // What a fork begins with is written before it is a run: `create` notes it then.
    if (unsealed && this.store.exists()) this.store.writeNote('unsealed', '');
    if (group.at(-1)?.type !== 'run.finished') return;
    const hasSealed = !this.#sealed.isEmpty();
    const hadSecrets = hasSealed || this.store.readNote('unsealed') !== undefined;
    if (hasSealed) this.#sealed.forget();
    this.store.clearNotes();
    if (hadSecrets) this.store.writeNote('secrets-gone', '');
  }

  /** For an object that woke up after the run, or in the middle of it. */
  #catchUp(): void {
    if (this.#foldedTo === this.#journal.nextSeq) return;
    this.#reporter.catchUp((seq) => this.#journal.read(seq));
    // One by one: what a long run has recorded is more than an isolate may hold twice.
    for (const line of this.#journal.read(this.#foldedTo)) this.#fold([JSON.parse(line) as RunEvent]);
  }

  #fold(group: readonly RunEvent[]): void {
    if (group[0]?.seq !== this.#foldedTo) return;
    for (const event of group) this.#atWork.add(event);
    this.#foldedTo += group.length;
  }

  async #hide(request: RunRequest): Promise<HiddenRequest> {
    const shown = hideRequestSecrets(request, this.#env);
    if (shown === request) return { shown, isHidden: false, data: undefined };
    return { shown, isHidden: true, data: await this.#sealed.seal(REQUEST_SEQ, request) };
  }

  #keep({ isHidden, data }: HiddenRequest): void {
    if (data !== undefined) this.#sealed.write(REQUEST_SEQ, data);
    else if (isHidden) this.store.writeNote('unsealed', '');
  }
}

interface WholeRecord extends RawEvents {
  readonly request: RunRequest;
  readonly secrets: readonly Secret[];
}

interface HiddenRequest {
  readonly shown: RunRequest;
  readonly isHidden: boolean;
  readonly data: Uint8Array | undefined;
}
