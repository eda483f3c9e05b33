import { type Enclosing, type FoundStep, findStep } from '../../program/find-step.ts';
import type { FlowKind, Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';

/** A loop with more items or rounds than this is shown by numbers, with the failures and logs in it. */
export const MANY_ITERATIONS = 20;

/** A flow step that has begun and not ended. */
export interface OpenFlow {
  readonly path: string;
  readonly kind: FlowKind | 'loop';
  readonly depth: number;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Items or branches; undefined where nobody knows how many there will be. */
  readonly total: number | undefined;
  /** Iterations or branches that are over. */
  done: number;
  /** Of those: in which something failed. */
  failed: number;
  retries: number;
  /** What happens in it is counted, not told. */
  collapsed: boolean;
  /** Epoch ms at which its numbers were last told. */
  toldAt: number;
  /** Which of its lists of steps was last at work. */
  block: string;
  /** Warnings that were told: one that each of 10,000 items gives is told once. */
  readonly warned: Set<string>;
}

interface Flow extends OpenFlow {
  /** Iterations at work in which something has failed. */
  readonly failing: Set<number>;
}

/** Where in the flow an event belongs. */
export interface Place {
  readonly found: FoundStep | undefined;
  /** How many steps lie around it. */
  readonly depth: number;
  /** The flow step that it is about; one that ended just now, too. */
  readonly own: OpenFlow | undefined;
  /** The outermost loop around it that is shown by numbers. */
  readonly collapsed: OpenFlow | undefined;
  /** One whose `finally` or `reduce` begins with it. */
  readonly entered: OpenFlow | undefined;
}

const NOWHERE: Place = { found: undefined, depth: 0, own: undefined, collapsed: undefined, entered: undefined };

/**
 * Follows how far the flow steps of a run are. Costs the same for each event, however many there were, and keeps nothing of what is over. Without the program (a run of which
 * only events are known) it knows the flow steps, but not what lies in them.
 */
export class FlowProgress {
  readonly #program: Program | undefined;
  readonly #open = new Map<string, Flow>();

  constructor(program: Program | undefined) {
    this.#program = program;
  }

  /** Those at work, in the order in which they began. */
  get open(): Iterable<OpenFlow> {
    return this.#open.values();
  }

  /** Takes the next event of the run and says where it belongs. */
  follow(event: RunEvent): Place {
    if (event.type === 'run.finished') this.#open.clear();
    const path = pathOf(event);
    if (path === undefined) return NOWHERE;
    const found = this.#program === undefined ? undefined : findStep(this.#program, path);
    const depth = found?.depth ?? 0;
    if (found !== undefined) this.#count(event, found);
    const collapsed = found === undefined ? undefined : this.#collapsedAround(found);
    if (event.type === 'attempt.failed' && event.retry_in_ms !== undefined && collapsed !== undefined) collapsed.retries += 1;
    const own = this.#follow(event, depth);
    return { found, depth, own, collapsed, entered: found === undefined ? undefined : this.#enter(found) };
  }

  #follow(event: RunEvent, depth: number): Flow | undefined {
    switch (event.type) {
      case 'step.started': {
        const { step: path, kind, at } = event;
        const total = event.items?.length ?? event.branches;
        const flow = {
          ...{ path, kind, depth, startedAt: at, total, done: 0, failed: 0, retries: 0, toldAt: at, block: '' },
          collapsed: kind !== 'parallel' && total !== undefined && total > MANY_ITERATIONS,
          warned: new Set<string>(),
          failing: new Set<number>(),
        };
        this.#open.set(path, flow);
        return flow;
      }
      case 'step.decided':
        return this.#open.get(event.step);
      case 'step.finished':
      case 'step.failed': {
        const flow = this.#open.get(event.step);
        this.#open.delete(event.step);
        return flow;
      }
      default:
        return undefined;
    }
  }

  /** Counts what is over in the loops around, and how it went. */
  #count(event: RunEvent, { step, around }: FoundStep): void {
    const failed = (event.type === 'agent.failed' || event.type === 'step.failed') && event.failure.code !== 'CANCELLED';
    for (const { path, position } of around) {
      const flow = position === undefined ? undefined : this.#open.get(path);
      if (flow === undefined || position === undefined) continue;
      if (failed) flow.failing.add(position);
      if (position >= MANY_ITERATIONS) flow.collapsed = true;
    }
    const inner = around.at(-1);
    if (inner === undefined || !ENDS.has(event.type)) return;
    const flow = this.#open.get(inner.path);
    if (flow === undefined || !endsIteration(step, inner)) return;
    flow.done += 1;
    if (inner.position === undefined ? failed : flow.failing.delete(inner.position)) flow.failed += 1;
  }

  #collapsedAround(found: FoundStep): Flow | undefined {
    const owner = found.owner === '' || this.#program === undefined ? undefined : findStep(this.#program, found.owner);
    const outer = owner === undefined ? undefined : this.#collapsedAround(owner);
    if (outer !== undefined) return outer;
    for (const { path } of found.around) {
      const flow = this.#open.get(path);
      if (flow?.collapsed === true) return flow;
    }
    return undefined;
  }

  #enter({ around }: FoundStep): Flow | undefined {
    const inner = around.at(-1);
    if (inner === undefined || !TOLD_BLOCKS.has(inner.block.name)) return undefined;
    const flow = this.#open.get(inner.path);
    if (flow === undefined || flow.block === inner.block.name) return undefined;
    flow.block = inner.block.name;
    return flow;
  }
}

const ENDS: ReadonlySet<string> = new Set(['agent.finished', 'agent.failed', 'agent.skipped', 'step.finished', 'step.failed']);
const TOLD_BLOCKS: ReadonlySet<string> = new Set(['finally', 'reduce']);

function endsIteration(step: FoundStep['step'], { step: outer, block }: Enclosing): boolean {
  return outer.type === 'parallel' || (block.repeats && block.steps.at(-1) === step);
}

function pathOf(event: RunEvent): string | undefined {
  if ('step' in event) return event.step;
  // The end of a run, and where it was forked, name an agent that they are not about.
  return 'agent' in event && event.type !== 'run.finished' && event.type !== 'run.forked' ? event.agent : undefined;
}
