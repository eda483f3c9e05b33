import type { JsonValue } from './json.ts';

/**
 * What kinds of values a value is made of, and nothing of the values themselves: what an editor may show of the last run. Names of properties are part of it
 * where they look like an author's (`total`, `created_at`); an object whose keys look like data (ids, addresses) is a `map`, without them.
 */
export type ValueShape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'unknown' }
  | { readonly kind: 'list'; readonly items: ValueShape }
  | { readonly kind: 'object'; readonly properties: Readonly<Record<string, ValueShape>> }
  | { readonly kind: 'map'; readonly values: ValueShape }
  | { readonly kind: 'union'; readonly of: readonly ValueShape[] };

/** How many values may still be looked at: shared by all shapes of one run, so that a large run costs no more than a small one. */
export interface ShapeBudget {
  values: number;
}

const UNKNOWN: ValueShape = { kind: 'unknown' };
const MAX_DEPTH = 6;
const MAX_PROPERTIES = 40;
const MAX_ITEMS = 20;

/** Whether a key looks like one that an author named: `created_at`, `line2`. `user_8f3a91c2`, an address or a path is data. */
export function isPlainProperty(key: string): boolean {
  return /^[A-Za-z_$][A-Za-z_$-]{0,38}\d{0,2}$/.test(key);
}

/** The shape of a value, at most 6 levels deep; what lies beyond the budget is `unknown`. */
export function shapeOf(value: JsonValue, budget: ShapeBudget, depth = 0): ValueShape {
  if (budget.values-- <= 0 || depth === MAX_DEPTH) return UNKNOWN;
  if (value === null) return { kind: 'null' };
  if (Array.isArray(value)) return { kind: 'list', items: shapeOfAll(value, budget, depth + 1) };
  if (typeof value === 'object') return shapeOfObject(value as Readonly<Record<string, JsonValue>>, budget, depth + 1);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { kind: typeof value as 'string' }
    : UNKNOWN;
}

function shapeOfAll(values: readonly JsonValue[], budget: ShapeBudget, depth: number): ValueShape {
  return values
    .slice(0, MAX_ITEMS)
    .map((item) => shapeOf(item, budget, depth))
    .reduce(joinShapes, UNKNOWN);
}

function shapeOfObject(object: Readonly<Record<string, JsonValue>>, budget: ShapeBudget, depth: number): ValueShape {
  const keys = Object.keys(object);
  if (keys.length > MAX_PROPERTIES || !keys.every(isPlainProperty)) {
    return {
      kind: 'map',
      values: shapeOfAll(
        keys.slice(0, MAX_ITEMS).map((key) => object[key] ?? null),
        budget,
        depth,
      ),
    };
  }
  return { kind: 'object', properties: Object.fromEntries(keys.map((key) => [key, shapeOf(object[key] ?? null, budget, depth)])) };
}

/** One shape for values of either. */
export function joinShapes(a: ValueShape, b: ValueShape): ValueShape {
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown') return a;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', items: joinShapes(a.items, b.items) };
  if (a.kind === 'map' && b.kind === 'map') return { kind: 'map', values: joinShapes(a.values, b.values) };
  if (a.kind === 'object' && b.kind === 'object') return joinObjects(a.properties, b.properties);
  if (a.kind !== 'union' && a.kind === b.kind) return a;
  return unionOf([...alternatives(a), ...alternatives(b)]);
}

function joinObjects(a: Readonly<Record<string, ValueShape>>, b: Readonly<Record<string, ValueShape>>): ValueShape {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].slice(0, MAX_PROPERTIES);
  const own = (shapes: Readonly<Record<string, ValueShape>>, name: string) =>
    (Object.hasOwn(shapes, name) ? shapes[name] : undefined) ?? UNKNOWN;
  return { kind: 'object', properties: Object.fromEntries(names.map((name) => [name, joinShapes(own(a, name), own(b, name))])) };
}

const alternatives = (shape: ValueShape): readonly ValueShape[] => (shape.kind === 'union' ? shape.of : [shape]);

function unionOf(shapes: readonly ValueShape[]): ValueShape {
  const byKind = new Map<ValueShape['kind'], ValueShape>();
  for (const shape of shapes) {
    const before = byKind.get(shape.kind);
    byKind.set(shape.kind, before === undefined ? shape : joinShapes(before, shape));
  }
  const [first, ...others] = byKind.values();
  if (first === undefined) return UNKNOWN;
  return others.length === 0 ? first : { kind: 'union', of: [...byKind.values()] };
}

/** As an editor shows it: `{ rows: list of { id: number }, next: string or null }`. */
export function renderShape(shape: ValueShape): string {
  switch (shape.kind) {
    case 'list':
      return shape.items.kind === 'unknown' ? 'list' : `list of ${renderShape(shape.items)}`;
    case 'map':
      return shape.values.kind === 'unknown' ? 'object' : `object of ${renderShape(shape.values)}`;
    case 'object': {
      const entries = Object.entries(shape.properties).map(([name, value]) => `${name}: ${renderShape(value)}`);
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
    }
    case 'union':
      return shape.of.map(renderShape).join(' or ');
    default:
      return shape.kind;
  }
}
