/** How long the caller of an http trigger waits for the end of the run unless it says. */
const DEFAULT_WAIT_S = 30;
/** And at most. */
const MAX_WAIT_S = 60;

/** What a request's `Prefer` header asks for (RFC 7240): `respond-async` = no waiting, `wait=<seconds>`. `applied` is what the answer says of it. */
export interface Preference {
  readonly waitMs: number;
  readonly applied?: string;
}

export function readPreference(headers: Headers): Preference {
  const preferences = (headers.get('prefer') ?? '').split(',').map((part) => part.trim().toLowerCase());
  if (preferences.includes('respond-async')) return { waitMs: 0, applied: 'respond-async' };
  const seconds = preferences.map((text) => /^wait *= *"?(\d{1,6})"?$/.exec(text)?.[1]).find((text) => text !== undefined);
  if (seconds === undefined) return { waitMs: DEFAULT_WAIT_S * 1000 };
  const wait = Math.min(Number(seconds), MAX_WAIT_S);
  return { waitMs: wait * 1000, applied: `wait=${wait}` };
}
