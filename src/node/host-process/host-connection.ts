import type { IncomingMessage } from 'node:http';
import { HOST_TOKEN_HEADER } from '../../program/host-protocol.ts';
import { ConnectionLost, HostError } from '../host-error.ts';
import { readText, type WorkerAnswer } from '../worker-host.ts';
import type { HostRecord } from './host-record.ts';
import { LOSS_HEADER, type Loss } from './host-requests.ts';

/** Not by `import`: that reads every export of the module, and one of them brings in all of fetch, which takes longer than the rest of a warm `run`. */
const { Agent, request } = process.getBuiltinModule('node:http');

/** Requests to a host process over its socket; one connection a request that is under way. */
export class HostConnection {
  readonly record: HostRecord;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(record: HostRecord) {
    this.record = record;
  }

  /** @throws ConnectionLost when the host is gone, or on its way out. */
  async ask(method: 'GET' | 'POST', path: string, body?: string): Promise<WorkerAnswer> {
    const response = await this.#send(method, path, body);
    const loss = response.headers[LOSS_HEADER] as Loss | undefined;
    if (loss !== undefined) throw new ConnectionLost(await readText(readBody(response)).catch(() => loss), loss === 'lost');
    return { status: response.statusCode ?? 0, body: readBody(response) };
  }

  /** The same for one of PROCESS_ROUTES: the value of its answer. */
  async askJson<Reply>(method: 'GET' | 'POST', path: string, value?: unknown): Promise<Reply> {
    const { status, body } = await this.ask(method, path, value === undefined ? undefined : JSON.stringify(value));
    const answer = await readText(body);
    if (status !== 200) throw new HostError(`the host answered ${status} to ${path}: ${answer.slice(0, 2_000)}`);
    // The host is our own, of the same build.
    return JSON.parse(answer) as Reply;
  }

  /** Ends what is under way. */
  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body: string | undefined): Promise<IncomingMessage> {
    const headers = {
      [HOST_TOKEN_HEADER]: this.record.token,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    };
    // Without a name of the server nobody looks whether it is an address, by expressions that take long to compile.
    const options = { socketPath: this.record.socket, servername: '', agent: this.#agent, method, path, headers };
    return new Promise((resolve, reject) => {
      const sending = request(options, resolve);
      sending.on('error', (error: NodeJS.ErrnoException) => {
        // Nobody took the connection, so nobody read the request.
        const refused = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
        reject(new ConnectionLost('the host process ended before it answered', !refused, { cause: error }));
      });
      sending.end(body);
    });
  }
}

async function* readBody(response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new ConnectionLost('the host process ended before its answer did', true, { cause: error });
  }
}
