// @ts-check
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';

/**
 * A graph of `count` nodes in a row, of which each adds its index to `n`. Plain JavaScript, for it also runs in a Node that reads no types (see langgraph-sqlite.mjs).
 *
 * @param {number} count
 * @param {import('@langchain/langgraph').BaseCheckpointSaver} [checkpointer]
 * @returns {(n: number, thread: string) => Promise<number>} runs it; gives the last `n`
 */
export function buildChain(count, checkpointer) {
  const State = Annotation.Root({ n: /** @type {typeof Annotation<number>} */ (Annotation)() });
  /** @type {StateGraph<any, any, any, string>} */
  const graph = new StateGraph(State);
  for (let index = 0; index < count; index += 1) {
    graph.addNode(`a${index}`, (/** @type {{ n: number }} */ { n }) => ({ n: n + index }));
    graph.addEdge(index === 0 ? START : `a${index - 1}`, `a${index}`);
  }
  graph.addEdge(`a${count - 1}`, END);
  const app = graph.compile(checkpointer === undefined ? {} : { checkpointer });
  return async (n, thread) => {
    const end = await app.invoke({ n }, { recursionLimit: count + 10, configurable: { thread_id: thread } });
    return end.n;
  };
}
