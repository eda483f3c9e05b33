import { expect, vi } from 'vitest';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import type { ScopeSummary } from '../../../src/program/state-calls.ts';
import { toScopeSchema } from '../../../src/runtime/state/inspect/scope-schema.ts';
import { compileText } from '../../language/support/compile-text.ts';
import { atLimit } from '../../support/at-limit.ts';
import { workerModule } from '../support/worker-module.ts';

const noted: string[] = [];
vi.mock('../../../src/worker/state/open-scope-index.ts', () => ({
  openScopeIndex: () => ({ note: async (text: string) => void noted.push(text) }),
}));

const { reportScopes } = await workerModule<{ reportScopes(env: object, program: Program, events: readonly RunEvent[]): Promise<void> }>(
  'state/report-scopes.ts',
);

/** What the index is told of a scope whose schema has this many characters as JSON. */
async function schemaTold(length: number): Promise<ScopeSummary['schema']> {
  const programOf = (description: string) =>
    compileText(
      `ensemble: e\nstate: { backend: durable-object, schema: { a: { type: string, description: ${description} } } }\nagents: []\n`,
    );
  const lengthOf = (description: string) => JSON.stringify(toScopeSchema(programOf(description).body.state as never)).length;
  const program = programOf('x'.repeat(1 + length - lengthOf('x')));
  const event = { type: 'state.loaded', seq: 0, at: 0, run: 'r', backend: 'durable-object', scope: 's' } as unknown as RunEvent;
  await reportScopes({}, program, [event]);
  return (JSON.parse(noted.at(-1) ?? '[]') as readonly ScopeSummary[])[0]?.schema;
}

atLimit('src/worker/state/report-scopes.ts MAX_SCHEMA', {
  within: async (length) => expect(JSON.stringify(await schemaTold(length))).toHaveLength(length),
  beyond: async (length) => expect(await schemaTold(length)).toEqual({ a: { schema: {}, secret: false } }),
});
