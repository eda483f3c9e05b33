import type { FoundStep } from '../../program/find-step.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { FlowProgress, type Place } from '../reporters/flow-progress.ts';
import { handledBy } from '../reporters/handled-by.ts';
import { agentFacts, endFacts, extentText, progressFacts, sawText, waitingText } from '../reporters/words.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createNode, type NodeStatus, type RunNode } from './run-node.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** What the events of a run say, as a tree: agents and flow steps, the items of loops, what agents ran, and what was undone. */
export interface RunTree {
  readonly started: Event<'run.started'> | undefined;
  /** Absent as long as the run goes on. */
  readonly finished: Event<'run.finished'> | undefined;
  /** What it waits for, the longest first. */
  readonly waiting: readonly Event<'run.waiting'>[];
  /** No agent begins until it is resumed. */
  readonly paused: Event<'run.paused'> | undefined;
  readonly forked: Event<'run.forked'> | undefined;
  /** The last time that it went on from its journal. */
  readonly resumed: Event<'run.resumed'> | undefined;
  /** Of its last event, epoch ms. */
  readonly lastAt: number;
  readonly children: readonly RunNode[];
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Folds events into a tree, in their order. Keeps of each no more than what is shown of it. */
export class TreeBuilder {
  readonly #program: Program | undefined;
  readonly #flow: FlowProgress;
  readonly #root = createNode({ kind: 'group', name: '', status: 'none' });
  /** By path; of iterations and groups by that of what they lie in, and their own name. */
  readonly #nodes = new Map<string, RunNode>();
  /** What the loops at work go over. */
  readonly #items = new Map<string, readonly JsonValue[]>();
  /** By the agents that wait. */
  readonly #waiting = new Map<string, Event<'run.waiting'>>();
  readonly #head: Mutable<Omit<RunTree, 'children' | 'waiting'>> = {
    ...{ started: undefined, finished: undefined, lastAt: 0 },
    ...{ paused: undefined, forked: undefined, resumed: undefined },
  };

  constructor(program: Program | undefined) {
    this.#program = program;
    this.#flow = new FlowProgress(program);
  }

  add(event: RunEvent): void {
    const place = this.#flow.follow(event);
    this.#head.lastAt = event.at;
    if (event.type === 'agent.finished' || event.type === 'agent.failed' || event.type === 'attempt.failed')
      this.#waiting.delete(event.agent);
    switch (event.type) {
      case 'run.started':
        this.#head.started = event;
        break;
      case 'run.finished':
        this.#head.finished = event;
        this.#head.paused = undefined;
        break;
      case 'run.paused':
        this.#head.paused = event;
        break;
      case 'run.continued':
        this.#head.paused = undefined;
        break;
      case 'run.resumed':
        this.#head.resumed = event;
        break;
      case 'run.forked':
        this.#head.forked = event;
        break;
      case 'run.waiting':
        this.#waiting.set(event.agent, event);
        this.#nodeAt(event.agent, 'agent', undefined).facts = [waitingText(event)];
        break;
      case 'run.compensating':
        this.#group(event.agent ?? '', 'undone');
        break;
      case 'agent.started': {
        const node = this.#nodeAt(event.agent, 'agent', place.found, event.compensates === undefined ? 'running' : 'undone');
        this.#begin(node, event.at, event.compensates === undefined ? [] : [`undoes ${harmlessLine(event.compensates)}`]);
        break;
      }
      case 'attempt.started':
        // A file that is run again begins anew.
        this.#empty(this.#nodeAt(event.agent, 'agent', place.found));
        break;
      case 'attempt.failed':
        if (event.retry_in_ms !== undefined) this.#nodeAt(event.agent, 'agent', place.found).earlier.push(event);
        break;
      case 'agent.finished': {
        const node = this.#nodeAt(event.agent, 'agent', place.found);
        node.facts = [formatDuration(event.duration_ms), ...agentFacts(event), ...undoFacts(node)];
        if (node.status !== 'undone') node.status = 'done';
        break;
      }
      case 'agent.failed':
        this.#agentFailed(event, place);
        break;
      case 'agent.skipped': {
        const node = this.#nodeAt(event.agent, 'agent', place.found);
        node.status = 'skipped';
        node.at = event.at;
        node.facts = [`skipped: ${harmlessLine(event.condition)} is ${sawText(event.saw)}`];
        break;
      }
      case 'step.started': {
        const node = this.#nodeAt(event.step, 'step', place.found);
        if (event.items !== undefined) this.#items.set(event.step, event.items);
        this.#begin(
          node,
          event.at,
          event.kind === 'branch' || event.kind === 'switch' ? [] : [extentText({ kind: event.kind, total: place.own?.total })],
        );
        break;
      }
      case 'step.decided':
        this.#decided(event, place);
        break;
      case 'step.finished': {
        const node = this.#nodeAt(event.step, 'step', place.found);
        this.#items.delete(event.step);
        const isChoice = place.own?.kind === 'branch' || place.own?.kind === 'switch';
        node.status = isChoice ? 'decided' : 'done';
        if (!isChoice)
          node.facts = [formatDuration(event.duration_ms), ...(place.own === undefined ? [] : endFacts(place.own, event.rounds))];
        break;
      }
      case 'step.failed':
        this.#stepFailed(event, place);
        break;
      default:
    }
  }

  /** The tree as it is by now; more events may follow. */
  tree(): RunTree {
    const { children } = this.#root;
    const head = { ...this.#head, waiting: [...this.#waiting.values()] };
    if (head.finished === undefined) return { ...head, children };
    for (const node of this.#nodes.values()) if (node.status === 'running') node.status = 'interrupted';
    const steps = this.#program?.body.steps ?? [];
    const unreached = steps.filter(({ path }) => !this.#nodes.has(path));
    return {
      ...head,
      children: [...children, ...unreached.map(({ path }) => createNode({ kind: 'agent', name: path, status: 'unreached' }))],
    };
  }

  #agentFailed(event: Extract<RunEvent, { type: 'agent.failed' }>, { found }: Place): void {
    const node = this.#nodeAt(event.agent, 'agent', found);
    const by = event.handled || this.#program === undefined ? undefined : handledBy(this.#program, event.agent);
    const isUndoing = node.status === 'undone';
    const facts = [formatDuration(event.duration_ms), ...agentFacts(event), ...undoFacts(node)];
    if (event.failure.code === 'CANCELLED' || event.stopped === true) {
      node.status = 'cancelled';
      node.facts = [`${event.failure.code === 'CANCELLED' ? 'cancelled' : 'stopped'} after ${formatDuration(event.duration_ms)}`];
      return;
    }
    node.failure = event.failure;
    // Of a compensation it means that the rest still ran: it stays undone all the same.
    const handled = !isUndoing && (event.handled || by !== undefined);
    node.status = handled ? 'handled' : 'failed';
    node.facts = handled ? [...facts, by === undefined ? 'handled' : `handled by ${harmlessLine(by)}`] : facts;
  }

  #decided(event: Extract<RunEvent, { type: 'step.decided' }>, { found, own }: Place): void {
    const node = this.#nodeAt(event.step, 'step', found);
    if (own?.kind === 'branch' || own?.kind === 'switch') {
      node.facts = [harmlessLine(event.took), ...(event.saw === undefined ? [] : [`saw ${sawText(event.saw)}`])];
    }
  }

  #stepFailed(event: Extract<RunEvent, { type: 'step.failed' }>, { found, own }: Place): void {
    const node = this.#nodeAt(event.step, 'step', found);
    this.#items.delete(event.step);
    const counts = own === undefined ? [] : progressFacts(own);
    const duration = formatDuration(event.duration_ms);
    if (event.failure.code === 'CANCELLED') {
      node.status = 'cancelled';
      node.facts = [`cancelled after ${duration}`, ...counts];
      return;
    }
    node.status = event.handled ? 'handled' : 'failed';
    node.facts = [duration, ...counts, ...(event.handled ? ['handled'] : [])];
    if (event.agent === undefined) node.failure = event.failure;
  }

  /** What is run again begins anew. */
  #begin(node: RunNode, at: number, facts: readonly string[]): void {
    node.at = at;
    node.facts = facts;
    delete node.failure;
    this.#empty(node);
  }

  #empty({ children }: RunNode): void {
    for (const child of children) {
      this.#nodes.delete(child.key);
      this.#empty(child);
    }
    children.length = 0;
  }

  /** The node of a path; a new one comes last in what it lies in. */
  #nodeAt(path: string, kind: RunNode['kind'], found: FoundStep | undefined, status: NodeStatus = 'running'): RunNode {
    const known = this.#nodes.get(path);
    if (known !== undefined) return known;
    const node = createNode({ kind, name: path, status, item: this.#itemOfLooped(found) });
    this.#parentOf(path, found, status === 'undone').children.push(node);
    this.#nodes.set(path, node);
    return node;
  }

  #parentOf(path: string, found: FoundStep | undefined, undoes: boolean): RunNode {
    const owner = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (undoes) return this.#group(this.#undoingOwner(owner), 'undone');
    const inner = found?.around.at(-1);
    if (inner === undefined) return owner === '' ? this.#root : this.#nodeAt(owner, 'agent', undefined);
    const { block, position } = inner;
    if (position !== undefined) {
      return isLooped(found) ? this.#known(inner.path) : this.#group(inner.path, `[${position}]`, this.#itemAt(inner.path, position) ?? '');
    }
    const heading = HEADINGS[block.name];
    return heading === undefined ? this.#known(inner.path) : this.#group(inner.path, heading);
  }

  /** The innermost body around that undoes; an agent file is undone with the body that runs it. */
  #undoingOwner(owner: string): string {
    for (let at = owner; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (this.#nodes.has(keyOf(at, 'undone'))) return at;
    return '';
  }

  #itemOfLooped(found: FoundStep | undefined): string | undefined {
    const { path, position } = found?.around.at(-1) ?? {};
    return path === undefined || position === undefined || !isLooped(found) ? undefined : this.#itemAt(path, position);
  }

  #itemAt(loop: string, position: number): string | undefined {
    const item = this.#items.get(loop)?.[position];
    return item === undefined ? undefined : sawText(item);
  }

  #known(path: string): RunNode {
    return this.#nodes.get(path) ?? this.#root;
  }

  #group(path: string, name: string, item?: string): RunNode {
    const key = keyOf(path, name);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = createNode({ key, name, status: 'none', ...(item === undefined ? { kind: 'group' } : { kind: 'iteration', item }) });
    (path === '' ? this.#root : this.#known(path)).children.push(node);
    this.#nodes.set(key, node);
    return node;
  }
}

/** What is told apart from a step's main list. */
const HEADINGS: Readonly<Partial<Record<string, string>>> = { catch: 'catch', finally: 'finally', reduce: 'reduce', onError: 'on error' };

/** No path has a space in it. */
function keyOf(path: string, name: string): string {
  return `${path} ${name}`;
}

/** The agent of a `loop`, which has its position in its own path. */
function isLooped(found: FoundStep | undefined): boolean {
  return found !== undefined && found.around.at(-1)?.step.path === found.step.path;
}

/** What a compensation undoes, noted when it began. */
function undoFacts({ status, facts }: RunNode): readonly string[] {
  return status === 'undone' ? facts : [];
}
