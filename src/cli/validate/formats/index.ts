import type { Format, FormatName } from './format.ts';

/** Every format of `validate`; each is loaded when it is asked for, so that none waits for another's libraries. */
export const FORMATS: Readonly<Record<FormatName, () => Promise<Format>>> = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  junit: async () => (await import('./junit.ts')).junit,
  compact: async () => (await import('./compact.ts')).compact,
};
