import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { JsonValue } from '../../program/json.ts';
import type { ScopeAddress, ScopeKeyPlan, ScopeSchema } from '../../program/state-calls.ts';
import { setOwn } from '../../runtime/own-property.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { checkValues, readValues } from './read-values.ts';
import { showEdited } from './show-edited.ts';

export interface SetOptions extends ScopeOptions {
  /** An object of keys and values, `@file`, or `-` for stdin. */
  readonly values?: string;
  /** Only if that is still the scope's version. */
  readonly ifVersion?: number;
  /** False: what the ensemble declares is not asked. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `ensemble state set SCOPE key=value …`: writes keys in one commit, as a run would. */
export function setState(scope: string, pairs: readonly string[], options: SetOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  if (pairs.length === 0 && options.values === undefined)
    throw new UsageProblem('there is nothing to set: give key=value, key:=json or --values OBJECT');
  return withScope(scope, { options, io, openHost, mayBeNew: true }, async ({ host, address, exists, schema, ensemble }) => {
    const types = schema ?? (pairs.length > 0 && exists ? await typesOfPresent(host, address) : undefined);
    const values = await readValues(pairs, options.values, types, io);
    const edits = checkValues(values, options.check === false ? undefined : schema, io.now());
    const reply = await host.call('state', {
      action: 'edit',
      address,
      edits,
      ...(options.ifVersion === undefined ? {} : { version: options.ifVersion }),
      ...(ensemble === undefined ? {} : { ensemble }),
      ...(schema === undefined ? {} : { schema }),
    });
    if (reply.type === 'conflict') {
      throw new ProjectProblem(`the scope has version ${reply.version} by now, not ${options.ifVersion}. Nothing was written`);
    }
    if (reply.type === 'refused') throw new ProjectProblem(reply.message);
    if (options.json === true) printJson(reply, io);
    else if (reply.type === 'edited') showEdited('set', reply, address, io);
    return EXIT.done;
  });
}

/** Where no ensemble says what type a key has, what it holds does: `total=10` stays a number. */
async function typesOfPresent(host: Host, address: ScopeAddress): Promise<ScopeSchema> {
  // A deployed Worker shows its secrets to nobody: what stands in place of one is a text.
  const wish = host.origin === undefined ? { reveal: true } : {};
  const { content } = await askState(host, { action: 'read', address, ...wish }, 'content');
  const types: { [key: string]: ScopeKeyPlan } = {};
  for (const { key, value } of content.keys) setOwn(types, key, { schema: { type: typeOf(value) }, secret: false });
  return types;
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'string';
  return Array.isArray(value) ? 'array' : typeof value;
}
