import type { JsonValue } from '../../program/json.ts';
import type { ScopeAddress, ScopeSchema } from '../../program/state-calls.ts';
import { diffScope, type KeyDifference, type ScopeMoment, writtenBetween } from '../../runtime/state/inspect/diff-scope.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { flatText } from '../history/cut-text.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { readSpan } from '../runs/read-moment.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { readPoint } from './read-point.ts';
import { createCover, type RevealOption, wishOf } from './shown-value.ts';
import { describeWriter, formatTime } from './words.ts';

export interface ScopeDiffOptions extends ScopeOptions, RevealOption {
  readonly since?: string;
  readonly until?: string;
  /** Keys that are expected to be set, by commas. Absent = those of the schema. */
  readonly expect?: string;
  readonly stalledAfter?: string;
  readonly json?: boolean;
}

const DEFAULT_STALLED_AFTER = '10m';
const VALUE_COLUMNS = 40;
const KINDS = ['created', 'updated', 'deleted', 'expired'] as const;

/** What `state diff --json` prints. */
interface ScopeDiff extends ScopeAddress {
  readonly since: Moment;
  readonly until: Moment;
  readonly created: readonly ShownDifference[];
  readonly updated: readonly ShownDifference[];
  readonly deleted: readonly ShownDifference[];
  readonly expired: readonly ShownDifference[];
  readonly last_change_at?: number;
  /** Nothing was written for so long, and not all that is expected is there. */
  readonly stalled?: boolean;
  readonly progress?: { readonly done: number; readonly expected: number; readonly missing: readonly string[] };
}

interface Moment {
  readonly at: number;
  readonly version?: number;
}

interface ShownDifference {
  readonly key: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly run?: string;
  readonly agent?: string;
  readonly attempt?: number;
}

/** `ensemble state diff SCOPE --since …`: what changed between two points, whether it still moves, and how far it got. */
export function showScopeDiff(scope: string, options: ScopeDiffOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const { since: from } = options;
  if (from === undefined) throw new UsageProblem('--since says from where: 1h, a time, a version, a run or snapshot:NAME');
  const stalledAfterMs = readSpan('--stalled-after', options.stalledAfter ?? DEFAULT_STALLED_AFTER);
  return withScope(scope, { options, io, openHost }, async ({ host, address, schema }) => {
    const now = io.now();
    const since = await askState(
      host,
      { action: 'read', address, ...wishOf(options), point: await readPoint('--since', from, 'before-run', host, now) },
      'content',
    );
    const point = options.until === undefined ? {} : { point: await readPoint('--until', options.until, 'after-run', host, now) };
    const until = await askState(host, { action: 'read', address, ...wishOf(options), ...point }, 'content');
    const diff = buildDiff({ address, since, until, schema, stalledAfterMs }, options);
    if (options.json === true) printJson(diff, io);
    else io.stdout.write(`${drawDiff(diff).join('\n')}\n`);
    return EXIT.done;
  });
}

interface DiffSource {
  readonly address: ScopeAddress;
  readonly since: ScopeMoment;
  readonly until: ScopeMoment;
  readonly schema: ScopeSchema | undefined;
  readonly stalledAfterMs: number;
}

function buildDiff({ address, since, until, schema, stalledAfterMs }: DiffSource, options: ScopeDiffOptions): ScopeDiff {
  const cover = createCover(schema, options);
  const differences = diffScope(since, until, schema);
  const of = (type: KeyDifference['type']) =>
    differences.filter((difference) => difference.type === type).map((one) => toShown(one, cover));
  const progress = measureProgress(since, until, options.expect?.split(',') ?? Object.keys(schema ?? {}));
  const { committed_at } = until.content;
  const isDone = progress?.missing.length === 0;
  return {
    ...address,
    since: toMoment(since),
    until: toMoment(until),
    created: of('created'),
    updated: of('updated'),
    deleted: of('deleted'),
    expired: of('expired'),
    ...(committed_at === undefined ? {} : { last_change_at: committed_at, stalled: !isDone && until.at - committed_at >= stalledAfterMs }),
    ...(progress === undefined ? {} : { progress }),
  };
}

function measureProgress(since: ScopeMoment, until: ScopeMoment, expected: readonly string[]): ScopeDiff['progress'] {
  if (expected.length === 0) return undefined;
  const written = writtenBetween(since, until);
  const missing = expected.filter((key) => !written.has(key));
  return { done: expected.length - missing.length, expected: expected.length, missing };
}

function toMoment({ at, content: { version } }: ScopeMoment): Moment {
  return { at, ...(version === undefined ? {} : { version }) };
}

function toShown({ key, before, after }: KeyDifference, cover: (key: string, value: JsonValue) => JsonValue): ShownDifference {
  const { run, agent, attempt } = after ?? {};
  return {
    key,
    ...(before === undefined ? {} : { before: cover(key, before.value) }),
    ...(after === undefined ? {} : { after: cover(key, after.value) }),
    ...(run === undefined ? {} : { run }),
    ...(agent === undefined ? {} : { agent }),
    ...(attempt === undefined ? {} : { attempt }),
  };
}

function drawDiff(diff: ScopeDiff): readonly string[] {
  const rows = KINDS.flatMap((kind) => diff[kind].map((one) => [kind, harmlessLine(one.key), describeChange(one), describeWriter(one)]));
  const { since, until, progress, last_change_at, stalled } = diff;
  const lines = [
    `from ${describeMoment(since)} to ${describeMoment(until)}`,
    ...(rows.length === 0 ? ['nothing changed'] : alignColumns(rows)),
  ];
  if (progress !== undefined) lines.push(`progress: ${progress.done} of ${progress.expected}${missingText(progress.missing)}`);
  if (last_change_at !== undefined) {
    const ago = formatDuration(Math.max(0, until.at - last_change_at));
    lines.push(`last change: ${formatTime(last_change_at)}, ${ago} before${stalled === true ? ': stalled' : ''}`);
  }
  return lines;
}

const MOST_MISSING = 10;

function missingText(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  const more = missing.length > MOST_MISSING ? ', …' : '';
  return `, missing ${missing.slice(0, MOST_MISSING).map(harmlessLine).join(', ')}${more}`;
}

function describeMoment({ at, version }: Moment): string {
  return version === undefined ? formatTime(at) : `version ${version} (${formatTime(at)})`;
}

function describeChange({ before, after }: ShownDifference): string {
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : flatText(value, VALUE_COLUMNS)));
  if (old === undefined) return now ?? '';
  return now === undefined ? old : `${old} → ${now}`;
}
