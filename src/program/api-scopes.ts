/** What a key of the HTTP API may be allowed to do, by the name of the scope. */
export const API_SCOPES = {
  'runs:start': 'Start runs.',
  'runs:read': 'Read ensembles, runs, their events and statistics.',
  'runs:control': 'Pause, resume and cancel runs, and send them signals.',
  'runs:approve': 'Answer what runs ask people.',
  'state:read': 'Read state across runs, and its history.',
  'state:write': 'Change state across runs, and its snapshots.',
} as const satisfies Readonly<Record<string, string>>;
export type Scope = keyof typeof API_SCOPES;

export function isScope(text: string): text is Scope {
  return Object.hasOwn(API_SCOPES, text);
}
