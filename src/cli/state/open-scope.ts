import type { Host } from '../../node/host.ts';
import type { LastingBackend, ScopeAddress, ScopePlace, ScopeSchema, ScopeSummary } from '../../program/state-calls.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { loadProgram } from '../run/load-program.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { type HostUse, withHost } from '../run/with-host.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askState } from './ask-state.ts';
import { describePlace } from './describe-place.ts';
import { type PlannedScope, planOfScope } from './plan-of-scope.ts';
import { programNeeding } from './program-needing.ts';

/** What every command about one scope takes beside its name. */
export interface ScopeOptions {
  readonly backend?: LastingBackend;
  readonly binding?: string;
  /** A file or a name: its plan tells where the scope is and what its keys are. */
  readonly ensemble?: string;
}

export interface OpenedScope {
  readonly host: Host;
  readonly address: ScopeAddress;
  /** False for a scope that nothing was ever written to. */
  readonly exists: boolean;
  readonly ensemble?: string;
  readonly schema?: ScopeSchema;
}

interface Opening {
  readonly options: ScopeOptions;
  readonly io: Io;
  readonly openHost: OpenHost;
  /** The scope may be one that is not there yet, if its place is known. */
  readonly mayBeNew?: boolean;
}

/**
 * Finds a scope and acts on it: where the options say, else where a run had it, else wherever a scope of that name is. Looking creates nothing.
 * @throws UsageProblem when there is none, or when there are several.
 */
export async function withScope(scope: string, opening: Opening, act: (opened: OpenedScope) => Promise<ExitCode>): Promise<ExitCode> {
  checkName(scope);
  const { options, io, openHost } = opening;
  if (options.ensemble !== undefined && options.backend !== undefined)
    throw new UsageProblem('--ensemble says which backend it is: leave out --backend');
  if (options.binding !== undefined && options.backend === undefined)
    throw new UsageProblem('--binding needs --backend kv or --backend d1');
  const loaded = options.ensemble === undefined ? undefined : await loadProgram(options.ensemble, { quiet: true, sharesHost: false }, io);
  if (options.ensemble !== undefined && loaded === undefined) return EXIT.problemsInFile;
  const planned = loaded === undefined ? undefined : planOfScope(loaded.program, scope);
  const place = planned?.place ?? placeOf(options);
  let use: HostUse = loaded ?? (place === undefined ? {} : { program: programNeeding(place) });
  for (;;) {
    let unreachable: ScopePlace | undefined;
    const open = async (host: Host): Promise<ExitCode> => {
      const found = await findScope(host, scope, place, opening.mayBeNew === true);
      if (found.unreachable === true && use.program === undefined) {
        unreachable = found;
        return EXIT.done;
      }
      return await act({ host, ...describe(found, planned) });
    };
    const code = await withHost(io, openHost, open, use);
    if (unreachable === undefined) return code;
    // A binding that only an ensemble names: the host has it when it is opened for it.
    use = { program: programNeeding(unreachable) };
  }
}

type Found = ScopeSummary & { readonly exists: boolean };

async function findScope(host: Host, scope: string, place: ScopePlace | undefined, mayBeNew: boolean): Promise<Found> {
  const { scopes, looked } = await askState(host, { action: 'find', scope, ...(place === undefined ? {} : { place }) }, 'found');
  // What a run had opened is a scope for certain; a KV key of that name may be anything.
  const known = scopes.filter(({ last_at }) => last_at !== undefined);
  const candidates = known.length > 0 ? known : scopes;
  const [first, ...others] = candidates;
  if (others.length > 0) throw new UsageProblem(severalScopes(scope, candidates));
  if (first !== undefined) return { ...first, exists: true };
  if (place !== undefined && mayBeNew) return { ...(looked[0] ?? place), scope, exists: false };
  const help = mayBeNew ? 'To make it, say where: --ensemble, or --backend.' : 'ensemble state scopes lists those that there are.';
  throw new UsageProblem(`${noScope(scope, place === undefined ? looked : [looked[0] ?? place])}\n${help}`);
}

function describe({ exists, ensemble, schema, scope, ...place }: Found, planned: PlannedScope | undefined): Omit<OpenedScope, 'host'> {
  const keys = planned === undefined ? schema : planned.schema;
  const name = planned?.ensemble ?? ensemble;
  const { backend, binding } = place;
  return {
    address: { backend, ...(binding === undefined ? {} : { binding }), scope },
    exists,
    ...(name === undefined ? {} : { ensemble: name }),
    ...(keys === undefined ? {} : { schema: keys }),
  };
}

function placeOf({ backend, binding }: ScopeOptions): ScopePlace | undefined {
  if (backend === undefined) return undefined;
  return { backend, ...(binding === undefined ? {} : { binding }) };
}

function checkName(scope: string): void {
  if (scope === '') throw new UsageProblem('the name of a scope is not empty');
  if (!scope.isWellFormed()) throw new UsageProblem('the name of the scope has half of a surrogate pair in it');
}

function severalScopes(scope: string, candidates: readonly ScopeSummary[]): string {
  const lines = candidates.map(({ backend, binding, ensemble }) => {
    const flags = `--backend ${backend}${binding === undefined ? '' : ` --binding ${harmlessLine(binding)}`}`;
    return `  ${flags}${ensemble === undefined ? '' : `   (of ${harmlessLine(ensemble)})`}`;
  });
  return `there are several scopes "${harmlessLine(scope)}"; say which:\n${lines.join('\n')}`;
}

function noScope(scope: string, looked: readonly ScopePlace[]): string {
  return `there is no state scope "${harmlessLine(scope)}" in ${looked.map(describePlace).join(', ')}`;
}
