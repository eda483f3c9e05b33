import type { Diagnostic } from '../../program/diagnostic.ts';
import { sortDiagnostics } from '../../program/sort-diagnostics.ts';
import type { Located } from '../document/located.ts';
import { describeShapeError } from './describe-shape-error.ts';
import type { ShapeError } from './shape-error.ts';
import { validateAgent, validateConfig, validateEnsemble } from './validators.gen.js';

/** A file with more is no ensemble: wording each of 100,000 unknown keys would take a minute, and nobody reads them. */
const MAX_ERRORS = 1_000;

const VALIDATORS = { ensemble: validateEnsemble, agent: validateAgent, config: validateConfig };
/** The kinds of files that have a schema. */
export type ShapedKind = keyof typeof VALIDATORS;

/**
 * Checks the shape of a file against its schema in schemas/ (LANGUAGE §1–§9): unknown and missing keys, values of the wrong type or out of their
 * range, keys that exclude each other. Hands back all findings in the order of the file, at most one about each key and each value. What an expression will
 * yield, and what the compiler's own rules know better (names, operations, durations of agents), is not judged here.
 */
export function checkShape(root: Located, kind: ShapedKind): readonly Diagnostic[] {
  const validate = VALIDATORS[kind];
  validate(toShape(root));
  const errors: readonly ShapeError[] = (validate.errors ?? []).slice(0, MAX_ERRORS);
  validate.errors = null;
  const found = new Map<string, Diagnostic>();
  for (const error of errors) {
    const diagnostic = describeShapeError(error, root);
    if (!diagnostic) continue;
    const place = `${diagnostic.span.start}:${diagnostic.code === 'wrong-type' ? 'bad-value' : diagnostic.code}`;
    // The outermost schema that refuses a value says best what was expected; Ajv reports inner ones first.
    if (!found.has(place) || error.parentSchema?.['x-expected'] !== undefined) found.set(place, diagnostic);
  }
  return sortDiagnostics([...found.values()]);
}

/**
 * The plain value for Ajv. A key with nothing behind it counts as absent (`agents:` with all its items commented out): as `undefined` it satisfies
 * no `required` and needs no type, while its name is still checked.
 */
function toShape(located: Located): unknown {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(toShape);
    case 'mapping':
      return Object.fromEntries(
        located.entries.map(({ key, value }) => [key.text, value.kind === 'scalar' && value.value === null ? undefined : toShape(value)]),
      );
  }
}
