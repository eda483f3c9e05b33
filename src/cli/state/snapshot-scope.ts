import { isSnapshotName, MAX_SNAPSHOT_NAME } from '../../program/snapshot-name.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { countKeys } from './words.ts';

export interface SnapshotOptions extends ScopeOptions {
  /** Absent = the time. */
  readonly name?: string;
  /** In place of an earlier one of the same name. */
  readonly replace?: boolean;
  readonly json?: boolean;
}

/** `ensemble state snapshot SCOPE`: keeps what the scope holds now under a name. */
export function snapshotScope(scope: string, options: SnapshotOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const name = options.name ?? new Date(io.now()).toISOString();
  if (!isSnapshotName(name)) throw new UsageProblem(`--name takes a text of 1 to ${MAX_SNAPSHOT_NAME} characters`);
  return withScope(scope, { options, io, openHost }, async ({ host, address }) => {
    const ask = { action: 'snapshot', address, name, replace: options.replace === true } as const;
    const { snapshot } = await askState(host, ask, 'snapshot');
    if (options.json === true) printJson(snapshot, io);
    else {
      io.stdout.write(`${harmlessLine(name)}\n`);
      io.stderr.write(`kept ${countKeys(snapshot.keys)} of ${harmlessLine(scope)}\n`);
    }
    return EXIT.done;
  });
}
