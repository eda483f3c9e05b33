import { API_BASE } from '../../program/reserved-paths.ts';
import { ConnectionLost } from '../host-error.ts';
import { describeLoss } from './describe-loss.ts';
import { openExchange } from './exchange.ts';
import { parseForeign } from './parse-foreign.ts';
import { notOurs, refusalOf } from './refusal.ts';
import type { RemoteOptions } from './remote-options.ts';
import { RemoteInterrupted, RemoteProblem } from './remote-problem.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** It may be sent again when nobody knows whether it was acted on: it reads, or doing it twice is doing it once. */
  readonly repeatable: boolean;
}

export interface ApiAnswer {
  readonly headers: Headers;
  /** As the Worker gave it: not looked at yet. */
  readonly value: unknown;
}

const MAX_TRIES = 5;
/** Before the second try, doubled for each further one. */
const FIRST_PAUSE_MS = 250;
/** A Worker that asks for more patience than that is not waited for. */
const LONGEST_PAUSE_MS = 60_000;
/** No output, program or page of runs is larger. */
const MOST_BYTES = 64 * 1024 * 1024;

const LOST_ANSWER = 'the connection was lost before it said whether that was done: look at the run, and do it again if it was not';

/**
 * Asks the HTTP API of one Worker. What passes by itself (too many requests, a connection that breaks, a gateway that cannot reach the Worker) is tried again, as far as that does nothing twice.
 * Redirects are not followed: a key goes nowhere but to the origin that it was given for.
 */
export class ApiClient {
  readonly #options: RemoteOptions;
  readonly #underWay = new Map<AbortController, 'read' | 'other'>();
  #interrupts = 0;
  #hasAnswered = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  get origin(): string {
    return this.#options.origin;
  }

  /** @throws RemoteProblem, RemoteInterrupted */
  async ask(request: ApiRequest): Promise<ApiAnswer> {
    const given = this.#begin(request.method === 'GET' ? 'read' : 'other');
    try {
      return await this.#untilAnswered(request, given.signal, 'application/json', async ({ headers, status, type, body }) => {
        const text = await readBounded(body, this.origin);
        if (status === 204) return { headers, value: undefined };
        if (type !== 'application/json') throw new RemoteProblem(notOurs(this.origin, { status, type }), { status });
        return { headers, value: parse(text, this.origin) };
      });
    } finally {
      this.#underWay.delete(given);
    }
  }

  /**
   * A stream of NDJSON: its bytes as they come; breaks off with `ConnectionLost`. Who stops reading ends the exchange.
   * @throws RemoteProblem, RemoteInterrupted
   */
  async open(path: string, isPatient: boolean): Promise<AsyncGenerator<Uint8Array, void>> {
    const given = this.#begin(isPatient ? 'other' : 'read');
    const done = () => this.#underWay.delete(given);
    try {
      const request = { method: 'GET', path, repeatable: true } as const;
      const body = await this.#untilAnswered(request, given.signal, 'application/x-ndjson', async ({ status, type, body }) => {
        if (type !== 'application/x-ndjson') throw new RemoteProblem(notOurs(this.origin, { status, type }), { status });
        return body;
      });
      return untilRead(body, done);
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Somebody does not want to wait: what only reads ends at once; a second time, all does. Streams that are followed go on, as their reader decides. */
  interrupt(): void {
    this.#interrupts += 1;
    for (const [given, kind] of this.#underWay) if (kind === 'read' || this.#interrupts > 1) given.abort(new RemoteInterrupted());
  }

  /** Ends everything that is under way. */
  close(): void {
    for (const given of this.#underWay.keys()) given.abort(new RemoteInterrupted());
  }

  #begin(kind: 'read' | 'other'): AbortController {
    const given = new AbortController();
    this.#underWay.set(given, kind);
    return given;
  }

  async #untilAnswered<Result>(
    request: ApiRequest,
    signal: AbortSignal,
    accept: string,
    read: (answer: Awaited<ReturnType<typeof openExchange>>) => Promise<Result>,
  ): Promise<Result> {
    for (let tries = 1; ; tries++) {
      let pauseMs = FIRST_PAUSE_MS * 2 ** (tries - 1);
      try {
        const answer = await openExchange(this.origin + API_BASE + request.path, this.#inits(request, accept), signal);
        this.#hasAnswered = true;
        if (answer.status >= 200 && answer.status < 300) return await read(answer);
        const { status, type, headers } = answer;
        const location = headers.get('location') ?? undefined;
        const refusal = refusalOf(this.origin, { status, type, location, text: await readBounded(answer.body, this.origin) });
        const askedFor = parseRetryAfter(headers.get('retry-after'), Date.now());
        if (askedFor !== undefined) pauseMs = askedFor;
        const again = passes(refusal, request, askedFor !== undefined);
        if (tries === MAX_TRIES || pauseMs > LONGEST_PAUSE_MS || !again) throw refusal;
        if (status === 429) this.#options.notice?.({ type: 'throttled', origin: this.origin, waitMs: pauseMs });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof ConnectionLost)) throw error;
        if (error.sent && !request.repeatable) throw new RemoteProblem(`${this.origin}: ${LOST_ANSWER}`, { cause: error });
        if (tries === MAX_TRIES || !this.#hasAnswered) throw new RemoteProblem(describeLoss(this.origin, error), { cause: error });
      }
      await this.pause(pauseMs, signal);
    }
  }

  /** @throws the reason of the signal when that fires first. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    await (this.#options.pause ?? pause)(ms, signal);
    signal.throwIfAborted();
  }

  #inits({ method, body, headers }: ApiRequest, accept: string) {
    return {
      method,
      headers: {
        accept: `${accept}, application/problem+json`,
        authorization: `Bearer ${this.#options.key}`,
        // Compressed streams come in large pieces, late.
        ...(accept === 'application/json' ? {} : { 'accept-encoding': 'identity' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    };
  }
}

/** Whether it may be otherwise in a moment, and asking again does nothing twice. */
function passes({ status, code }: RemoteProblem, { repeatable }: ApiRequest, saysWhen: boolean): boolean {
  if (status === 429) return true;
  if (!repeatable || status === undefined || status <= 500) return false;
  // In a gateway's words the Worker was not reached, or broke off. In its own it says when to come again, or lacks something for good.
  return code === undefined || saysWhen;
}

async function* untilRead(body: AsyncIterable<Uint8Array>, done: () => void): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } finally {
    done();
  }
}

async function readBounded(body: AsyncIterable<Uint8Array>, origin: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const bytes of body) {
    length += bytes.byteLength;
    if (length > MOST_BYTES) throw new RemoteProblem(`${origin} answers with more than ${MOST_BYTES / 1024 / 1024} MiB; that is not read`);
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string, origin: string): unknown {
  try {
    return parseForeign(text);
  } catch (error) {
    throw new RemoteProblem(`${origin} answered with something that is not JSON, although it says so`, { cause: error });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
