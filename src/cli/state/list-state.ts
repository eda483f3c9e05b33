import type { ScopeKey, ScopeSchema } from '../../program/state-calls.ts';
import { expiryOf, liveKeys } from '../../runtime/state/inspect/live-keys.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { flatText } from '../history/cut-text.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { selectKeys } from './select-keys.ts';
import { createCover, type RevealOption, wishOf } from './shown-value.ts';
import { describeWriter, formatTime } from './words.ts';

export interface ListOptions extends ScopeOptions, RevealOption {
  readonly json?: boolean;
}

const VALUE_COLUMNS = 48;

/** `ensemble state list SCOPE [PATTERN]`: the keys with their values and who wrote them when. */
export function listState(scope: string, text: string | undefined, options: ListOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withScope(scope, { options, io, openHost }, async ({ host, address, schema }) => {
    const { content, at } = await askState(host, { action: 'read', address, ...wishOf(options) }, 'content');
    const live = liveKeys(content, at, schema);
    const cover = createCover(schema, options);
    const entries = selectKeys([...live.keys()], text, scope).flatMap((key): readonly ScopeKey[] => {
      const entry = live.get(key);
      return entry === undefined ? [] : [{ ...entry, value: cover(key, entry.value) }];
    });
    if (options.json === true) printJson(entries, io);
    else if (entries.length > 0) io.stdout.write(`${drawKeys(entries, schema, at).join('\n')}\n`);
    else io.stderr.write('There are no such keys.\n');
    return EXIT.done;
  });
}

function drawKeys(entries: readonly ScopeKey[], schema: ScopeSchema | undefined, now: number): readonly string[] {
  const rows = entries.map((entry) => {
    const end = expiryOf(entry, schema);
    const notes = [...(entry.tainted ? ['tainted'] : []), ...(end === undefined ? [] : [`expires in ${formatDuration(end - now)}`])];
    const { key, value, at } = entry;
    return [
      harmlessLine(key),
      flatText(value, VALUE_COLUMNS),
      at === undefined ? '' : formatTime(at),
      describeWriter(entry),
      notes.join(', '),
    ];
  });
  return alignColumns([['KEY', 'VALUE', 'WRITTEN', 'BY', 'NOTES'], ...rows]);
}
