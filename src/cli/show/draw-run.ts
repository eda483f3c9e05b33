import { MANY_ITERATIONS } from '../reporters/flow-progress.ts';
import { countOf, failureLine, sawText, usageFacts, waitingText } from '../reporters/words.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { hasTrouble, type NodeStatus, type RunNode } from './run-node.ts';
import type { RunTree } from './run-tree.ts';

const MOST_EARLIER = 3;

/** A run as text: what it was, then its tree; of loops with many items those in which something failed. */
export function drawRun(tree: RunTree, paint: Paint): string {
  const { bold, dim } = paint;
  const { started, finished } = tree;
  const lines = [
    `${bold(harmlessLine(started?.ensemble ?? 'run'))}  ${headline(tree, paint)}`,
    ...(started === undefined ? [] : [dim(`run ${started.run} of ${harmlessLine(started.file)}, ${new Date(started.at).toISOString()}`)]),
    ...(started === undefined ? [] : [dim(`input ${sawText(started.input)}`)]),
    '',
    ...drawNodes(tree.children, '', paint),
  ];
  const failure = finished?.failure;
  if (failure !== undefined && finished?.status !== 'cancelled') {
    lines.push('', `${paint.red(`error[${failure.code}]`)}: ${harmlessLine(failure.message)}`);
    if (finished?.agent !== undefined) lines.push(`  in ${harmlessLine(finished.agent)}`);
  } else if (finished?.output !== undefined) lines.push('', `${dim('output')} ${harmlessJson(JSON.stringify(finished.output, null, 2))}`);
  return `${lines.join('\n')}\n`;
}

function headline({ started, finished, waiting, lastAt }: RunTree, { green, red, yellow, dim }: Paint): string {
  if (finished !== undefined) {
    const paint = { succeeded: green, failed: red, cancelled: yellow }[finished.status];
    const facts = [countOf(finished.steps, 'step'), ...usageFacts(finished.usage)].join(' · ');
    return `${paint(finished.status)} ${dim(`in ${formatDuration(finished.duration_ms)} · ${facts}`)}`;
  }
  if (waiting !== undefined) return `${yellow('waiting')} ${dim(`· ${harmlessLine(waiting.agent)} ${waitingText(waiting)}`)}`;
  const passed = started === undefined ? '' : ` for ${formatDuration(lastAt - started.at)}`;
  return `${yellow('running')}${dim(passed)}`;
}

function drawNodes(nodes: readonly RunNode[], margin: string, paint: Paint): readonly string[] {
  const iterations = nodes.filter(({ kind, item }) => kind === 'iteration' || item !== undefined);
  if (iterations.length <= MANY_ITERATIONS)
    return nodes.flatMap((node, index) => drawNode(node, margin, index === nodes.length - 1, paint));
  const kept = nodes.filter((node) => !iterations.includes(node) || hasTrouble(node));
  const left = nodes.length - kept.length;
  const rest = left === 0 ? [] : [`${margin}${paint.dim(`└─ ${countOf(left, 'iteration')} without a failure`)}`];
  return [...kept.flatMap((node, index) => drawNode(node, margin, left === 0 && index === kept.length - 1, paint)), ...rest];
}

function drawNode(node: RunNode, margin: string, isLast: boolean, paint: Paint): readonly string[] {
  const inner = margin + (isLast ? '   ' : '│  ');
  return [
    `${paint.dim(margin + (isLast ? '└─ ' : '├─ '))}${nodeText(node, paint)}`,
    ...earlierLines(node, paint).map((line) => paint.dim(inner) + line),
    ...drawNodes(node.children, inner, paint),
  ];
}

const SIGNS: Readonly<Record<NodeStatus, { readonly sign: string; readonly paint: 'green' | 'red' | 'yellow' | 'dim' }>> = {
  running: { sign: '…', paint: 'yellow' },
  done: { sign: '✓', paint: 'green' },
  decided: { sign: '→', paint: 'dim' },
  failed: { sign: '✗', paint: 'red' },
  handled: { sign: '✗', paint: 'yellow' },
  cancelled: { sign: '■', paint: 'dim' },
  skipped: { sign: '○', paint: 'dim' },
  undone: { sign: '↩', paint: 'green' },
  interrupted: { sign: '!', paint: 'red' },
  unreached: { sign: '·', paint: 'dim' },
  none: { sign: '', paint: 'dim' },
};
const SAID: Readonly<Partial<Record<NodeStatus, string>>> = { running: 'at work', interrupted: 'cut short', unreached: 'not reached' };

function nodeText({ kind, name, item, status, facts, failure }: RunNode, paint: Paint): string {
  const { dim, bold } = paint;
  const { sign, paint: colour } = SIGNS[status];
  const said = SAID[status];
  const all = [...(said === undefined ? [] : [said]), ...facts];
  const label = kind === 'agent' || kind === 'step' ? bold(harmlessLine(shortName(name, item))) : harmlessLine(name);
  return [
    ...(sign === '' ? [] : [`${paint[colour](sign)} `]),
    label,
    ...(all.length === 0 ? [] : [`  ${dim(all.join(' · '))}`]),
    ...(item === undefined || item === '' ? [] : [`  ${dim(item)}`]),
    ...(failure === undefined ? [] : [`  ${failureLine(failure)}`]),
  ].join('');
}

/** The tree says what it lies in; only the agent of a `loop` stands for an iteration itself. */
function shortName(path: string, item: string | undefined): string {
  const [name = '', ...positions] = path.slice(path.lastIndexOf('/') + 1).split('[');
  return item === undefined ? name : `${name}[${positions.at(-1) ?? ''}`;
}

function earlierLines({ earlier, children }: RunNode, paint: Paint): readonly string[] {
  const bar = children.length === 0 ? '   ' : '│  ';
  const told = earlier.slice(0, MOST_EARLIER).map((failure, index) => `attempt ${index + 1} failed  ${failureLine(failure)}`);
  const more = earlier.length - told.length;
  return [...told, ...(more > 0 ? [`and ${countOf(more, 'attempt')} more`] : [])].map((line) => paint.dim(`${bar}${line}`));
}
