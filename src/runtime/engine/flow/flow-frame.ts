import type { Template } from '../../../program/expression.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { FlowStep } from '../../../program/program.ts';
import type { EventBody, RunEvent } from '../../../program/run-event.ts';
import type { FailureError } from '../../failure.ts';
import { elapsedMs } from '../elapsed-ms.ts';
import { prepareTemplate } from '../evaluate.ts';
import { stepLine } from '../replay/event-lines.ts';
import type { RunStop } from '../run-stop.ts';
import { buildScope } from '../scope.ts';
import { readerOf } from '../state-reader.ts';
import type { StepContext } from '../step-context.ts';
import { stepPath } from '../step-path.ts';
import type { StepValue } from '../step-value.ts';
import { templatesReadTaint } from '../taint.ts';
import { findReads, type TemplateReads } from '../template-reads.ts';

type Started = Extract<EventBody, { readonly type: 'step.started' }>;
type Decided = Extract<EventBody, { readonly type: 'step.decided' }>;

/** What a flow step brought. */
export interface FlowEnd extends StepValue {
  /** The output is no larger than it may be: it was measured as it came. */
  readonly isMeasured?: true;
  /** Of a loop: iterations that ended. */
  readonly rounds?: number;
  /** Of a `loop`: its agent is skipped as a whole, which is journalled already. */
  readonly skipped?: boolean;
}

/** One flow step that is running, from its start to its end. */
export class FlowFrame<Kind extends FlowStep = FlowStep> {
  readonly step: Kind;
  readonly context: StepContext;
  /** As events name it. */
  readonly path: string;
  /** Epoch ms. */
  readonly startedAt: number;
  #isStarted = false;
  #tainted = false;

  constructor(step: Kind, context: StepContext) {
    this.step = step;
    this.context = context;
    this.path = stepPath(step, context);
    this.startedAt = context.run.ports.clock.now();
  }

  get kind(): Started['kind'] {
    const { step } = this;
    return step.type === 'foreach' && step.loop ? 'loop' : step.type;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Whether its own expressions have read anything tainted so far (LANGUAGE §4.5): what it does, or fails with, tells of that. */
  get tainted(): boolean {
    return this.#tainted;
  }

  /** ms since it began. */
  durationMs(): number {
    return elapsedMs(this.context.run.ports.clock, this.startedAt);
  }

  /**
   * In a resumed run: the next event that is recorded of the step, once it has its turn. Call it before what leads to an event is evaluated; undefined when there is none, and the run is live.
   * Rejects with the reason of the context's signal when that fires first.
   */
  recorded(): RunEvent | undefined | Promise<RunEvent | undefined> {
    return this.context.run.replay?.turn(stepLine(this.path), this.context.signal);
  }

  /** Where something is to be decided, but `recorded` is that the step failed: it was stopped before. Throws the reason then. */
  async throwIfStoppedAgain(recorded: RunEvent | undefined): Promise<void> {
    const { run, signal } = this.context;
    if (recorded?.type === 'step.failed' && (await run.replay?.stopped(signal)) === true) throw signal.reason;
  }

  /**
   * In a resumed run: waits for the turn of the step's end. `error`: with what it fails now. Gives the reason of the context's signal when what is recorded is that it was stopped: before
   * the last of what it has come to by now. So it was, too, if its end is not recorded, but what stops it meanwhile is.
   */
  async findStopAtEnd(error?: FailureError | RunStop): Promise<unknown> {
    const { run, signal } = this.context;
    const wasAborted = signal.aborted;
    const recorded = await run.replay?.turn(stepLine(this.path));
    if (recorded === undefined) return !wasAborted && signal.aborted ? signal.reason : undefined;
    if (recorded.type !== 'step.failed' || (signal.aborted && error === signal.reason)) return undefined;
    const { code, message } = recorded.failure;
    if (error?.failure.code === code && (!signal.aborted || error.failure.message === message)) return undefined;
    return (await run.replay?.stopped(signal)) === true ? signal.reason : undefined;
  }

  /** Journals that the step begins; once, before anything else of it. */
  start(facts: Pick<Started, 'items' | 'branches'> = {}): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.context.run.log.add({ type: 'step.started', step: this.path, kind: this.kind, ...facts });
  }

  decided({ took, saw, round }: Omit<Decided, 'type' | 'step'>): void {
    this.context.run.log.add({
      type: 'step.decided',
      step: this.path,
      took,
      ...(saw === undefined ? {} : { saw }),
      ...(round === undefined ? {} : { round }),
    });
  }

  /** For an expression whose decision is recorded: it is not evaluated again, only whether it reads anything tainted counts. */
  noteTaint(template: Template, context: StepContext = this.context): boolean {
    const tainted = templatesReadTaint(readsOf(template), context);
    this.#tainted ||= tainted;
    return tainted;
  }

  /** The value of one of the step's own expressions, which read all of the state; inside an iteration with that one's context. Throws `FailureError`. */
  evaluate(template: Template, context: StepContext = this.context): { readonly value: JsonValue | undefined; readonly tainted: boolean } {
    const tainted = this.noteTaint(template, context);
    const state = readerOf(context).snapshot();
    const value = prepareTemplate(template)(buildScope(context, { input: context.body.input, state, agent: this.path }));
    return { value, tainted };
  }
}

const reads = new WeakMap<Template, TemplateReads>();

function readsOf(template: Template): TemplateReads {
  const known = reads.get(template) ?? findReads([template]);
  reads.set(template, known);
  return known;
}
