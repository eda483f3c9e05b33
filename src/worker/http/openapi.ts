import { API_SCOPES } from '../../program/api-scopes.ts';
import type { EnsembleManifest } from '../../program/deployment.ts';
import type { JsonObject, JsonSchema } from '../../program/json.ts';
import { API_BASE } from '../../program/reserved-paths.ts';
import { COMPONENT_SCHEMAS } from './component-schemas.ts';
import { pathOfEnsemble } from './links.ts';
import type { Parameters, ResponsePlan, Route } from './routes/route.ts';

type StartedEnsemble = Pick<EnsembleManifest, 'id' | 'name' | 'description' | 'input'>;

/** The API as an OpenAPI 3.1 document, made from the table of routes. `version` is Ensemble's; each ensemble gets its own start besides, with what it takes. */
export function describeApi(routes: readonly Route[], version: string, ensembles: readonly StartedEnsemble[]): JsonObject {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Ensemble',
      version,
      description:
        'Starts, follows and controls runs of the ensembles of this Worker. Times are epoch ms, durations ms. Properties may be added to answers; those that are there keep their meaning.',
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths: { ...describeRoutes(routes), ...describeStarts(routes, ensembles) },
    components: {
      schemas: COMPONENT_SCHEMAS,
      responses: describeResponses({ ...COMMON, ...OF_BODIES }, componentName),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: `A key of ENSEMBLE_API_KEYS. ${describeScopes()}` } },
    },
  };
}

function describeScopes(): string {
  return `Scopes: ${Object.entries(API_SCOPES)
    .map(([scope, does]) => `\`${scope}\` ${does}`)
    .join(' ')}`;
}

function describeRoutes(routes: readonly Route[]): Record<string, JsonObject> {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[API_BASE + route.path] = { ...paths[API_BASE + route.path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return paths;
}

function describeRoute(route: Route): JsonObject {
  const { operation, summary, description, parameters, query, headers = {}, body, responses, scopes } = route;
  const needs = scopes.length === 0 ? 'Any key will do.' : `The key needs the scope ${scopes.map((scope) => `\`${scope}\``).join(' or ')}.`;
  const given = [
    ...describeParameters('path', parameters),
    ...describeParameters('query', query),
    ...Object.entries(headers).map(
      ([name, about]): JsonObject => ({ name, in: 'header', required: false, description: about, schema: { type: 'string' } }),
    ),
  ];
  return {
    operationId: operation,
    summary,
    description: description === undefined ? needs : `${description} ${needs}`,
    // The scopes, as roles: one of the alternatives is enough (OpenAPI 3.1, Security Requirement Object).
    security: scopes.length === 0 ? [{ key: [] }] : scopes.map((scope) => ({ key: [scope] })),
    ...(given.length === 0 ? {} : { parameters: given }),
    ...(body === undefined ? {} : { requestBody: describeBody(body.description, body.schema, body.required) }),
    responses: { ...refer(COMMON), ...(body === undefined ? {} : refer(OF_BODIES)), ...describeResponses(responses) },
  };
}

function describeParameters(place: 'path' | 'query', parameters: Parameters): readonly JsonObject[] {
  return Object.entries(parameters).map(([name, { schema, description, isList }]) => ({
    name,
    in: place,
    required: place === 'path',
    description,
    schema,
    ...(isList === true ? { style: 'form', explode: false } : {}),
  }));
}

function describeBody(description: string, schema: JsonSchema | undefined, required: boolean): JsonObject {
  return { description, required, content: { 'application/json': { schema: schema ?? {} } } };
}

const PROBLEM: NonNullable<ResponsePlan['content']> = { 'application/problem+json': { $ref: '#/components/schemas/Problem' } };

const COMMON: Readonly<Record<string, ResponsePlan>> = {
  400: { description: 'The request cannot be understood.', content: PROBLEM },
  401: { description: 'There is no key, or a wrong one.', content: PROBLEM },
  403: { description: 'The key may not do that.', content: PROBLEM },
  404: { description: 'There is no such thing.', content: PROBLEM },
  429: { description: 'The key has made too many requests.', content: PROBLEM, headers: { 'Retry-After': 'In seconds.' } },
  500: { description: 'A fault of Ensemble. The log of the Worker has it under `error_id`.', content: PROBLEM },
  503: { description: 'What the request needs is not there, or not just now.', content: PROBLEM },
};
const OF_BODIES: Readonly<Record<string, ResponsePlan>> = {
  413: { description: 'The body is too large.', content: PROBLEM },
  415: { description: 'The body is no JSON in UTF-8.', content: PROBLEM },
};

/** The name of what every route may answer with a status. */
function componentName(status: string): string {
  return `Problem${status}`;
}

function refer(responses: Readonly<Record<string, ResponsePlan>>): JsonObject {
  const refs = Object.keys(responses).map((status) => [status, { $ref: `#/components/responses/${componentName(status)}` }] as const);
  return Object.fromEntries(refs);
}

function describeResponses(responses: Readonly<Record<string, ResponsePlan>>, nameOf = (status: string): string => status): JsonObject {
  const described = Object.entries(responses).map(([status, { description, content, headers }]): readonly [string, JsonObject] => [
    nameOf(status),
    {
      description,
      ...(headers === undefined ? {} : { headers: describeHeaders(headers) }),
      ...(content === undefined ? {} : { content: mapValues(content, (schema) => ({ schema })) }),
    },
  ]);
  return Object.fromEntries(described);
}

function describeHeaders(headers: Readonly<Record<string, string>>): JsonObject {
  return mapValues(headers, (description) => ({ description, schema: { type: 'string' } }));
}

function mapValues<Value>(values: Readonly<Record<string, Value>>, change: (value: Value) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** The start of each ensemble, with its own input: the route that starts runs, its `id` filled in. */
function describeStarts(routes: readonly Route[], ensembles: readonly StartedEnsemble[]): Record<string, JsonObject> {
  const start = routes.find(({ operation }) => operation === START);
  if (start === undefined) return {};
  const general = describeRoute({ ...start, parameters: {} });
  const described = ensembles.map(({ id, name, description, input }) => {
    const operation: JsonObject = {
      ...general,
      operationId: `${START}:${id}`,
      summary: `Starts a run of ${name}.`,
      ...(description === undefined ? {} : { description }),
      ...(input === undefined ? {} : { requestBody: describeBody('The input of the run.', ownSchema(id, input), false) }),
    };
    return [`${pathOfEnsemble(id)}/runs`, { post: operation }] as const;
  });
  return Object.fromEntries(described);
}

const START = 'startRun';

/** References within an author's schema are to the schema itself, not to this document. */
function ownSchema(id: string, schema: JsonSchema): JsonSchema {
  return '$defs' in schema || 'definitions' in schema ? { $id: `urn:ensemble:input:${encodeURIComponent(id)}`, ...schema } : schema;
}
