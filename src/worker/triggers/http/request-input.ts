import type { JsonObject, JsonSchema, JsonValue } from '../../../program/json.ts';
import { getOwn, setOwn } from '../../../runtime/own-property.ts';
import { checkSchema } from '../../../runtime/schema/check-schema.ts';
import { coerceInput } from '../../../runtime/schema/coerce-input.ts';
import { SIGNATURE_SCHEMES } from '../../auth/signatures/index.ts';
import { type Payload, readFields } from './read-payload.ts';
import type { MatchedRoute } from './trigger-routes.ts';

/** What a run of an http or webhook trigger is started with. */
export interface RequestInput {
  readonly input: JsonObject;
  readonly trigger: JsonObject;
}

/**
 * LANGUAGE §8: `method path params query headers body`, and beside them the fields of the query, of the body and of the path's parameters; of one name a parameter of the path wins over the body and
 * the body over the query. A field that has the name of one of the six is only meant where the ensemble declares it; where it does, and the request has no
 * such field, it is one of the six if it has the type that is declared. Fields of query, form
 * and path are texts, and take the type that `input` declares. `trigger` holds the six and the trigger's type, always as the request has them.
 */
export function buildRequestInput({ ensemble, trigger, params }: MatchedRoute, request: Request, { body, isForm }: Payload): RequestInput {
  const url = new URL(request.url);
  const query = readFields(url.searchParams);
  const path = objectOf(params);
  const facts: JsonObject = {
    method: request.method,
    path: url.pathname,
    params: path,
    query,
    headers: shownHeaders(request.headers),
    ...(body === undefined ? {} : { body }),
  };
  const schema = ensemble.input;
  const fields: Record<string, JsonValue> = {};
  const bodyFields = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : {};
  for (const part of [typed(schema, query), isForm ? typed(schema, bodyFields) : bodyFields, typed(schema, path)]) {
    for (const [name, value] of Object.entries(part)) setOwn(fields, name, value);
  }
  const declared = getOwn(schema, 'properties');
  const isClosed = getOwn(schema, 'additionalProperties') === false;
  for (const [name, value] of Object.entries(facts)) {
    const own = getOwn(declared, name) as JsonSchema | undefined;
    const isMeant = own === undefined ? !isClosed : !Object.hasOwn(fields, name) && checkSchema(own, value).length === 0;
    if (isMeant) fields[name] = value;
  }
  return { input: fields, trigger: { type: trigger.type, ...facts } };
}

/** Credentials are the trigger's business, and no run's. */
const HIDDEN_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'cf-access-client-secret',
  'cf-access-jwt-assertion',
  'cf-access-token',
  ...SIGNATURE_SCHEMES.flatMap(({ headers }) => headers).filter((name) => name.includes('signature')),
]);

function shownHeaders(headers: Headers): JsonObject {
  return objectOf([...headers].filter(([name]) => !HIDDEN_HEADERS.has(name)));
}

/** Texts with the types that the schema declares; what is a list stays one of texts. */
function typed(schema: JsonSchema | undefined, fields: JsonObject): JsonObject {
  const single = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const coerced = coerceInput(schema, objectOf(single));
  return objectOf(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? (coerced[name] ?? null) : value]));
}

function objectOf<Value extends JsonValue>(entries: readonly (readonly [string, Value])[]): { [key: string]: Value } {
  const object: { [key: string]: Value } = {};
  for (const [name, value] of entries) setOwn(object, name, value);
  return object;
}
