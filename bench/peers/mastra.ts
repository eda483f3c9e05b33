import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';
import type { EnginePeer } from '../peer.ts';

const schema = z.object({ n: z.number() });

const createAdding = (index: number) =>
  createStep({
    id: `a${index}`,
    inputSchema: schema,
    outputSchema: schema,
    execute: async ({ inputData }) => ({ n: inputData.n + index }),
  });

export const peer: EnginePeer = {
  name: 'Mastra',
  stepsOfRound: 2_000,
  build: (count) => {
    const workflow = createWorkflow({ id: 'bench', inputSchema: schema, outputSchema: schema });
    for (let index = 0; index < count; index += 1) workflow.then(createAdding(index));
    workflow.commit();
    return async (n) => {
      const run = await workflow.createRun();
      const end = await run.start({ inputData: { n } });
      if (end.status !== 'success') throw new Error(JSON.stringify(end));
      return schema.parse(end.result).n;
    };
  },
};
