import type { JsonValue } from '../../program/json.ts';
import { type Extent, flatText, valueLines } from '../history/cut-text.ts';
import { agentFacts, failureLine, sawText, waitingText } from '../reporters/words.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import type { AgentDetails, StateChange } from './agent-details.ts';
import type { GivenToAgent } from './given-to-agent.ts';

/** Lines that agents logged which are shown of one; `ensemble logs` has all of them. */
const MOST_LOGS = 50;

export interface DetailsView {
  readonly paint: Paint;
  /** Of one value. */
  readonly extent: Extent;
  /** Epoch ms of the run's start. */
  readonly startedAt: number;
  readonly given: GivenToAgent;
  /** It stands below a line that says how the agent ended. */
  readonly inTree: boolean;
}

/** What happened to one agent, in lines without a margin: what it was given, its tries, what it gave, logged and set. */
export function drawDetails(details: AgentDetails, view: DetailsView): readonly string[] {
  const { end } = details;
  const { input, config, reads, problem } = view.given;
  return [
    ...(end?.type === 'agent.skipped' && !view.inTree ? [`skipped  ${harmlessLine(end.condition)} is ${sawText(end.saw)}`] : []),
    ...valueBlock('input', input, view),
    ...valueBlock('config', config, view),
    ...valueBlock('reads', reads, view),
    ...(problem === undefined ? [] : [`${view.paint.dim('input')}  cannot be worked out: ${harmlessLine(problem)}`]),
    // The last one's failure is that of the agent.
    ...details.attempts.filter(({ retry_in_ms }) => retry_in_ms !== undefined).map((attempt) => attemptLine(attempt, view)),
    ...waitLines(details, view),
    ...endLines(details, view),
    ...changeLines(details.changes, view),
    ...logLines(details, view),
  ];
}

/** `finished after 12 ms · HTTP 200`: how it ended, or that it has not. */
export function endText({ started, end }: AgentDetails, startedAt: number): string {
  const begun = started === undefined ? [] : [`began after ${formatDuration(Math.max(0, started.at - startedAt))}`];
  if (end === undefined) return ['at work', ...begun].join(' · ');
  if (end.type === 'agent.skipped') return `skipped after ${formatDuration(Math.max(0, end.at - startedAt))}`;
  const how = end.type === 'agent.finished' ? 'finished' : end.stopped === true ? 'stopped' : end.handled ? 'failed, handled' : 'failed';
  const tainted = end.tainted ? ['tainted'] : [];
  return [how, ...begun, `took ${formatDuration(end.duration_ms)}`, ...agentFacts(end), ...tainted].join(' · ');
}

function valueBlock(name: string, value: JsonValue | undefined, { paint, extent }: DetailsView): readonly string[] {
  if (value === undefined) return [];
  const [first = '', ...more] = valueLines(value, extent);
  return [`${paint.dim(name)}  ${first}`, ...more];
}

function attemptLine({ at, attempt, failure, retry_in_ms }: AgentDetails['attempts'][number], { paint, startedAt }: DetailsView): string {
  const next = retry_in_ms === undefined ? '' : `, next in ${formatDuration(retry_in_ms)}`;
  const when = formatDuration(Math.max(0, at - startedAt));
  return `${paint.yellow(`attempt ${attempt} failed`)} ${paint.dim(`after ${when}${next}`)}  ${failureLine(failure)}`;
}

function waitLines({ waited, end }: AgentDetails, { paint }: DetailsView): readonly string[] {
  return waited.map((event) => {
    if (event.type === 'run.waiting') return `${paint.yellow(end === undefined ? 'waits' : 'waited')}  ${waitingText(event)}`;
    const who = event.approver === undefined ? '' : ` by ${harmlessLine(event.approver)}`;
    const said = event.feedback === undefined ? '' : `: ${harmlessLine(event.feedback)}`;
    return `${event.approved ? 'approved' : 'rejected'}${who}${said}`;
  });
}

function endLines({ end }: AgentDetails, view: DetailsView): readonly string[] {
  if (end === undefined || end.type === 'agent.skipped') return [];
  if (end.type === 'agent.finished') return valueBlock('output', end.output, view);
  const { failure } = end;
  const error = view.inTree ? [] : [`${view.paint.red('error')}  ${failureLine(failure)}`];
  return [...error, ...valueBlock('details', failure.details, view)];
}

function changeLines(changes: readonly StateChange[], { paint, extent }: DetailsView): readonly string[] {
  const text = (value: JsonValue | undefined) => (value === undefined ? '(not set)' : flatText(value, extent.columns));
  return changes.map(
    ({ key, before, after, tainted }) =>
      `${paint.dim('state')}  ${harmlessLine(key)}: ${text(before)} → ${text(after)}${tainted ? paint.dim(' · tainted') : ''}`,
  );
}

function logLines({ told }: AgentDetails, { paint, startedAt }: DetailsView): readonly string[] {
  const left = told.length - MOST_LOGS;
  const lines = told.slice(0, MOST_LOGS).map((event) => {
    const when = paint.dim(formatDuration(Math.max(0, event.at - startedAt)));
    return `${paint.dim('log')}  ${when}  ${event.type === 'log' ? event.level : 'warn'}  ${harmlessLine(harmless(event.message))}`;
  });
  return left <= 0 ? lines : [...lines, `… ${left.toLocaleString('en-US')} more; ensemble logs has them`];
}
