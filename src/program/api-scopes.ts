/** What a key of the HTTP API may be allowed to do, and what each scope is for. */
export const API_SCOPES = {
  'runs:start': 'start runs',
  'runs:read': 'list ensembles and runs, and read runs, their events and programs',
  'runs:control': 'pause, resume and cancel runs, and send them signals',
  'runs:approve': 'answer what runs ask people',
  'state:read': 'read the state that runs share',
  'state:write': 'change, snapshot and restore the state that runs share',
} as const;
export type Scope = keyof typeof API_SCOPES;
