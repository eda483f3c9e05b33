import { compact } from './compact.ts';
import type { Format } from './format.ts';
import { pretty } from './pretty.ts';

/** Every format of `validate`, by the name that `--format` takes. */
export const FORMATS = { pretty, compact } satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;
