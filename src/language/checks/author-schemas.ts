import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import { listSchemaNodes, type SchemaNode } from '../model/schema-places.ts';

/** A JSON Schema that the author wrote, with all the schemas in it. */
export interface AuthorSchema {
  readonly root: JsonSchema;
  readonly nodes: readonly SchemaNode[];
  /** Whether it is a state key's, which may say more about the key than a schema does. */
  readonly ofState: boolean;
}

/** The schemas of a body: of its input, its state keys, and of what its agents return. */
export function listAuthorSchemas(body: ParsedBody): readonly AuthorSchema[] {
  const known = LISTED.get(body) ?? findSchemas(body);
  LISTED.set(body, known);
  return known;
}

/** Several rules ask for the same. */
const LISTED = new WeakMap<ParsedBody, readonly AuthorSchema[]>();

function findSchemas({ model, agents }: ParsedBody): readonly AuthorSchema[] {
  const list = (root: JsonSchema, span: SchemaNode['span'], ofState = false): AuthorSchema => ({
    root,
    nodes: listSchemaNodes(root, span),
    ofState,
  });
  return [
    ...(model.input === undefined ? [] : [list(model.input, model.span)]),
    ...[...(model.state.schema?.values() ?? [])].map(({ name, schema }) => list(schema, name.span, true)),
    ...agents.flatMap(({ model: { name, outputSchema }, configSchema }) =>
      [outputSchema, configSchema].flatMap((schema) => (schema === undefined ? [] : [list(schema, name.span)])),
    ),
  ];
}

export function isMapping(value: JsonValue | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
