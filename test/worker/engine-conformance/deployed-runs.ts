import type { RunEvent } from '../../../src/program/run-event.ts';
import type { DeployedWorker } from '../../support/deployed-worker.ts';

export const KEY = 'a-key-of-the-conformance-tests';
export const API_KEYS = JSON.stringify([{ name: 'tests', key: KEY, scopes: ['*'] }]);

/** Runs of a deployed Worker, through its API. */
export class DeployedRuns {
  readonly #worker: DeployedWorker;

  constructor(worker: DeployedWorker) {
    this.#worker = worker;
  }

  async start(ensemble: string, input: unknown): Promise<string> {
    const { run } = (await this.post(`/ensembles/${ensemble}/runs`, input)) as { readonly run: string };
    return run;
  }

  async post(path: string, body: unknown = {}): Promise<unknown> {
    const response = await this.#ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** To the end of the run. */
  async finished(run: string): Promise<readonly RunEvent[]> {
    return this.#read(await this.#events(run, true));
  }

  async events(run: string): Promise<readonly RunEvent[]> {
    return this.#read(await this.#events(run, false));
  }

  /** Follows the run until an event is as `isIt` says. */
  async until(run: string, isIt: (event: RunEvent) => boolean): Promise<void> {
    const response = await this.#events(run, true);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the run ended before: ${text}`);
      text += decoder.decode(value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      if (!lines.some((line) => line !== '' && isIt(JSON.parse(line) as RunEvent))) continue;
      await reader.cancel();
      return;
    }
  }

  async #read(response: Response): Promise<readonly RunEvent[]> {
    const text = await response.text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunEvent);
  }

  async #events(run: string, follow: boolean): Promise<Response> {
    const response = await this.#ask(`/runs/${run}/events?follow=${follow ? 1 : 0}`, { headers: { accept: 'application/x-ndjson' } });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return response;
  }

  #ask(path: string, init: RequestInit): Promise<Response> {
    return this.#worker.fetch(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${KEY}`, ...(init.headers as object) } });
  }
}
