// @ts-check
import { createRequire } from 'node:module';
import { buildChain } from './langgraph-chain.mjs';

/*
 * LangGraph with its SQLite saver, in a process of its own, for its binding (better-sqlite3) loads only in the Node that it was compiled for: langgraph-sqlite.ts starts this file in one that can.
 * Takes the database's path as its argument, says { node } when it is ready, and answers each { count, thread } with { n, ms } or { error }.
 */

// CommonJS, so that a binding of another Node fails here and not before.
const { SqliteSaver } = /** @type {typeof import('@langchain/langgraph-checkpoint-sqlite')} */ (
  createRequire(import.meta.url)('@langchain/langgraph-checkpoint-sqlite')
);
const saver = SqliteSaver.fromConnString(process.argv[2] ?? ':memory:');
/** @type {Map<number, (n: number, thread: string) => Promise<number>>} */
const chains = new Map();

process.on('message', async (/** @type {{ count: number, thread: string }} */ { count, thread }) => {
  try {
    const run = chains.get(count) ?? buildChain(count, saver);
    chains.set(count, run);
    const startedAt = performance.now();
    const n = await run(1, thread);
    process.send?.({ n, ms: performance.now() - startedAt });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ node: process.versions.node });
