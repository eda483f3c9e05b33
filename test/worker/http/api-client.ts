import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { DeployedWorker } from '../../support/deployed-worker.ts';
import { KEYS, type KeyName } from './api-project.ts';

interface Operation {
  readonly security: readonly { readonly key: readonly string[] }[];
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Asked {
  /** null: without credentials. Default: admin. */
  readonly key?: KeyName | null;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What tests read of answers; which of it is there depends on the answer. */
export interface Reply {
  readonly run: string;
  readonly status: string;
  readonly output: unknown;
  readonly runs: readonly { readonly run: string; readonly status: string }[];
  readonly next_cursor?: string;
  readonly waiting?: readonly { readonly agent: string }[];
  readonly ensembles: readonly { readonly id: string; readonly ensemble: string }[];
  readonly code: string;
  readonly detail: string;
  readonly error_id?: string;
}

/** Asks the API and checks each answer against what the served OpenAPI document promises. */
export class ApiClient {
  readonly document: ApiDocument;
  readonly #worker: DeployedWorker;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });

  private constructor(worker: DeployedWorker, document: ApiDocument) {
    this.#worker = worker;
    this.document = document;
    this.#ajv.addSchema(document, 'doc');
  }

  static async open(worker: DeployedWorker): Promise<ApiClient> {
    const response = await worker.fetch('/api/v1/openapi.json', { headers: { authorization: `Bearer ${KEYS.admin}` } });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return new ApiClient(worker, (await response.json()) as ApiDocument);
  }

  /** `path` is behind /api/v1. The answer as it comes; events are not checked. */
  async ask(method: string, path: string, { key = 'admin', json, body, headers = {}, signal }: Asked = {}): Promise<Response> {
    const response = await this.#worker.fetch(`/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${KEYS[key]}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const type = response.headers.get('content-type') ?? '';
    if (/\/(?:problem\+)?json$/.test(type) && method !== 'HEAD')
      this.#check(method, path, response.status, type, await response.clone().json());
    return response;
  }

  async get(path: string, asked?: Asked): Promise<Reply> {
    return expectStatus(await this.ask('GET', path, asked), 200);
  }

  async post(path: string, asked?: Asked & { readonly status?: number }): Promise<Reply> {
    return expectStatus(await this.ask('POST', path, asked), asked?.status ?? 200);
  }

  /** Starts a run and waits for its end. */
  async run(ensemble: string, input: unknown = {}): Promise<Reply> {
    return this.post(`/ensembles/${ensemble}/runs?wait=30s`, { json: input, status: 201 });
  }

  async start(ensemble: string, input: unknown = {}): Promise<string> {
    return (await this.post(`/ensembles/${ensemble}/runs`, { json: input, status: 202 })).run;
  }

  /** Asks for the run until it is as it should be. */
  async until(run: string, isSo: (detail: Reply) => boolean): Promise<Reply> {
    for (let tries = 0; tries < 500; tries += 1) {
      const detail = await this.get(`/runs/${run}`);
      if (isSo(detail)) return detail;
    }
    throw new Error(`the run ${run} did not come to be so`);
  }

  #check(method: string, path: string, status: number, type: string, value: unknown): void {
    const bare = path.split('?')[0] ?? '';
    const found = Object.keys(this.document.paths)
      .filter((template) => method.toLowerCase() in (this.document.paths[template] ?? {}))
      .find((template) =>
        new RegExp(
          `^${template
            .replace(/[.]/g, '\\.')
            .replace(/\{(?:id|agent)\}/g, '.+')
            .replace(/\{\w+\}/g, '[^/]+')}$`,
        ).test(`/api/v1${bare}`),
      );
    if (found === undefined) {
      expect([400, 401, 404, 405]).toContain(status);
      return;
    }
    const shared = this.document.paths[found]?.[method.toLowerCase()]?.responses[status]?.$ref;
    const response =
      shared?.slice(1) ?? `/${['paths', found, method.toLowerCase(), 'responses', String(status)].map(escapePointer).join('/')}`;
    const validate = this.#ajv.getSchema(`doc#${response}/content/${escapePointer(type)}/schema`) as ValidateFunction | undefined;
    if (validate === undefined) throw new Error(`${method} ${found} does not promise ${status} ${type}: ${JSON.stringify(value)}`);
    expect(validate(value), `${method} ${path}: ${JSON.stringify(validate.errors)}`).toBe(true);
  }
}

function escapePointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

async function expectStatus(response: Response, status: number): Promise<Reply> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`expected ${status}, found ${response.status}: ${text}`);
  return JSON.parse(text) as Reply;
}
