import { randomBytes } from 'node:crypto';
import { KEY_NAME, parseApiKeys } from '../../program/api-keys.ts';
import { API_SCOPES, isScope } from '../../program/api-scopes.ts';
import { sha256 } from '../../program/hash.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { suggest } from '../../program/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';

interface CreateKeyOptions {
  readonly scope: readonly string[];
  readonly ensemble?: readonly string[];
  readonly json?: true;
}

/** Scanners that look for secrets in repositories go by such a beginning. */
const PREFIX = 'ens_';
const BYTES = 32;

/**
 * `ensemble keys create`: a new key and the entry that the Worker knows it by, on stdout. Nothing is written anywhere else.
 * @throws UsageProblem for a name or a scope that the Worker would not take.
 */
export async function createKey(name: string, { scope, ensemble, json }: CreateKeyOptions, io: Io): Promise<ExitCode> {
  if (!KEY_NAME.test(name))
    throw new UsageProblem(
      `"${harmlessLine(name)}" is no name for a key: letters, digits and . _ @ - are, beginning with a letter or a digit`,
    );
  const key = PREFIX + randomBytes(BYTES).toString('base64url');
  const scopes = readScopes(scope);
  const entry = { name, sha256: await sha256(key), scopes, ...(ensemble === undefined ? {} : { ensembles: ensemble }) };
  const parsed = parseApiKeys(JSON.stringify([entry]));
  if (parsed.type === 'broken') throw new UsageProblem(parsed.message);
  io.stdout.write(json === true ? `${JSON.stringify({ key, entry })}\n` : describe(key, JSON.stringify(entry)));
  return EXIT.done;
}

function readScopes(given: readonly string[]): readonly string[] {
  const scopes = given.flatMap((text) => text.split(',')).map((text) => text.trim());
  for (const scope of scopes) {
    if (scope === '*' || isScope(scope)) continue;
    const near = suggest(scope, Object.keys(API_SCOPES));
    const help = near === undefined ? `there are *, ${Object.keys(API_SCOPES).join(', ')}` : `did you mean ${near}?`;
    throw new UsageProblem(`there is no scope "${harmlessLine(scope)}"; ${help}`);
  }
  return [...new Set(scopes)];
}

function describe(key: string, entry: string): string {
  const secret = WORKER_BINDINGS.apiKeys;
  return [
    'The key, which is not shown again:',
    '',
    `  ${key}`,
    '',
    `Its entry in the list that is the secret ${secret}:`,
    '',
    `  ${entry}`,
    '',
    `As the first key of a Worker: npx wrangler secret put ${secret}, and enter the entry in brackets, [{…}].`,
    `Under ensemble dev: ${secret}='[{…}]' in .dev.vars.`,
    '',
  ].join('\n');
}
