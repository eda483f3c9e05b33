import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/program/json.ts';

type DescribeApi = (routes: readonly unknown[], version: string, ensembles: readonly unknown[]) => JsonObject;

/** schemas/openapi.json: the HTTP API as every deployed Worker has it, without the ensembles of one. */
export async function renderOpenApi(): Promise<string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  // By URL: TypeScript would check the worker's files with the types of Node.
  const http = new URL('../../src/worker/http/', import.meta.url);
  const { ROUTES } = (await import(new URL('routes/index.ts', http).href)) as { readonly ROUTES: readonly unknown[] };
  const { describeApi } = (await import(new URL('openapi.ts', http).href)) as { readonly describeApi: DescribeApi };
  return `${JSON.stringify(describeApi(ROUTES, version, []), null, 2)}\n`;
}
