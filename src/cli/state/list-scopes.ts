import { matchesKeyPattern } from '../../runtime/state/inspect/key-pattern.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { askState } from './ask-state.ts';
import { formatTime } from './words.ts';

export interface ScopesOptions {
  readonly json?: boolean;
}

/** `ensemble state scopes [PATTERN]`: the scopes that are known, last used first. */
export function listScopes(pattern: string | undefined, options: ScopesOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const { scopes } = await askState(host, { action: 'scopes' }, 'scopes');
    const shown = scopes
      .filter(({ scope }) => pattern === undefined || scope === pattern || matchesKeyPattern(pattern, scope))
      .map(({ schema: _, ...scope }) => scope);
    if (options.json === true) printJson(shown, io);
    else if (shown.length === 0) io.stderr.write('No state that outlasts a run is known.\n');
    else {
      const rows = shown.map(({ scope, backend, binding = '', ensemble = '', last_at }) => [
        harmlessLine(scope),
        backend,
        harmlessLine(binding),
        harmlessLine(ensemble),
        last_at === undefined ? '' : formatTime(last_at),
      ]);
      io.stdout.write(`${alignColumns([['SCOPE', 'BACKEND', 'BINDING', 'ENSEMBLE', 'LAST USED'], ...rows]).join('\n')}\n`);
    }
    return EXIT.done;
  });
}
