import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { isCancelled } from '../is-cancelled.ts';
import type { RunLoopOptions, RunnerOfRun } from '../run-loop.ts';
import type { RunRecord } from '../run-record.ts';
import type { WorkflowParams } from './ensemble-workflow.ts';
import { type AppendOutcome, instanceId, type LifeAnswer, type LifeLink } from './life.ts';
import { WorkflowLoop } from './workflow-loop.ts';

/** What a run goes on with. */
export type Prepared = Omit<RunLoopOptions, 'ports' | 'journal' | 'program' | 'hash'>;

/** What the seat needs of the life of its run. */
export interface SeatHost {
  readonly record: RunRecord;
  /** Undefined when the run does not go on any more. */
  prepare(): Promise<Prepared | undefined>;
  follow(run: string, loop: RunnerOfRun): void;
  /** The alarm looks after the run soon. */
  keepAlive(): Promise<void>;
}

/**
 * Where an instance of Workflows sits that is at work on the run of this object. The instance asks for what there is of the run and sends its events; the object keeps them as those of any run.
 *
 * 1. One life of one instance may write: the latest that asked, by the note `life`. An earlier one gets `gone`.
 * 2. While there is such a note nobody else writes events. So whoever wants to takes the seat's loop first (`recall`), also in an object that knows of it by the note alone.
 */
export class WorkflowSeat {
  readonly #host: SeatHost;
  readonly #binding: Workflow<WorkflowParams>;
  #loop: WorkflowLoop | undefined;
  /** What an earlier life sends is written, or refused, before the next one is told what there is. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: SeatHost, binding: Workflow<WorkflowParams>) {
    this.#host = host;
    this.#binding = binding;
  }

  get loop(): WorkflowLoop | undefined {
    return this.#loop;
  }

  /** The loop of the run's instance, whatever that is doing. */
  open(): WorkflowLoop {
    if (this.#loop !== undefined) return this.#loop;
    const { store } = this.#host.record;
    const { run } = store.readRequest();
    const loop = new WorkflowLoop({
      binding: this.#binding,
      run,
      program: this.#program(),
      instance: this.#number(),
      onInstance: (instance) => {
        store.clearNote('life');
        store.writeNote('instance', String(instance));
      },
      // What it did is undone, as when the run is cancelled.
      onTerminated: () => store.writeNote('cancelled', 'its Workflows instance was terminated'),
    });
    this.#loop = loop;
    this.#host.follow(run, loop);
    return loop;
  }

  /** The loop of an instance that may write; undefined when there is none. */
  async recall(): Promise<WorkflowLoop | undefined> {
    const { record } = this.#host;
    if (!record.exists() || record.isOver() || record.store.readNote('life') === undefined) return undefined;
    if (this.#loop === undefined) await record.unlock();
    return this.open();
  }

  /** Nothing is at work any more. */
  leave(): void {
    this.#loop = undefined;
    const { record } = this.#host;
    if (record.exists()) record.store.clearNote('life');
  }

  /** From now on no other life of the run may write. */
  giveLife(life: string, instance: string): Promise<LifeAnswer> {
    return this.#inTurn(async () => {
      const { record } = this.#host;
      if (!record.exists() || record.isOver()) return { type: 'over' };
      const program = this.#program();
      // Of an instance that was replaced, or of a run that goes on here by now.
      if (program.engine !== 'workflows' || instance !== instanceId(record.store.readRequest().run, this.#number()))
        return { type: 'over' };
      record.store.writeNote('life', life);
      const loop = this.open();
      loop.detach();
      const prepared = await this.#host.prepare();
      if (prepared === undefined) return { type: 'over' };
      const { request, recorded = [], secretsBefore = [], verdicts = new Map() } = prepared;
      const cancelled = recorded.some(isCancelled) ? undefined : record.store.readNote('cancelled');
      await this.#host.keepAlive();
      return { type: 'life', life: { program, request, recorded, secretsBefore, verdicts: [...verdicts], cancelled } };
    });
  }

  /** One that got no answer sends its events again. */
  takeEvents(life: string, group: readonly RunEvent[], raw: readonly RunEvent[]): Promise<AppendOutcome> {
    return this.#inTurn(async () => {
      const { record } = this.#host;
      const loop = await this.#loopOf(life);
      if (loop === undefined) return 'gone';
      if ((group.at(-1)?.seq ?? 0) < record.journal.nextSeq) return 'written';
      try {
        await record.journal.append(group, raw);
      } catch (error) {
        record.streams.fail(error);
        throw error;
      }
      return loop.isLinked || record.isOver() ? 'written' : 'lonely';
    });
  }

  async attach(life: string, link: LifeLink): Promise<void> {
    (await this.#loopOf(life))?.attach(link);
  }

  async #loopOf(life: string): Promise<WorkflowLoop | undefined> {
    return this.#host.record.store.readNote('life') === life ? this.recall() : undefined;
  }

  #number(): number {
    return Number(this.#host.record.store.readNote('instance') ?? 0);
  }

  #program(): Program {
    return JSON.parse(this.#host.record.store.readProgram()) as Program;
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
