import type { JsonValue } from '../../program/json.ts';
import { setOwn } from '../../runtime/own-property.ts';
import { liveKeys } from '../../runtime/state/inspect/live-keys.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { showOutput } from '../run/show-output.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { selectKeys } from './select-keys.ts';
import { createCover, type RevealOption, wishOf } from './shown-value.ts';

export interface GetOptions extends ScopeOptions, RevealOption {
  readonly json?: boolean;
}

/** `ensemble state get SCOPE [KEY]`: the value of a key, or an object of those that match, or of all; what has expired is not there. */
export function getState(scope: string, text: string | undefined, options: GetOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withScope(scope, { options, io, openHost }, async ({ host, address, schema }) => {
    const { content, at } = await askState(host, { action: 'read', address, ...wishOf(options) }, 'content');
    const live = liveKeys(content, at, schema);
    const cover = createCover(schema, options);
    const keys = selectKeys([...live.keys()], text, scope);
    const shown = (key: string): JsonValue => cover(key, live.get(key)?.value ?? null);
    const [only] = keys;
    if (text !== undefined && keys.length === 1 && only === text) {
      if (options.json === true) printJson(shown(only), io);
      else showOutput(shown(only), io);
      return EXIT.done;
    }
    const values: { [key: string]: JsonValue } = {};
    for (const key of keys) setOwn(values, key, shown(key));
    printJson(values, io);
    return EXIT.done;
  });
}
