import type { OutputUnit } from '@cfworker/json-schema';
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { describeSchema, describeValue } from './describe.ts';
import { describeProblem, describeUnknownKey } from './describe-problem.ts';
import { parsePointer, renderPath, resolveLocal, schemaAt, valueAt } from './pointer.ts';
import { type PreparedSchema, prepareSchema } from './prepare-schema.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** Problems beyond this many are left out: a list of 100,000 wrong items needs no 100,000 sentences. */
const MAX_PROBLEMS = 100;

/** By schema object: programs are frozen and reused for every run, so their schemas are prepared once. */
const prepared = new WeakMap<JsonSchema, PreparedSchema>();

/**
 * Every way in which `value` does not satisfy `schema` (draft 2020-12), one problem a place, in the order of the schema; empty when it does. A schema that
 * cannot be used at all (a broken pattern, a `$ref` to nowhere) is itself reported as a problem: authors write schemas, so it is no defect.
 */
export function checkSchema(schema: JsonSchema, value: JsonValue | undefined): readonly SchemaProblem[] {
  if (value === undefined) return [{ path: '', message: 'there is no value', expected: '' }];
  try {
    const checked = prepare(schema);
    return checked.isSatisfied(value) ? [] : distinct(readUnits(schema, value, checked.faults(value)));
  } catch (error) {
    return [cannotBeChecked(error)];
  }
}

/** Schemas that cannot be used or take too long, and data that is nested too deeply to walk. */
export function cannotBeChecked(error: unknown): SchemaProblem {
  const reason = error instanceof RangeError ? 'the value is nested too deeply' : error instanceof Error ? error.message : String(error);
  return { path: '', message: `cannot be checked: ${reason.split('\n')[0]}`, expected: '' };
}

function prepare(schema: JsonSchema): PreparedSchema {
  const known = prepared.get(schema);
  if (known !== undefined) return known;
  const checked = prepareSchema(schema);
  prepared.set(schema, checked);
  return checked;
}

/** Keywords that only say that something below them failed; the record below says what. */
const CONTAINERS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'allOf',
  'if',
  '$ref',
  'dependentSchemas',
  'dependencies',
]);
/** Keywords whose own sentence says it all; the records below them are noise. */
const SUFFICIENT: ReadonlySet<string> = new Set(['propertyNames', 'contains', 'minContains', 'maxContains', 'not']);
const REFUSES_KEYS: ReadonlySet<string> = new Set(['additionalProperties', 'unevaluatedProperties']);

/** Records come parents first; this keeps those that tell an author what to mend. */
function readUnits(schema: JsonSchema, value: JsonValue, units: readonly OutputUnit[]): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (let index = 0; index < units.length && problems.length < MAX_PROBLEMS; index++) {
    const unit = units[index];
    if (unit === undefined) break;
    const next = units[index + 1];
    if (REFUSES_KEYS.has(unit.keyword) && next?.keyword === 'false') {
      problems.push(describeUnknownKey(schema, value, unit, next));
      index++;
    } else if (unit.keyword === 'anyOf' || unit.keyword === 'oneOf') {
      const below = unitsBelow(units, index);
      problems.push(...readAlternatives(schema, value, unit, below));
      index += below.length;
    } else if (SUFFICIENT.has(unit.keyword)) {
      problems.push(describeProblem(schema, value, unit));
      index += unitsBelow(units, index).length;
    } else if (!CONTAINERS.has(unit.keyword) && !REFUSES_KEYS.has(unit.keyword)) {
      problems.push(describeProblem(schema, value, unit));
    }
  }
  return problems;
}

function unitsBelow(units: readonly OutputUnit[], index: number): readonly OutputUnit[] {
  const prefix = `${units[index]?.keywordLocation}/`;
  let end = index + 1;
  while (units[end]?.keywordLocation.startsWith(prefix) === true) end++;
  return units.slice(index + 1, end);
}

/**
 * Of several alternatives the author meant one: the branch whose kind of value fits (no `type`, `const` or `enum` fault at the value itself or its
 * fields' constants) with the fewest faults. When no branch fits, the alternatives are listed.
 */
function readAlternatives(schema: JsonSchema, value: JsonValue, unit: OutputUnit, below: readonly OutputUnit[]): readonly SchemaProblem[] {
  const path = renderPath(parsePointer(unit.instanceLocation), value);
  const branches = schemaAt(schema, parsePointer(unit.keywordLocation));
  const total = Array.isArray(branches) ? branches.length : 0;
  const faults = Array.from({ length: total }, (_, branch) =>
    below.filter((found) => found.keywordLocation.startsWith(`${unit.keywordLocation}/${branch}/`)),
  );
  const matches = /\((\d+) matches\)/.exec(unit.error)?.[1];
  if (matches !== undefined && matches !== '0') {
    return [{ path, message: `satisfies ${matches} of the ${total} alternatives of "oneOf"; it must satisfy exactly one`, expected: '' }];
  }
  const fitting = faults.filter((branch) => branch.length > 0 && !branch.some((found) => isOfAnotherKind(found, unit)));
  const best = fitting.toSorted((left, right) => left.length - right.length)[0];
  if (best !== undefined) return readUnits(schema, value, best);
  const kinds = below.filter((found) => found.keyword === 'const' && found.instanceLocation !== unit.instanceLocation);
  if (kinds.length > 0 && kinds.every((found) => found.instanceLocation === kinds[0]?.instanceLocation)) {
    return [
      unlike(
        schema,
        value,
        kinds[0]?.instanceLocation ?? '',
        kinds.map((found) => schemaAt(schema, parsePointer(found.keywordLocation).slice(0, -1))),
      ),
    ];
  }
  return [unlike(schema, value, unit.instanceLocation, Array.isArray(branches) ? branches : [])];
}

/** `expected string or number, found …`, for a value that is like none of `schemas`. */
function unlike(root: JsonSchema, value: JsonValue, location: string, schemas: readonly unknown[]): SchemaProblem {
  const names = parsePointer(location);
  const expected = describeSchema({ anyOf: schemas.map((schema) => resolveLocal(root, schema)) });
  const wanted = expected === '' || expected === 'object' ? `one of the ${schemas.length} alternatives of the schema` : expected;
  return { path: renderPath(names, value), message: `expected ${wanted}, found ${describeValue(valueAt(value, names))}`, expected };
}

function isOfAnotherKind(found: OutputUnit, alternatives: OutputUnit): boolean {
  if (found.keyword === 'const') return true;
  return (found.keyword === 'type' || found.keyword === 'enum') && found.instanceLocation === alternatives.instanceLocation;
}

/** The same sentence at the same place is said once. */
function distinct(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const seen = new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem]));
  return [...seen.values()];
}
