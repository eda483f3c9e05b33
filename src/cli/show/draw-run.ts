import type { Host } from '../../node/host.ts';
import { prettyJson } from '../pretty-json.ts';
import { MANY_ITERATIONS } from '../reporters/flow-progress.ts';
import { countOf, failureLine } from '../reporters/words.ts';
import { cellWidth } from '../terminal/fit-width.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { drawHead, drawWaiting } from './draw-head.ts';
import { hasTrouble, type NodeStatus, type RunNode } from './run-node.ts';
import type { RunTree } from './run-tree.ts';

const MOST_EARLIER = 3;
/** Lines of an output; `--json` has all of it. */
const MOST_OUTPUT_LINES = 200;
/** A tab stop more than the longest duration that is common. */
const LEAST_COLUMN = 6;

export interface DrawOptions {
  readonly paint: Paint;
  /** For the command lines that it shows; default: one that needs no options. */
  readonly host?: Pick<Host, 'flags'>;
  /** Epoch ms: until then a run that is not over has lasted. */
  readonly now: number;
  /** What is said of an agent below its line. */
  details?(path: string): readonly string[];
  /** What there is to say of the details, at the end. */
  readonly note?: string;
  /** How long the run has been silent although something is at work, ms; absent = it is not stuck. */
  readonly stalledForMs?: number | undefined;
}

/** One line, with the moment (epoch ms) that it is about. */
interface Line {
  readonly at?: number | undefined;
  readonly text: string;
}

/**
 * A run as text: what it was, then its tree, each agent and step with the time since the start at which it began; of loops with many items those in which
 * something failed.
 */
export function drawRun(tree: RunTree, options: DrawOptions): string {
  const { paint } = options;
  const lines = [...drawHead(tree, options), '', ...alignTimes(drawNodes(tree.children, '', options), tree, paint)];
  lines.push(...drawWaiting(tree, options), ...drawEnd(tree, paint), ...(options.note === undefined ? [] : ['', paint.dim(options.note)]));
  return `${lines.join('\n')}\n`;
}

function drawEnd({ finished }: RunTree, { red, dim }: Paint): readonly string[] {
  const failure = finished?.failure;
  if (failure !== undefined && finished?.status !== 'cancelled') {
    const where = finished?.agent === undefined ? [] : [`  in ${harmlessLine(finished.agent)}`];
    return ['', `${red(`error[${failure.code}]`)}: ${harmlessLine(failure.message)}`, ...where];
  }
  if (finished?.output === undefined) return [];
  const lines = harmlessJson(prettyJson(finished.output)).split('\n');
  const left = lines.length - MOST_OUTPUT_LINES;
  const [first = '', ...more] = lines.slice(0, MOST_OUTPUT_LINES);
  return ['', `${dim('output')} ${first}`, ...more, ...(left > 0 ? [dim(`… ${countOf(left, 'more line')}; --json has all of it`)] : [])];
}

/** Puts the time since the start before each line that has one. What a fork kept of another run has none: it was before. */
function alignTimes(lines: readonly Line[], { started }: RunTree, { dim }: Paint): readonly string[] {
  const times = lines.map(({ at }) => {
    if (at === undefined || started === undefined) return '';
    return at < started.at ? 'kept' : formatDuration(at - started.at);
  });
  const width = Math.max(LEAST_COLUMN, ...times.map(cellWidth));
  return lines.map(({ text }, i) => `${dim((times[i] ?? '').padStart(width))}  ${text}`);
}

function drawNodes(nodes: readonly RunNode[], margin: string, options: DrawOptions): readonly Line[] {
  const iterations = nodes.filter(({ kind, item }) => kind === 'iteration' || item !== undefined);
  if (iterations.length <= MANY_ITERATIONS)
    return nodes.flatMap((node, index) => drawNode(node, margin, index === nodes.length - 1, options));
  const kept = nodes.filter((node) => !iterations.includes(node) || hasTrouble(node));
  const left = nodes.length - kept.length;
  const rest = left === 0 ? [] : [{ text: `${margin}${options.paint.dim(`└─ ${countOf(left, 'iteration')} without a failure`)}` }];
  return [...kept.flatMap((node, index) => drawNode(node, margin, left === 0 && index === kept.length - 1, options)), ...rest];
}

function drawNode(node: RunNode, margin: string, isLast: boolean, options: DrawOptions): readonly Line[] {
  const { paint } = options;
  const inner = margin + (isLast ? '   ' : '│  ');
  const details = node.kind === 'agent' && node.status !== 'unreached' ? (options.details?.(node.name) ?? []) : [];
  const bar = node.children.length === 0 ? '   ' : '│  ';
  return [
    { at: node.at, text: `${paint.dim(margin + (isLast ? '└─ ' : '├─ '))}${nodeText(node, paint)}` },
    ...(options.details === undefined ? earlierLines(node, paint) : []).map(({ at, text }) => ({
      at,
      text: paint.dim(inner + bar) + text,
    })),
    ...details.map((text) => ({ text: paint.dim(inner + bar) + text })),
    ...drawNodes(node.children, inner, options),
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

function earlierLines({ earlier }: RunNode, { dim }: Paint): readonly Line[] {
  const told = earlier.slice(0, MOST_EARLIER);
  const more = earlier.length - told.length;
  return [
    ...told.map(({ failure, at }, index) => ({ at, text: dim(`attempt ${index + 1} failed  ${failureLine(failure)}`) })),
    ...(more > 0 ? [{ text: dim(`and ${countOf(more, 'attempt')} more`) }] : []),
  ];
}
