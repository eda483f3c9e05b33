import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { formatTime } from './words.ts';

export interface SnapshotsOptions extends ScopeOptions {
  /** The one that is to go. */
  readonly delete?: string;
  readonly json?: boolean;
}

/** `ensemble state snapshots SCOPE`: those that are kept, newest first; `--delete` takes one away. */
export function showSnapshots(scope: string, options: SnapshotsOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withScope(scope, { options, io, openHost, mayBeNew: true }, async ({ host, address }) => {
    if (options.delete !== undefined) {
      await askState(host, { action: 'forget-snapshot', address, name: options.delete }, 'done');
      io.stderr.write(`deleted the snapshot ${harmlessLine(options.delete)} of ${harmlessLine(scope)}\n`);
      return EXIT.done;
    }
    const { snapshots } = await askState(host, { action: 'snapshots', address }, 'snapshots');
    if (options.json === true) printJson(snapshots, io);
    else if (snapshots.length === 0) io.stderr.write('There are no snapshots of it.\n');
    else {
      const rows = snapshots.map(({ name, at, keys, version }) => [
        harmlessLine(name),
        formatTime(at),
        String(keys),
        version === undefined ? '' : String(version),
      ]);
      io.stdout.write(`${alignColumns([['NAME', 'TAKEN', 'KEYS', 'VERSION'], ...rows]).join('\n')}\n`);
    }
    return EXIT.done;
  });
}
