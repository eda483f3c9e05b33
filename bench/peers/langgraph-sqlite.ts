import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DurablePeer } from '../peer.ts';

const script = fileURLToPath(new URL('langgraph-sqlite.mjs', import.meta.url));

interface Answer {
  readonly node?: string;
  readonly n?: number;
  readonly ms?: number;
  readonly error?: string;
}

/** The Nodes of this machine: this one, then those on the PATH, for npm may have compiled the binding for another. */
function listNodes(): readonly string[] {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'));
  return [process.execPath, ...new Set(onPath.filter((path) => existsSync(path)))];
}

/** The first answer of a child; undefined when it ended without one. */
async function answerOf(child: ChildProcess): Promise<Answer | undefined> {
  const gaveUp = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: gaveUp.signal }).then(([answer]) => answer as Answer),
      once(child, 'exit', { signal: gaveUp.signal }).then(() => undefined),
    ]);
  } finally {
    gaveUp.abort();
  }
}

export const peer: DurablePeer = {
  name: 'LangGraph with SQLite',
  open: async (folder) => {
    for (const execPath of listNodes()) {
      const child = fork(script, [join(folder, 'langgraph.sqlite')], {
        execPath,
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      const ready = await answerOf(child);
      if (ready?.node === undefined) continue;
      return {
        node: ready.node,
        run: async (count) => {
          child.send({ count, thread: crypto.randomUUID() });
          const answer = await answerOf(child);
          if (answer?.n === undefined || answer.ms === undefined) throw new Error(answer?.error ?? 'its process ended');
          return { n: answer.n, ms: answer.ms };
        },
        [Symbol.asyncDispose]: async () => {
          const exit = once(child, 'exit');
          child.disconnect();
          await exit;
        },
      };
    }
    return undefined;
  },
};
