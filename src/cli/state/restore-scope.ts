import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { ScopeAddress, ScopePoint } from '../../program/state-calls.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { readPoint } from './read-point.ts';
import { showEdited } from './show-edited.ts';

export interface RestoreOptions extends ScopeOptions {
  /** A snapshot. Absent = the newest. */
  readonly name?: string;
  /** A point of the scope's own history instead. */
  readonly to?: string;
  readonly json?: boolean;
}

/** `ensemble state restore SCOPE`: makes the scope what a snapshot says, or what it was at a point, in one commit. */
export function restoreScope(scope: string, options: RestoreOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  if (options.name !== undefined && options.to !== undefined)
    throw new UsageProblem('--name and --to are two ways to say what to restore: give one');
  return withScope(scope, { options, io, openHost, mayBeNew: true }, async ({ host, address }) => {
    const point =
      options.to === undefined
        ? await findSnapshot(host, address, options.name)
        : await readPoint('--to', options.to, 'before-run', host, io.now());
    const reply = await askState(host, { action: 'restore', address, point }, 'edited');
    if (options.json === true) {
      printJson(reply, io);
      return EXIT.done;
    }
    if (reply.keys.length === 0) io.stderr.write(`${harmlessLine(scope)} is as it was then: nothing to do\n`);
    else {
      showEdited('restored', reply, address, io);
      if (reply.version !== undefined) io.stderr.write(`ensemble state restore … --to ${reply.version - 1} undoes it.\n`);
    }
    return EXIT.done;
  });
}

async function findSnapshot(host: Host, address: ScopeAddress, name: string | undefined): Promise<ScopePoint> {
  if (name !== undefined) return { type: 'snapshot', name };
  const { snapshots } = await askState(host, { action: 'snapshots', address }, 'snapshots');
  const [newest] = snapshots;
  if (newest !== undefined) return { type: 'snapshot', name: newest.name };
  throw new ProjectProblem(`there are no snapshots of the scope "${harmlessLine(address.scope)}"`);
}
