import type { JsonValue } from '../../../../src/program/json.ts';
import { failure } from '../../../../src/runtime/failure.ts';
import type { OperationContext, OperationResult } from '../../../../src/runtime/operations/operation.ts';
import { settle } from './fake-clock.ts';

const ADDRESS = 'http://x/';

interface Call {
  readonly signal: AbortSignal;
  resolve(result: OperationResult): void;
  reject(error: Error): void;
}

/** A stand-in for `http` whose calls the test settles by hand, in any order; a call is named by what stands behind `http://x/` in its `url`. */
export class HandHttp {
  readonly #open = new Map<string, Call>();
  readonly #seen: string[] = [];

  /** What a run is given as `http`. */
  readonly act = ({ url }: Readonly<Record<string, JsonValue>>, { signal }: OperationContext): Promise<OperationResult> => {
    const name = String(url).replace(ADDRESS, '');
    this.#seen.push(name);
    return new Promise((resolve, reject) => this.#open.set(name, { signal, resolve, reject }));
  };

  /** Every call so far, in the order in which they came. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  /** The calls that are neither settled nor cancelled. */
  get open(): readonly string[] {
    return [...this.#open].filter(([, { signal }]) => !signal.aborted).map(([name]) => name);
  }

  /** The calls whose signal has fired before they were settled. */
  get cancelled(): readonly string[] {
    return [...this.#open].filter(([, { signal }]) => signal.aborted).map(([name]) => name);
  }

  /** Ends a call well, and lets the run go on. */
  async answer(name: string, output: JsonValue = name): Promise<void> {
    this.#take(name).resolve({ output });
    await settle();
  }

  async fail(name: string, message = `${name} failed`): Promise<void> {
    this.#take(name).reject(failure('NETWORK', message, { retryable: true }));
    await settle();
  }

  #take(name: string): Call {
    const call = this.#open.get(name);
    if (call === undefined) throw new Error(`no call of ${name} is open, only ${this.open.join(', ')}`);
    this.#open.delete(name);
    return call;
  }
}
