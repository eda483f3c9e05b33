import { compact } from './compact.ts';
import type { Format, FormatName } from './format.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

/** Every format of `validate`. One that brings a library is loaded when it is asked for; the others are smaller than a module of their own is worth. */
export const FORMATS: Readonly<Record<FormatName, () => Promise<Format>>> = {
  pretty: async () => pretty,
  json: async () => json,
  sarif: async () => sarif,
  github: async () => github,
  junit: async () => (await import('./junit.ts')).junit,
  compact: async () => compact,
};
