import type { Failure } from '../../program/failure.ts';
import type { RunEvent, Usage } from '../../program/run-event.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

/*
 * What reporters say, and nowhere else. All text that comes from files, data or servers passes `harmless`.
 */

const LOG_PAINTS = { debug: 'dim', info: 'reset', warn: 'yellow', error: 'red' } as const;
const KEPT_KEYS = 6;

/** Turns events into the lines of a log. Keeps what a later line needs: the state an agent set stands in the event before its last. */
export class Wording {
  readonly #paint: Paint;
  readonly #set = new Map<string, readonly string[]>();

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  notice(text: string): readonly string[] {
    return [this.#paint.dim(`· ${harmless(text)}`)];
  }

  /** The lines that an event adds to the log; none for most that only make sense together with a later one. */
  lines(event: RunEvent): readonly string[] {
    const { bold, dim, green, red, yellow } = this.#paint;
    switch (event.type) {
      case 'run.started': {
        const count = event.agents.length;
        return [`${bold(harmlessLine(event.ensemble))} ${dim(`· ${count} ${count === 1 ? 'agent' : 'agents'} · run ${event.run}`)}`];
      }
      case 'run.resumed':
        return [dim(`· resumed, attempt ${event.attempt}`)];
      case 'run.waiting':
        return [`${yellow('⏸')} ${bold(harmlessLine(event.agent))} ${waitingText(event)}`];
      case 'state.set':
        this.#set.set(event.agent, Object.keys(event.values));
        return [];
      case 'attempt.failed':
        if (event.retry_in_ms === undefined) return [];
        return [
          `${yellow('↻')} ${bold(harmlessLine(event.agent))} ${dim(`attempt ${event.attempt} failed, next in ${formatDuration(event.retry_in_ms)}:`)} ${failureLine(event.failure)}`,
        ];
      case 'agent.finished': {
        const facts = [
          formatDuration(event.duration_ms),
          ...(event.cached === true ? ['from the cache'] : []),
          ...(event.attempts > 1 ? [`${event.attempts} attempts`] : []),
          ...(event.response === undefined ? [] : [`HTTP ${event.response.status}`]),
          ...usageFacts(event.usage),
          ...this.#setFacts(event.agent),
        ];
        return [`${green('✓')} ${bold(harmlessLine(event.agent))}  ${dim(facts.join(' · '))}`];
      }
      case 'agent.failed': {
        const facts = [
          formatDuration(event.duration_ms),
          ...(event.attempts > 1 ? [`${event.attempts} attempts`] : []),
          ...(event.handled ? ['handled'] : []),
        ];
        const sign = event.handled ? yellow('✗') : red('✗');
        return [`${sign} ${bold(harmlessLine(event.agent))}  ${dim(facts.join(' · '))}  ${failureLine(event.failure)}`];
      }
      case 'agent.skipped':
        return [dim(`○ ${harmlessLine(event.agent)}  skipped: ${harmlessLine(event.condition)} is ${sawText(event.saw)}`)];
      case 'log': {
        const paint = this.#paint[LOG_PAINTS[event.level]];
        const bar = dim(`  ${harmlessLine(event.agent)} │`);
        return harmless(event.message)
          .split('\n')
          .map((line) => `${bar} ${paint(line)}`);
      }
      case 'warning': {
        const where = event.agent === undefined ? '' : ` ${harmlessLine(event.agent)}:`;
        return [`${yellow('!')}${where} ${harmlessLine(event.message)} ${dim(`[${event.code}]`)}`];
      }
      case 'state.committed':
        return event.merged ? [dim(`· another run had changed ${harmlessLine(event.scope)} meanwhile; the changes were merged`)] : [];
      case 'run.finished':
        return [this.#summary(event)];
      case 'agent.started':
      case 'attempt.started':
      case 'state.loaded':
      case 'step.started':
      case 'step.decided':
      case 'step.finished':
      case 'step.failed':
      case 'run.compensating':
        return [];
      default:
        // An event of a newer version: nothing is known to say about it.
        event satisfies never;
        return [];
    }
  }

  #setFacts(agent: string): string[] {
    const keys = this.#set.get(agent) ?? [];
    this.#set.delete(agent);
    if (keys.length === 0) return [];
    const more = keys.length > KEPT_KEYS ? ` and ${keys.length - KEPT_KEYS} more` : '';
    return [`set ${keys.slice(0, KEPT_KEYS).map(harmlessLine).join(', ')}${more}`];
  }

  #summary(event: Extract<RunEvent, { type: 'run.finished' }>): string {
    const { bold, dim, green, red, yellow } = this.#paint;
    const facts = dim(
      [
        ` in ${formatDuration(event.duration_ms)}`,
        `${event.steps} ${event.steps === 1 ? 'step' : 'steps'}`,
        ...usageFacts(event.usage),
      ].join(' · '),
    );
    if (event.status === 'succeeded') return `${green('✓')} ${bold('done')}${facts}`;
    return event.status === 'cancelled' ? `${yellow('■')} ${bold('cancelled')}${facts}` : `${red('✗')} ${bold('failed')}${facts}`;
  }
}

/** `HTTP_STATUS: GET https://… answered 500`, on one line. */
export function failureLine({ code, message }: Failure): string {
  return `${code}: ${harmlessLine(message)}`;
}

function waitingText(event: Extract<RunEvent, { type: 'run.waiting' }>): string {
  if (event.reason === 'approval') return `waits for an approval${event.prompt === undefined ? '' : `: ${harmlessLine(event.prompt)}`}`;
  if (event.until !== undefined) return `waits until ${new Date(event.until).toISOString()}`;
  return 'waits';
}

function sawText(saw: unknown): string {
  if (saw === '') return 'empty';
  return saw === null ? 'missing' : harmlessLine(JSON.stringify(saw) ?? 'missing');
}

function usageFacts(usage: Usage | undefined): string[] {
  if (usage === undefined) return [];
  const tokens = `${(usage.input_tokens + usage.output_tokens).toLocaleString('en-US')} tokens`;
  return usage.cost_usd === undefined ? [tokens] : [tokens, `$${usage.cost_usd.toFixed(4)}`];
}
