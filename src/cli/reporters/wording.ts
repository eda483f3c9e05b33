import { listAgents } from '../../program/list-agents.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { FlowProgress, type OpenFlow, type Place } from './flow-progress.ts';
import { handledBy } from './handled-by.ts';
import { Undoing } from './undoing.ts';
import {
  agentFacts,
  countOf,
  endFacts,
  extentText,
  failureLine,
  listNames,
  progressFacts,
  sawText,
  usageFacts,
  waitingText,
} from './words.ts';

/*
 * What reporters say, and (with words.ts) nowhere else. All text that comes from files, data or servers passes `harmless`.
 */

const LOG_PAINTS = { debug: 'dim', info: 'reset', warn: 'yellow', error: 'red' } as const;
const MOST_INDENT = 8;
/** Those that nothing in the file can handle. */
const ENDS_ALL = /^(?:LIMIT_|CANCELLED$|DEFECT$)/;

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

export interface WordingOptions {
  /** What runs: it says where in the flow an agent lies. */
  readonly program?: Program | undefined;
  /** How often a loop of many items tells how far it is, in ms of the run's clock; absent = never, somebody else shows it. */
  readonly progressEveryMs?: number;
}

/** Turns events into the lines of a log. Keeps what a later line needs: how far flow steps are, and the state an agent set, which stands in the event before its last. */
export class Wording {
  readonly flow: FlowProgress;
  readonly #paint: Paint;
  readonly #options: WordingOptions;
  readonly #set = new Map<string, readonly string[]>();
  readonly #undoing = new Undoing();

  constructor(paint: Paint, options: WordingOptions = {}) {
    this.#paint = paint;
    this.#options = options;
    this.flow = new FlowProgress(options.program);
  }

  notice(text: string): readonly string[] {
    return [this.#paint.dim(`· ${harmless(text)}`)];
  }

  /** The lines that an event adds to the log; none for most that only make sense together with a later one, and in loops of many items for what went well. */
  lines(event: RunEvent): readonly string[] {
    return this.tell(event).lines;
  }

  /** The same, and how many steps lie around what the event is about. */
  tell(event: RunEvent): { readonly lines: readonly string[]; readonly depth: number } {
    const place = this.flow.follow(event);
    const { collapsed, entered } = place;
    this.#undoing.follow(event, place.depth);
    const depth = ('agent' in event ? this.#undoing.of(event.agent ?? '')?.depth : undefined) ?? place.depth;
    // Most events of a large run: nothing is put into words that is not told.
    const lines = collapsed !== undefined && hides(event, collapsed) ? [] : this.#linesOf(event, place).map((line) => indent(depth) + line);
    if (collapsed !== undefined) return { depth, lines: [...lines, ...this.#progress(event, collapsed)] };
    if (entered === undefined) return { depth, lines };
    return { depth, lines: [`${indent(entered.depth)}${this.#decision(entered.path, entered.block)}`, ...lines] };
  }

  #linesOf(event: RunEvent, { own, found }: Place): readonly string[] {
    const { bold, dim, yellow } = this.#paint;
    switch (event.type) {
      case 'run.started': {
        const { program } = this.#options;
        // Without the program only the steps at the top are known.
        const count = program === undefined ? event.agents.length : [...listAgents(program)].length;
        return [`${bold(harmlessLine(event.ensemble))} ${dim(`· ${countOf(count, 'agent')} · run ${event.run}`)}`];
      }
      case 'run.resumed':
        return [dim(`· resumed, attempt ${event.attempt}`)];
      case 'run.waiting':
        return [`${yellow('⏸')} ${this.#name(event.agent)} ${waitingText(event)}`];
      case 'run.compensating': {
        const whose = event.agent === undefined ? '' : `${this.#name(event.agent)}  `;
        return [`${yellow('↩')} ${whose}undoing ${countOf(event.agents.length, 'agent')}: ${listNames(event.agents)}`];
      }
      case 'attempt.failed':
        if (event.retry_in_ms === undefined) return [];
        return [
          `${yellow('↻')} ${this.#name(event.agent)} ${dim(`attempt ${event.attempt} failed, next in ${formatDuration(event.retry_in_ms)}:`)} ${failureLine(event.failure)}`,
        ];
      case 'agent.finished':
        return [this.#finished(event)];
      case 'agent.failed':
        return [this.#failed(event)];
      case 'agent.skipped':
        return [dim(`○ ${harmlessLine(event.agent)}  skipped: ${harmlessLine(event.condition)} is ${sawText(event.saw)}`)];
      case 'step.started':
        if (event.kind === 'branch' || event.kind === 'switch') return [];
        return [`${dim('▸')} ${this.#name(event.step)}  ${dim(extentText({ kind: event.kind, total: own?.total }))}`];
      case 'step.decided':
        return this.#decided(event, own, found);
      case 'step.finished':
        return this.#stepFinished(event, own);
      case 'step.failed':
        return this.#stepFailed(event, own, found);
      case 'log': {
        const paint = this.#paint[LOG_PAINTS[event.level]];
        const bar = dim(`  ${harmlessLine(event.agent)} │`);
        return harmless(event.message)
          .split('\n')
          .map((line) => `${bar} ${paint(line)}`);
      }
      case 'warning': {
        const where = event.agent === undefined ? '' : ` ${harmlessLine(event.agent)}:`;
        return [`${yellow('!')}${where} ${harmlessLine(event.message)} ${dim(`[${harmlessLine(event.code)}]`)}`];
      }
      case 'state.set':
        this.#set.set(event.agent, Object.keys(event.values));
        return [];
      case 'state.committed':
        return event.merged ? [dim(`· another run had changed ${harmlessLine(event.scope)} meanwhile; the changes were merged`)] : [];
      case 'run.finished':
        return [this.#summary(event)];
      case 'run.forked':
        return [dim(`· forked from ${harmlessLine(event.from)} at ${harmlessLine(event.agent)}`)];
      case 'run.paused':
        return [
          `${yellow('⏸')} paused${event.reason === undefined ? '' : `: ${harmlessLine(event.reason)}`} ${dim(`(ensemble resume ${event.run})`)}`,
        ];
      case 'run.continued':
        return [dim('· goes on')];
      case 'run.answered': {
        const who = event.approver === undefined ? '' : ` by ${harmlessLine(event.approver)}`;
        return [dim(`· ${harmlessLine(event.agent)} was ${event.approved ? 'approved' : 'rejected'}${who}`)];
      }
      case 'run.signalled':
        return [dim(`· signal ${harmlessLine(event.name)}`)];
      case 'run.stopping':
      case 'agent.started':
      case 'attempt.started':
      case 'state.loaded':
      case 'state.failed':
      case 'value.drawn':
        return [];
      default:
        // An event of a newer version: nothing is known to say about it.
        event satisfies never;
        return [];
    }
  }

  #name(path: string): string {
    return this.#paint.bold(harmlessLine(path));
  }

  #facts(facts: readonly string[]): string {
    return this.#paint.dim(facts.join(' · '));
  }

  #finished(event: Event<'agent.finished'>): string {
    const { green } = this.#paint;
    const undoes = this.#takeUndone(event.agent);
    const facts = [formatDuration(event.duration_ms), ...agentFacts(event), ...this.#setFacts(event.agent), ...undoes];
    return `${green(undoes.length === 0 ? '✓' : '↩')} ${this.#name(event.agent)}  ${this.#facts(facts)}`;
  }

  #failed(event: Event<'agent.failed'>): string {
    const { dim, red, yellow } = this.#paint;
    const { agent, failure } = event;
    const duration = formatDuration(event.duration_ms);
    this.#set.delete(agent);
    const undoes = this.#takeUndone(agent);
    if (failure.code === 'CANCELLED') return dim(`■ ${harmlessLine(agent)}  cancelled after ${duration}`);
    // Of a compensation it means that the rest still runs: it stays undone all the same.
    const handled = undoes.length === 0 ? this.#handledText(event) : undefined;
    const facts = [duration, ...agentFacts(event), ...(handled === undefined ? [] : [handled]), ...undoes];
    return `${handled === undefined ? red('✗') : yellow('✗')} ${this.#name(agent)}  ${this.#facts(facts)}  ${failureLine(failure)}`;
  }

  #handledText({ agent, handled, failure }: Event<'agent.failed'>): string | undefined {
    if (handled) return 'handled';
    const { program } = this.#options;
    if (program === undefined || ENDS_ALL.test(failure.code)) return undefined;
    const by = handledBy(program, agent);
    return by === undefined ? undefined : `handled by ${harmlessLine(by)}`;
  }

  #takeUndone(agent: string): readonly string[] {
    const undone = this.#undoing.take(agent);
    return undone === undefined ? [] : [`undoes ${harmlessLine(undone.agent)}`];
  }

  #decision(path: string, text: string): string {
    return `${this.#paint.dim('→')} ${this.#name(path)}  ${text}`;
  }

  #decided({ step: path, took, saw, round }: Event<'step.decided'>, own: OpenFlow | undefined, found: Place['found']): readonly string[] {
    const seen = saw === undefined ? '' : this.#paint.dim(` · saw ${sawText(saw)}`);
    switch (own?.kind) {
      case 'branch':
        return [this.#decision(path, took + seen)];
      case 'switch':
        return [this.#decision(path, harmlessLine(took) + seen)];
      case 'try':
        // What it saw is the failure in the line above.
        return [this.#decision(path, took)];
      case 'parallel': {
        const step = found?.step;
        const branch = step?.type === 'parallel' ? step.steps[Number(took)]?.path : undefined;
        const how = step?.type === 'parallel' && step.waitFor === 'any' ? 'succeeded' : 'ended';
        return [this.#decision(path, `${harmlessLine(branch ?? `branch ${took}`)} ${how} first`)];
      }
      case 'foreach':
      case 'loop':
        return [this.#decision(path, `breaks off after [${round ?? '?'}]`)];
      default:
        // A while says how often it went round when it is over.
        return [];
    }
  }

  #stepFinished(event: Event<'step.finished'>, own: OpenFlow | undefined): readonly string[] {
    this.#set.delete(event.step);
    if (own === undefined || own.kind === 'branch' || own.kind === 'switch') return [];
    const facts = [formatDuration(event.duration_ms), ...endFacts(own, event.rounds)];
    return [`${this.#paint.green('✓')} ${this.#name(event.step)}  ${this.#facts(facts)}`];
  }

  #stepFailed(event: Event<'step.failed'>, own: OpenFlow | undefined, found: Place['found']): readonly string[] {
    const { dim, red, yellow } = this.#paint;
    this.#set.delete(event.step);
    if (event.failure.code === 'CANCELLED') {
      const facts = [`cancelled after ${formatDuration(event.duration_ms)}`, ...(own === undefined ? [] : progressFacts(own))];
      return [dim(`■ ${harmlessLine(event.step)}  ${facts.join(' · ')}`)];
    }
    const isLoop = own !== undefined && own.total !== undefined;
    // The agent's own line says it, just above.
    if (event.agent !== undefined && !event.handled && !isLoop) return [];
    const facts = [formatDuration(event.duration_ms), ...(isLoop ? progressFacts(own) : []), ...(event.handled ? ['handled'] : [])];
    // That no branch of a race succeeded is said nowhere else.
    const isRace = found?.step.type === 'parallel' && found.step.waitFor === 'any';
    const why = event.agent === undefined || isRace ? `  ${failureLine(event.failure)}` : '';
    return [`${event.handled ? yellow('✗') : red('✗')} ${this.#name(event.step)}  ${this.#facts(facts)}${why}`];
  }

  /** How far a loop of many items is, now and then. */
  #progress({ at }: RunEvent, flow: OpenFlow): readonly string[] {
    const { progressEveryMs } = this.#options;
    if (progressEveryMs === undefined || at - flow.toldAt < progressEveryMs) return [];
    flow.toldAt = at;
    return [`${indent(flow.depth)}${this.#paint.dim('·')} ${this.#name(flow.path)}  ${this.#facts(progressFacts(flow))}`];
  }

  #setFacts(agent: string): readonly string[] {
    const keys = this.#set.get(agent) ?? [];
    this.#set.delete(agent);
    return keys.length === 0 ? [] : [`set ${listNames(keys)}`];
  }

  #summary(event: Event<'run.finished'>): string {
    const { bold, dim, green, red, yellow } = this.#paint;
    const facts = dim([` in ${formatDuration(event.duration_ms)}`, countOf(event.steps, 'step'), ...usageFacts(event.usage)].join(' · '));
    if (event.status === 'succeeded') return `${green('✓')} ${bold('done')}${facts}`;
    return event.status === 'cancelled' ? `${yellow('■')} ${bold('cancelled')}${facts}` : `${red('✗')} ${bold('failed')}${facts}`;
  }
}

/** Two cells for each step around. */
export function indent(depth: number): string {
  return '  '.repeat(Math.min(depth, MOST_INDENT));
}

/** Whether an event in a loop of many items is only counted: all but failures, logs, what people are asked and the first warning of a kind. */
function hides(event: RunEvent, loop: OpenFlow): boolean {
  switch (event.type) {
    case 'log':
    case 'run.resumed':
    case 'run.paused':
    case 'run.continued':
      return false;
    case 'run.waiting':
      return event.reason === 'time';
    case 'agent.failed':
      return event.failure.code === 'CANCELLED';
    case 'step.failed':
      return event.agent !== undefined;
    case 'warning': {
      const kind = `${event.code} ${event.agent?.replaceAll(/\[\d+\]/g, '')}`;
      const told = loop.warned.has(kind);
      loop.warned.add(kind);
      return told;
    }
    default:
      return true;
  }
}
