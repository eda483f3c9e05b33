import { dot } from './dot.ts';
import type { GraphFormat } from './format.ts';
import { json } from './json.ts';
import { mermaid } from './mermaid.ts';
import { svg } from './svg.ts';

/** Every format of `ensemble graph`. */
export const GRAPH_FORMATS = { mermaid, dot, json, svg } satisfies Readonly<Record<string, GraphFormat>>;
export type GraphFormatName = keyof typeof GRAPH_FORMATS;
