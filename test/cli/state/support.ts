import { main } from '../../../src/cli/main.ts';
import type { ScopeContent, ScopeKey, ScopeSummary, StateAsk, StateReply } from '../../../src/program/state-calls.ts';
import { createFakeHost, type FakeHost } from '../support/fake-host.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from '../support/fake-io.ts';

/** What `io.now()` begins with. */
export const NOW = 1_800_000_000_000;
export const EVIL = 'a\u001b[2Jb\u202ec';
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
export const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

export const VISITS: ScopeSummary = {
  backend: 'd1',
  binding: 'DB',
  scope: 'visits',
  ensemble: 'visits',
  last_at: NOW,
  schema: {
    total: { schema: { type: 'number' }, secret: false },
    pages: { schema: { type: 'array' }, secret: false },
    price: { schema: { type: 'number' }, secret: false, valid_for_ms: 1_000 },
    token: { schema: { type: 'string' }, secret: true },
  },
};

export function key(name: string, value: ScopeKey['value'], more: Partial<ScopeKey> = {}): ScopeKey {
  return { key: name, value, tainted: false, at: NOW - 5_000, version: 1, run: 'run-1', agent: 'count', ...more };
}

export const CONTENT: ScopeContent = {
  version: 3,
  committed_at: NOW - 5_000,
  keys: [
    key('pages', ['/docs'], { tainted: true, attempt: 2 }),
    key('price', 5, { valid_until: NOW - 4_000 }),
    key('token', 'the secret itself'),
    key('total', 10, { version: 3, run: 'cli', agent: 'state set' }),
  ],
};

type Answer = (ask: StateAsk) => StateReply | undefined;

/** A host that knows the scope `visits` and what the test says. */
export function stateHost(answer: Answer = () => undefined, scopes: readonly ScopeSummary[] = [VISITS]): FakeHost {
  const host = createFakeHost([]);
  const usual: Answer = (ask) => {
    if (ask.action === 'find') return { type: 'found', scopes, looked: [{ backend: 'd1', binding: 'DB' }, { backend: 'durable-object' }] };
    if (ask.action === 'read') return { type: 'content', content: CONTENT, at: NOW };
    if (ask.action === 'edit') return { type: 'edited', version: 4, keys: ask.edits.map((edit) => edit.key) };
    return undefined;
  };
  host.replies = {
    state: (ask) => {
      const reply = answer(ask) ?? usual(ask);
      if (reply === undefined) throw new Error(`the test has no answer to ${ask.action}`);
      return reply;
    },
  };
  return host;
}

export function asksOf(host: FakeHost): readonly StateAsk[] {
  return host.calls.flatMap(({ name, ask }) => (name === 'state' ? [ask as StateAsk] : []));
}

export async function runState(
  args: readonly string[],
  host: FakeHost = stateHost(),
  options: FakeIoOptions = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string; readonly io: FakeIo }> {
  const io = createFakeIo(options);
  const code = await main(['state', ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, io };
}
