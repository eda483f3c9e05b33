import type { ControlOutcome, ForkOutcome, StartOutcome } from '../program/host-calls.ts';
import { WORKER_BINDINGS, WORKER_CLASSES } from '../program/host-protocol.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import { EVENT_FORMAT, type EventBody, type RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import { triesWithoutProgress } from '../runtime/journal/tries-without-progress.ts';
import { noteAlive, noteGone } from './alive-runs.ts';
import { firstUntil } from './at-work.ts';
import { SECRETS_LOST } from './fork-record.ts';
import type { ForkedRun } from './fork-run.ts';
import { isCancelled } from './is-cancelled.ts';
import { findMissingBindings } from './missing-bindings.ts';
import { shareProgram } from './program-cache.ts';
import { recoveryFailure, TRIES_ALLOWED, takeVerdicts } from './recovery.ts';
import { RunLoop, type RunLoopOptions, type RunnerOfRun } from './run-loop.ts';
import { RunRecord } from './run-record.ts';
import { opensScope, reportScopes } from './state/report-scopes.ts';
import { warnOperator } from './warn-operator.ts';
import type { WorkerEnv } from './worker-env.ts';
import { openPorts } from './worker-ports.ts';
import type { WorkflowSeat } from './workflow/workflow-seat.ts';

/** How soon the alarm looks after a run that is at work, and how long one alarm stays with it. */
const ALARM_AFTER_MS = 5_000;
const ALARM_STAYS_MS = 5 * 60_000;
/** How long a run has to do nothing but wait before it is at rest. */
const REST_AFTER_MS = 500;
/** How soon a run that this host cannot go on with is looked at again. */
const RETRY_MS = 60_000;

type Finished = Extract<EventBody, { readonly type: 'run.finished' }>;

const NO_WORKFLOWS = `The ensemble has \`engine: workflows\`, and this Worker has no binding of Cloudflare Workflows: ${WORKER_BINDINGS.workflow}, with the class ${WORKER_CLASSES.workflow}.`;

const DONE: ControlOutcome = { type: 'done' };

/**
 * The life of a run in its object: it begins, is at work, rests while it only waits, and goes on from its journal when the process, or this object, came to an end in between.
 *
 * 1. While the loop is at work the alarm is never further away than ALARM_AFTER_MS: it keeps the object in memory, and after a crash it is what finds the run.
 * 2. At rest the alarm is set to the first time at which the run goes on by itself, or to none: nothing wakes for nothing, and the object may be evicted.
 * 3. A run is resumed three times without getting further, and no fourth time.
 */
export class RunLife {
  readonly record: RunRecord;
  readonly #context: DurableObjectState;
  readonly #env: WorkerEnv;
  #loop: RunnerOfRun | undefined;
  /** Once one was needed. */
  #seat: WorkflowSeat | undefined;
  #ended: Promise<void> = Promise.resolve();
  #beginning: Promise<ControlOutcome> | undefined;
  #resting = false;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when the loop comes to rest, for the alarm that stays with it. */
  #rested = Promise.withResolvers<void>();

  constructor(context: DurableObjectState, env: WorkerEnv) {
    this.#context = context;
    this.#env = env;
    this.record = new RunRecord(context, env, (group) => this.#onEvents(group));
  }

  /** Present while the engine is at work on the run, or waits: in this very object, or in an instance of Workflows. */
  get loop(): RunnerOfRun | undefined {
    return this.#loop;
  }

  /** Keeps the run and begins it. */
  async start(given: Program, request: RunRequest): Promise<StartOutcome> {
    if (this.record.exists()) return { type: 'exists' };
    const { program, hash } = await shareProgram(given);
    await this.record.unlock();
    const lacking = this.#lackingOf(program);
    if (!(await this.record.create(given, request, lacking))) return { type: 'exists' };
    if (program.engine === 'workflows') await this.#openWorkflow(program, { hash, request });
    else {
      // Set with the rows of the run, before the first agent begins: later it would be in the way of the agents.
      const alarm = this.#setAlarm(ALARM_AFTER_MS);
      this.#open({ program, hash, request }, false);
      await alarm;
    }
    return { type: 'started' };
  }

  /** Keeps a run that another one's record begins, and goes on with it. */
  async startFork({ program, request, record, secrets }: ForkedRun): Promise<ForkOutcome> {
    await this.record.unlock();
    const lacking = this.#lackingOf(program);
    if (!(await this.record.create(program, request, lacking, record, secrets))) return { type: 'exists' };
    await this.#setAlarm(ALARM_AFTER_MS);
    await this.begin();
    return { type: 'started' };
  }

  /** Goes on with a run that no loop runs; `done` also when one does. */
  begin(): Promise<ControlOutcome> {
    if (this.#loop !== undefined) return Promise.resolve(DONE);
    this.#beginning ??= this.#resume().finally(() => {
      this.#beginning = undefined;
    });
    return this.#beginning;
  }

  /** The loop ends without a word in the journal, which is how the next one finds it. Only for a run of which nothing is at work but waits. */
  async abandon(): Promise<void> {
    const loop = this.#loop;
    if (loop === undefined) return;
    this.#loop = undefined;
    this.#seat?.leave();
    this.record.abandonJournal();
    await loop.abandon();
  }

  /** Where an instance of Workflows sits; undefined where the Worker has no binding for them. */
  async openSeat(): Promise<WorkflowSeat | undefined> {
    const binding = this.#env[WORKER_BINDINGS.workflow];
    if (binding === undefined) return undefined;
    const { WorkflowSeat } = await import('./workflow/workflow-engine.ts');
    this.#seat ??= new WorkflowSeat(
      {
        record: this.record,
        prepare: () => this.#prepare(),
        follow: (run, loop) => this.#follow(run, loop),
        keepAlive: () => this.#setAlarm(ALARM_AFTER_MS),
      },
      binding,
    );
    return this.#seat;
  }

  /** Resolves when the run is not just about to be resumed, and an instance that is at work on it is known. */
  async settled(): Promise<void> {
    await this.#beginning;
    if (this.#loop === undefined && this.record.exists() && this.record.store.readNote('life') !== undefined)
      await (await this.openSeat())?.recall();
  }

  /**
   * Puts another program, or other variables, in place of the run's own, for the next time that it is resumed. Only where nothing is at work but waits: that is begun anew then. Gives why
   * not, where it cannot be.
   */
  async replace(given: Program | undefined, vars: Readonly<Record<string, string>> = {}): Promise<ControlOutcome | undefined> {
    await this.settled();
    const { record } = this;
    if (this.#loop !== undefined && !record.onlyWaits()) {
      const message = `${record
        .atWork()
        .map((path) => `"${path}"`)
        .join(', ')} is at work: pause the run, and wait until that is done.`;
      return { type: 'impossible', status: record.summary()?.status ?? 'running', message };
    }
    await this.abandon();
    await record.unlock();
    const { request } = await record.readAll();
    const program = given ?? (JSON.parse(record.store.readProgram()) as Program);
    await record.replace(program, { ...request, vars: { ...request.vars, ...vars } });
    return undefined;
  }

  async alarm(): Promise<void> {
    if (!this.record.exists()) return;
    if (this.#loop === undefined) {
      await this.#wake();
      return;
    }
    const workflow = this.#seat?.loop;
    if (workflow !== undefined) await workflow.lookAfter().catch(() => undefined);
    else await Promise.race([this.#ended, this.#rested.promise, scheduler.wait(ALARM_STAYS_MS)]);
    if (this.#loop !== undefined && !this.#resting) await this.#setAlarm(ALARM_AFTER_MS);
  }

  /** Whether nothing is to be done for the run until somebody does something, or until its alarm. */
  isAtRest(): boolean {
    const { store, journal } = this.record;
    if (store.readNote('cancelled') !== undefined) return false;
    if (this.isPaused()) return true;
    if (store.readNote('rested') !== String(journal.nextSeq)) return false;
    return (firstUntil(this.record.waiting()) ?? Number.POSITIVE_INFINITY) > Date.now();
  }

  /** Ends a run that this host cannot go on with. */
  async close(reason: string): Promise<void> {
    await this.record.unlock();
    const message = `The run was cancelled: ${reason}. This host cannot run its program, so nothing of it was undone.`;
    await this.#finish({ status: 'cancelled', failure: { code: 'CANCELLED', message, retryable: false } });
  }

  isPaused(): boolean {
    return this.record.summary()?.status === 'paused';
  }

  /** The alarm of a run that no loop runs. */
  async #wake(): Promise<void> {
    if (this.record.summary()?.finished_at !== undefined) return;
    if (this.isAtRest()) {
      const until = firstUntil(this.record.waiting());
      if (until !== undefined && !this.isPaused()) await this.#context.storage.setAlarm(until);
      return;
    }
    const outcome = await this.begin();
    if (outcome.type === 'impossible') await this.#setAlarm(RETRY_MS);
  }

  async #resume(): Promise<ControlOutcome> {
    const { record } = this;
    const { store } = record;
    const given = JSON.parse(store.readProgram()) as Program;
    const obstacle = this.#findObstacle(given);
    if (obstacle !== undefined) return { type: 'impossible', status: record.summary()?.status ?? 'running', message: obstacle };
    if (given.engine === 'workflows') {
      await this.#openWorkflow(given);
      return DONE;
    }
    const prepared = await this.#prepare();
    if (prepared === undefined) return DONE;
    this.#open({ ...(await shareProgram(given)), ...prepared }, true);
    await this.#setAlarm(ALARM_AFTER_MS);
    return DONE;
  }

  /** What the run goes on with; undefined when it does not any more. */
  async #prepare(): Promise<Omit<RunLoopOptions, 'ports' | 'journal' | 'program' | 'hash'> | undefined> {
    const { record } = this;
    const { store } = record;
    await record.unlock();
    const { request, events, secrets, lost } = await record.readAll();
    const verdicts = takeVerdicts(request.run, this.#env);
    const isExcused = store.readNote('excused') !== undefined;
    if (isExcused) store.clearNote('excused');
    if (isExcused || verdicts.othersOnly) store.writeNote('tries-from', String(events.length + 1));
    else if (this.#triesOf(events) >= TRIES_ALLOWED) {
      const atWork = record.atWork();
      const [agent] = atWork;
      await this.#finish({ status: 'failed', failure: recoveryFailure(atWork), ...(agent === undefined ? {} : { agent }) });
      return undefined;
    }
    const isFirstLoss = lost > 0 && events.length > 0 && store.readNote('told-loss') === undefined;
    const told = isFirstLoss ? [await record.append(SECRETS_LOST)] : [];
    if (isFirstLoss) store.writeNote('told-loss', '');
    const recorded = [...events, ...told];
    return { request, secretsBefore: secrets, verdicts: verdicts.own, ...(recorded.length === 0 ? {} : { recorded }) };
  }

  /** The run begins, or goes on, in an instance of Workflows, which asks for what it needs. `begun`: nothing of the run is recorded yet. */
  async #openWorkflow(program: Program, begun?: { readonly hash: string; readonly request: RunRequest }): Promise<void> {
    await this.#setAlarm(ALARM_AFTER_MS);
    const seat = await this.openSeat();
    // Where that fails the alarm tries again.
    if (seat !== undefined)
      this.#context.waitUntil(
        seat
          .open()
          .wake()
          .catch(() => undefined),
      );
    else if (begun !== undefined) await this.#fail(program, begun);
  }

  /** The run cannot even begin. */
  async #fail(program: Program, { hash, request }: { readonly hash: string; readonly request: RunRequest }): Promise<void> {
    const { ensemble, file, body } = program;
    const { input, trigger } = request;
    await this.record.append({
      ...{ type: 'run.started', format: EVENT_FORMAT, ensemble, file, program: hash, input, attempt: 1 },
      ...(trigger === undefined ? {} : { trigger }),
      agents: body.steps.map(({ path }) => path),
    });
    await this.#finish({ status: 'failed', failure: { code: 'UNSUPPORTED', message: NO_WORKFLOWS, retryable: false } });
  }

  /** `resumed`: it was begun before, although nothing may be recorded of that. */
  #open(options: Omit<RunLoopOptions, 'ports' | 'journal'>, resumed: boolean): void {
    const { program, hash, request, recorded } = options;
    const { store, journal } = this.record;
    const { run, vars, secretVars } = request;
    const ports = openPorts(this.#env, program, hash, { run, vars, secretVars, resumed });
    const loop = new RunLoop({ ...options, ports, journal });
    const cancelled = store.readNote('cancelled');
    if (cancelled !== undefined && recorded?.some(isCancelled) !== true) loop.cancel(cancelled);
    this.#follow(run, loop);
  }

  #follow(run: string, loop: RunnerOfRun): void {
    this.#loop = loop;
    this.#resting = false;
    this.#rested = Promise.withResolvers<void>();
    // Of events that were written while the loop was being made, nothing more may follow.
    if (this.record.mayRest()) this.#restLater();
    noteAlive(run, () => ({ waiting: this.#resting, wakesAt: firstUntil(this.record.waiting()) }));
    const end = (): boolean => {
      if (this.#loop !== loop) return false;
      this.#loop = undefined;
      this.#seat?.leave();
      if (this.#restTimer !== undefined) clearTimeout(this.#restTimer);
      this.#restTimer = undefined;
      noteGone(run);
      return true;
    };
    this.#ended = loop.done.then(
      async () => {
        if (end()) await this.#context.storage.deleteAlarm();
      },
      (error: unknown) => {
        // The journal cannot be written: the alarm, which stays, tries again with what is in it.
        if (!end()) return;
        warnOperator(`The journal of the run ${run} could not be written, which resumes the run: ${String(error)}`);
        this.record.streams.fail(error);
      },
    );
  }

  /** Called when events were written. */
  #onEvents(group: readonly RunEvent[]): void {
    const loop = this.#loop;
    if (loop === undefined) return;
    const last = group.at(-1);
    const workflow = this.#seat?.loop;
    if (last?.type === 'run.finished' && workflow !== undefined) this.#context.waitUntil(workflow.finish(last.status));
    if (group.some(opensScope)) this.#context.waitUntil(reportScopes(this.#env, loop.program, group));
    if (this.#resting) {
      this.#resting = false;
      this.#rested = Promise.withResolvers<void>();
      this.#context.waitUntil(this.#setAlarm(ALARM_AFTER_MS));
    }
    if (this.#restTimer === undefined && this.record.mayRest()) this.#restLater();
  }

  #restLater(): void {
    const { nextSeq } = this.record.journal;
    this.#restTimer = setTimeout(() => {
      this.#restTimer = undefined;
      if (this.#loop === undefined || !this.record.onlyWaits()) return;
      if (this.record.journal.nextSeq === nextSeq) this.#context.waitUntil(this.#rest(nextSeq));
      else this.#restLater();
    }, REST_AFTER_MS);
  }

  async #rest(nextSeq: number): Promise<void> {
    this.#resting = true;
    this.record.store.writeNote('rested', String(nextSeq));
    if (this.isPaused()) await this.#seat?.loop?.suspend();
    const until = firstUntil(this.record.waiting());
    if (until === undefined) await this.#context.storage.deleteAlarm();
    else await this.#context.storage.setAlarm(Math.max(until, Date.now()));
    this.#rested.resolve();
  }

  /** What is noted of a run that begins without some of its storage: most lack nothing, and a row less is written. */
  #lackingOf(program: Program): string | undefined {
    const missing = findMissingBindings(program, this.#env);
    return missing.length === 0 ? undefined : JSON.stringify(missing);
  }

  /** Why this host cannot go on with the run; undefined when it can. What was missing from the beginning is the agents' own business. */
  #findObstacle(program: Program): string | undefined {
    if (program.format !== PROGRAM_FORMAT) {
      return `Its program has format ${program.format}; this version of Ensemble runs format ${PROGRAM_FORMAT}.`;
    }
    if (program.engine === 'workflows' && this.#env[WORKER_BINDINGS.workflow] === undefined) return NO_WORKFLOWS;
    const lacking = JSON.parse(this.record.store.readNote('lacking') ?? '[]') as readonly string[];
    const missing = findMissingBindings(program, this.#env).filter((name) => !lacking.includes(name));
    return missing.length === 0 ? undefined : `This host does not have the storage that it needs: ${missing.join(', ')}.`;
  }

  #triesOf(events: readonly RunEvent[]): number {
    const { store } = this.record;
    const from = Math.max(Number(store.readNote('tries-from') ?? 0), Number(store.readNote('rested') ?? 0));
    return triesWithoutProgress(events.slice(from));
  }

  async #finish(end: Pick<Finished, 'status' | 'failure' | 'agent'>): Promise<void> {
    const summary = this.record.summary();
    const now = Date.now();
    await this.record.append({
      type: 'run.finished',
      ...end,
      duration_ms: Math.max(0, now - (summary?.started_at ?? now)),
      steps: summary?.steps ?? 0,
    });
    await this.#context.storage.deleteAlarm();
  }

  /** `inMs` from now, unless the run is over by then. */
  async #setAlarm(inMs: number): Promise<void> {
    if (this.record.summary()?.finished_at === undefined) await this.#context.storage.setAlarm(Date.now() + inMs);
  }
}
