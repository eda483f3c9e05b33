import type { Host } from '../../node/host.ts';
import { countOf, sawText, usageFacts, waitingText } from '../reporters/words.ts';
import { commandOn } from '../run/command-on.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import type { RunTree } from './run-tree.ts';

interface HeadOptions {
  readonly paint: Paint;
  readonly now: number;
  readonly stalledForMs?: number | undefined;
}

/** What a run was, how it stands, and what it came from; `now` and `stalledForMs` as `drawRun` takes them. */
export function drawHead(tree: RunTree, { paint, now, stalledForMs }: HeadOptions): readonly string[] {
  const { bold, dim, red } = paint;
  const { started, forked, resumed } = tree;
  return [
    `${bold(harmlessLine(started?.ensemble ?? 'run'))}  ${headline(tree, now, paint)}`,
    ...(stalledForMs === undefined
      ? []
      : [red(`stalled: something is at work, and nothing has happened for ${formatDuration(stalledForMs)}`)]),
    ...(started === undefined ? [] : [dim(`run ${started.run} of ${harmlessLine(started.file)}, ${new Date(started.at).toISOString()}`)]),
    ...(forked === undefined
      ? []
      : [dim(`forked from ${harmlessLine(forked.from)} at ${harmlessLine(forked.agent)}${setText(forked.values)}`)]),
    // A fork begins as a run that is resumed for the first time.
    ...(resumed === undefined || resumed.attempt === 1 ? [] : [dim(resumedText(resumed))]),
    ...(started === undefined ? [] : [dim(`input ${sawText(started.input)}`)]),
  ];
}

function setText(values: Readonly<Record<string, unknown>> | undefined): string {
  const keys = Object.keys(values ?? {});
  return keys.length === 0 ? '' : `, with ${keys.map(harmlessLine).join(', ')} set`;
}

function resumedText({ attempt, at, program }: NonNullable<RunTree['resumed']>): string {
  const changed = program === undefined ? '' : ', with a changed file';
  return `resumed ${new Date(at).toISOString()}, attempt ${attempt}${changed}`;
}

function headline({ started, finished, waiting, paused, lastAt }: RunTree, now: number, { green, red, yellow, dim }: Paint): string {
  if (finished !== undefined) {
    const paint = { succeeded: green, failed: red, cancelled: yellow }[finished.status];
    const facts = [countOf(finished.steps, 'step'), ...usageFacts(finished.usage)].join(' · ');
    return `${paint(finished.status)} ${dim(`in ${formatDuration(finished.duration_ms)} · ${facts}`)}`;
  }
  if (paused !== undefined) return `${yellow('paused')}${paused.reason === undefined ? '' : dim(` · ${harmlessLine(paused.reason)}`)}`;
  const [first, ...others] = waiting;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${others.length} more wait`;
    return `${yellow('waiting')} ${dim(`· ${harmlessLine(first.agent)} ${waitingText(first)}${more}`)}`;
  }
  const passed = started === undefined ? '' : ` for ${formatDuration(Math.max(now, lastAt) - started.at)}`;
  return `${yellow('running')}${dim(passed)}`;
}

/** How people make a run go on that waits for them; empty for one that does not. */
export function drawWaiting(
  { started, finished, waiting, paused }: RunTree,
  { paint: { dim }, host = {} }: { readonly paint: Paint; readonly host?: Pick<Host, 'flags'> },
): readonly string[] {
  if (finished !== undefined || started === undefined) return [];
  const { run } = started;
  const lines = waiting.flatMap(({ agent, reason, signal, until, approvers }) => {
    const name = quoted(harmlessLine(agent));
    const late = until === undefined ? '' : dim(` until ${new Date(until).toISOString()}`);
    const who = approvers === undefined ? '' : dim(` by ${approvers.map(harmlessLine).join(', ')}`);
    if (reason === 'approval')
      return ['approve', 'reject'].map((answer) => `  ${commandOn(host, `${answer} ${run} ${name}`)}${who}${late}`);
    return reason === 'signal' && signal !== undefined
      ? [`  ${commandOn(host, `signal ${run} ${quoted(harmlessLine(signal))}`)}${late}`]
      : [];
  });
  const resume = paused === undefined ? [] : [`  ${commandOn(host, `resume ${run}`)}`];
  return lines.length + resume.length === 0 ? [] : ['', dim('it goes on with'), ...lines, ...resume];
}

/** A name as a shell takes it for one word. */
function quoted(name: string): string {
  return /^[\w./:@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
