import { allReads, type ParsedBody } from './parsed-body.ts';

const FAILURE_FIELDS: ReadonlySet<string> = new Set(['failed', 'error', 'failure', 'success']);

/** The agents whose failure some expression reads, which is one way to handle it (LANGUAGE §2.2). */
export function agentsAskedForFailure(body: ParsedBody): ReadonlySet<string> {
  return new Set(allReads(body).flatMap(({ kind, name, path }) => (kind === 'agent' && FAILURE_FIELDS.has(path[0] ?? '') ? [name] : [])));
}
