import { getOwn } from '../own-property.ts';

const IDENTIFIER = /^[A-Za-z_$][\w$-]*$/;

/** The names in a JSON pointer as `@cfworker/json-schema` writes it (`#/items/2/a~1b`, percent-encoded). */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '' || pointer === '#') return [];
  return pointer
    .replace(/^#?\//, '')
    .split('/')
    .map((segment) => decode(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A path that authors read: `items[2].name`, `["odd key"].x`; the empty text for the value itself. */
export function renderPath(names: readonly string[], root: unknown): string {
  let text = '';
  let value = root;
  for (const name of names) {
    if (Array.isArray(value)) text += `[${name}]`;
    else if (!IDENTIFIER.test(name)) text += `[${JSON.stringify(name)}]`;
    else text += text === '' ? name : `.${name}`;
    value = getOwn(value, name);
  }
  return text;
}

/** The value that `names` lead to; undefined when the path leaves the data. */
export function valueAt(root: unknown, names: readonly string[]): unknown {
  return names.reduce(getOwn, root);
}

/**
 * The part of a schema that a keyword location (`#/properties/a/$ref/type`) leads to. `$ref` steps are followed when they are local
 * (`#/$defs/a`); a location that this cannot follow yields undefined.
 */
export function schemaAt(root: unknown, names: readonly string[]): unknown {
  let node = root;
  for (const name of names) node = name === '$ref' ? resolveLocal(root, { $ref: getOwn(node, '$ref') }) : getOwn(node, name);
  return node;
}

/** A chain of `$ref`s longer than this is a circle. */
const MAX_HOPS = 16;

/** The schema that a local `$ref` of `node` names, or `node` itself when it has none; undefined when the reference leads nowhere. */
export function resolveLocal(root: unknown, node: unknown): unknown {
  let resolved = node;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const reference = getOwn(resolved, '$ref');
    if (typeof reference !== 'string') return resolved;
    resolved = reference.startsWith('#') ? valueAt(root, parsePointer(reference)) : undefined;
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
