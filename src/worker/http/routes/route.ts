import type { Scope } from '../../../program/api-scopes.ts';
import type { JsonSchema, JsonValue } from '../../../program/json.ts';
import type { Caller } from '../../auth/api-keys.ts';
import type { Deployment } from '../../deployment.ts';
import type { WorkerEnv } from '../../worker-env.ts';

/** One parameter of a route: how a document describes it, and what its text means. */
export interface Parameter<Value> {
  readonly schema: JsonSchema;
  readonly description: string;
  /** Undefined for a text that it does not take. */
  readonly read: (text: string) => Value | undefined;
  /** It may be given several times, and as a list with commas; `read` gets all of it as such a list. */
  readonly isList?: boolean;
  /** In a path: a `/` in it need not be written as `%2F`. */
  readonly spans?: boolean;
}
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

type Values<Given extends Parameters> = { readonly [Name in keyof Given]: Given[Name] extends Parameter<infer Value> ? Value : never };

/** A request that is what its route takes, from a caller who may ask. */
export interface ApiCall<Path extends Parameters = Parameters, Query extends Parameters = Parameters> {
  readonly request: Request;
  readonly env: WorkerEnv;
  readonly caller: Caller;
  readonly deployment: Deployment;
  readonly path: Values<Path>;
  readonly query: { readonly [Name in keyof Query]?: Values<Query>[Name] | undefined };
  /** Undefined where the request has none. */
  readonly body: JsonValue | undefined;
  /** All routes, for the one that describes them. */
  readonly routes: readonly Route[];
}

export interface BodyPlan {
  readonly description: string;
  /** Absent = any JSON. */
  readonly schema?: JsonSchema;
  readonly required: boolean;
}

export interface ResponsePlan {
  readonly description: string;
  /** By media type; a schema alone is of application/json. Absent = no body. */
  readonly content?: Readonly<Record<string, JsonSchema>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route of the API: what the router, the checks of requests and the OpenAPI document are made from. */
export interface Route<Path extends Parameters = Parameters, Query extends Parameters = Parameters> {
  readonly method: 'GET' | 'POST';
  /** Behind `/api/v1`, as OpenAPI writes it: `/runs/{run}`. */
  readonly path: string;
  /** Its `operationId`. */
  readonly operation: string;
  /** One of them the key must have; none: any key will do. */
  readonly scopes: readonly Scope[];
  /** What it is about is no ensemble's own: a key that is for some ensembles only does not get it. */
  readonly isForAll?: true;
  readonly summary: string;
  readonly description?: string;
  /** All are required. A text that one does not take is the name of nothing: 404. */
  readonly parameters: Path;
  readonly query: Query;
  /** Request headers that it reads, with what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyPlan;
  readonly responses: Readonly<Record<number, ResponsePlan>>;
  // A method: in the table the parameters of each route are forgotten, which TypeScript allows of methods alone.
  answer(call: ApiCall<Path, Query>): Promise<Response>;
}

/** Lets TypeScript see what the parameters of a route give. */
export function defineRoute<const Path extends Parameters, const Query extends Parameters>(route: Route<Path, Query>): Route {
  return route;
}

/** Part of a response plan. */
export function json(schema: JsonSchema): NonNullable<ResponsePlan['content']> {
  return { 'application/json': schema };
}
