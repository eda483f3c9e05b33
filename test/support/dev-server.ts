import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DevEvent } from '../../src/node/dev/dev-event.ts';
import { readNdjson } from '../../src/node/ndjson.ts';
import { type CliResult, runCli, SHARED_HOST } from './run-cli.ts';
import { writeProject } from './written-project.ts';

const bin = fileURLToPath(new URL('../../bin/ensemble.js', import.meta.url));

export interface DevServer extends AsyncDisposable {
  readonly root: string;
  readonly url: string;
  /** Of the HTTP API. */
  readonly key: string;
  readonly pid: number;
  readonly events: readonly DevEvent[];
  /** The first event from the `from`-th on that is so; waits for it. */
  waitFor<Type extends DevEvent['type']>(
    type: Type,
    test?: (event: Extract<DevEvent, { type: Type }>) => boolean,
    from?: number,
  ): Promise<Extract<DevEvent, { type: Type }>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The same with the key of the API. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Another command in the same project, with the host that commands share. */
  cli(...args: readonly string[]): Promise<CliResult>;
  write(path: string, text: string): void;
  /** Sends a signal and resolves to how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** The built CLI's `ensemble dev` in a temporary project, on a free port, once it serves. Ended when it is disposed. */
export async function openDev(files: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<DevServer> {
  const project = writeProject(files);
  try {
    const dev = await openDevIn(project.root, args);
    return {
      ...dev,
      async [Symbol.asyncDispose]() {
        await dev[Symbol.asyncDispose]();
        project[Symbol.dispose]();
      },
    };
  } catch (error) {
    project[Symbol.dispose]();
    throw error;
  }
}

/** The same in a project that is there. @throws an error with what it said when it ends before it serves. */
export async function openDevIn(root: string, args: readonly string[] = []): Promise<DevServer> {
  const child = spawn(process.execPath, [bin, 'dev', '--json', '--port', '0', ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...SHARED_HOST },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const events: DevEvent[] = [];
  let wake = Promise.withResolvers<void>();
  let over = false;
  const reading = (async () => {
    for await (const event of readNdjson(child.stdout)) {
      events.push(event as DevEvent);
      wake.resolve();
      wake = Promise.withResolvers();
    }
    over = true;
    wake.resolve();
  })();
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await reading;
    return exited;
  };
  const waitFor: DevServer['waitFor'] = async (type, test = () => true, from = 0) => {
    for (let next = from; ; ) {
      for (; next < events.length; next++) {
        const event = events[next];
        if (event?.type === type && test(event as Extract<DevEvent, { type: typeof type }>)) {
          return event as Extract<DevEvent, { type: typeof type }>;
        }
      }
      if (over) throw new Error(`ensemble dev ended before it said "${type}": ${JSON.stringify(events)}\n${stderr}`);
      await wake.promise;
    }
  };
  const dispose = async () => void (await end('SIGTERM'));
  try {
    const { url, key = '' } = await waitFor('ready');
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(url + path, { redirect: 'manual', ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
    return {
      root,
      url,
      key,
      pid: child.pid ?? 0,
      events,
      waitFor,
      fetch: (path, init) => fetch(url + path, { redirect: 'manual', ...init }),
      ask,
      cli: (...given) => runCli(given, { cwd: root, env: SHARED_HOST }),
      write: (path, text) => writeFileSync(join(root, path), text),
      end,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
