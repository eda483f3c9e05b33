import type { EnginePeer } from '../peer.ts';
import { buildChain } from './langgraph-chain.mjs';

export const peer: EnginePeer = {
  name: 'LangGraph',
  stepsOfRound: 500,
  build: (count) => {
    const run = buildChain(count);
    return (n) => run(n, 'bench');
  },
};
