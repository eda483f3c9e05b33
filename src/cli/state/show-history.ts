import { ProjectProblem } from '../../node/project-problem.ts';
import type { ScopeChange } from '../../program/state-calls.ts';
import { isKeyPattern, matchesKeyPattern } from '../../runtime/state/inspect/key-pattern.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { flatText } from '../history/cut-text.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { readHistory } from './read-history.ts';
import { createCover, type RevealOption, wishOf } from './shown-value.ts';
import { describeWriter, formatTime } from './words.ts';

export interface HistoryOptions extends ScopeOptions, RevealOption {
  /** The newest so many. */
  readonly limit?: number;
  readonly json?: boolean;
}

const VALUE_COLUMNS = 48;

/** `ensemble state history SCOPE [KEY]`: every value that the key had, oldest first, with who wrote it and how long it was valid. */
export function showHistory(
  scope: string,
  text: string | undefined,
  options: HistoryOptions,
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  return withScope(scope, { options, io, openHost }, async ({ host, address, schema }) => {
    const cover = createCover(schema, options);
    const pattern = text !== undefined && isKeyPattern(text) ? text : undefined;
    const range = { ...wishOf(options), ...(text === undefined || pattern !== undefined ? {} : { key: text }) };
    const changes: ScopeChange[] = [];
    for await (const change of readHistory(host, address, range)) {
      if (pattern !== undefined && !matchesKeyPattern(pattern, change.key)) continue;
      changes.push(change.value === undefined ? change : { ...change, value: cover(change.key, change.value) });
      if (options.limit !== undefined && changes.length > options.limit) changes.shift();
    }
    if (changes.length === 0 && text !== undefined && pattern === undefined) {
      throw new ProjectProblem(`the scope "${harmlessLine(scope)}" never had a key "${harmlessLine(text)}"`);
    }
    if (options.json === true) printJson(changes, io);
    else if (changes.length > 0) io.stdout.write(`${drawChanges(changes, io.now()).join('\n')}\n`);
    return EXIT.done;
  });
}

function drawChanges(changes: readonly ScopeChange[], now: number): readonly string[] {
  const rows = changes.map((change) => {
    const { version, key, value, at } = change;
    const shown = value === undefined ? '(deleted)' : flatText(value, VALUE_COLUMNS);
    return [String(version), formatTime(at), harmlessLine(key), shown, describeWriter(change), notesOf(change, now)];
  });
  return alignColumns([['VERSION', 'WRITTEN', 'KEY', 'VALUE', 'BY', 'NOTES'], ...rows]);
}

function notesOf({ tainted, valid_until, at }: ScopeChange, now: number): string {
  const validity =
    valid_until === undefined ? [] : [`valid for ${formatDuration(valid_until - at)}${now >= valid_until ? ', expired' : ''}`];
  return [...(tainted ? ['tainted'] : []), ...validity].join(', ');
}
