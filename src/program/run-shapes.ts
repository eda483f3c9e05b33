import type { ValueShape } from './value-shape.ts';

/** The kinds of values that the last runs of one file gave: by agent its output, by state key its value. Never a value. */
export interface RunShapes {
  readonly format: typeof SHAPES_FORMAT;
  readonly agents: Readonly<Record<string, ValueShape>>;
  readonly state: Readonly<Record<string, ValueShape>>;
}

export const SHAPES_FORMAT = 1;
export const NO_SHAPES: RunShapes = { format: SHAPES_FORMAT, agents: {}, state: {} };

/** Reads what a file of shapes holds; anything that is none, or of another format, is as good as no file. */
export function parseRunShapes(value: unknown): RunShapes {
  if (!isRecord(value) || value.format !== SHAPES_FORMAT) return NO_SHAPES;
  return { format: SHAPES_FORMAT, agents: parseShapes(value.agents, 0), state: parseShapes(value.state, 0) };
}

const MAX_DEPTH = 16;

function parseShapes(value: unknown, depth: number): Readonly<Record<string, ValueShape>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, shape]) => [name, parseShape(shape, depth)]));
}

function parseShape(value: unknown, depth: number): ValueShape {
  if (!isRecord(value) || depth > MAX_DEPTH) return { kind: 'unknown' };
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return { kind: value.kind };
    case 'list':
      return { kind: 'list', items: parseShape(value.items, depth + 1) };
    case 'map':
      return { kind: 'map', values: parseShape(value.values, depth + 1) };
    case 'object':
      return { kind: 'object', properties: parseShapes(value.properties, depth + 1) };
    case 'union':
      return { kind: 'union', of: Array.isArray(value.of) ? value.of.map((shape) => parseShape(shape, depth + 1)) : [] };
    default:
      return { kind: 'unknown' };
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
