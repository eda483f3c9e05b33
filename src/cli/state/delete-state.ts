import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { selectKeys } from './select-keys.ts';
import { showEdited } from './show-edited.ts';

export interface DeleteOptions extends ScopeOptions {
  /** Every key. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `ensemble state delete SCOPE KEY …`: takes keys out in one commit; the history keeps what they held. */
export function deleteState(
  scope: string,
  texts: readonly string[],
  options: DeleteOptions,
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  if (texts.length === 0 && options.all !== true) throw new UsageProblem('say which keys to delete, or --all');
  if (texts.length > 0 && options.all === true) throw new UsageProblem('--all takes no keys');
  return withScope(scope, { options, io, openHost }, async ({ host, address }) => {
    const { content } = await askState(host, { action: 'read', address }, 'content');
    // What has expired is still stored, and can be deleted.
    const there = content.keys.map(({ key }) => key);
    const keys = new Set(options.all === true ? there : texts.flatMap((text) => selectKeys(there, text, scope)));
    const edits = [...keys].map((key) => ({ key, deleted: true }) as const);
    const reply = await askState(host, { action: 'edit', address, edits }, 'edited');
    if (options.json === true) printJson(reply, io);
    else showEdited('deleted', reply, address, io);
    return EXIT.done;
  });
}
