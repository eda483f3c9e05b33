import { describe, expect } from 'vitest';
import { checkQueues } from '../../../src/node/deploy/checks/queues.ts';
import { atLimit } from '../../support/at-limit.ts';

type Examined = Parameters<typeof checkQueues>[0];

/** What is found and proposed for a queue of which an ensemble takes so many messages at once; the consumer brings `brought`, if there is one. */
function found(batchSize: number, brought?: number): readonly string[] {
  const consumers = brought === undefined ? [] : [{ queue: 'q', maxBatchSize: brought, deadLetterQueue: 'd', line: 1 }];
  const config = { shown: 'wrangler.toml', pathOf: (name: string) => [name], queueConsumers: consumers, queueProducers: [] };
  const needs = { queues: [{ queue: 'q', files: ['e.yaml'], batchSize }] };
  return [...checkQueues({ config, needs } as unknown as Examined)].map((finding) => JSON.stringify(finding));
}

describe('a queue that brings as many messages as the platform lets it', () => {
  const proposed = (batchSize: number) => /"max_batch_size":(\d+)/.exec(found(batchSize)[0] ?? '')?.[1];
  const isTooSmall = (batchSize: number, brought: number) =>
    found(batchSize, brought).some((finding) => finding.includes('queue-batch-size'));
  atLimit('src/node/deploy/checks/queues.ts MAX_BATCH_SIZE', {
    within: (size) => expect([proposed(size), isTooSmall(size, size - 1), isTooSmall(size, size)]).toEqual([String(size), true, false]),
    // No larger one can be set.
    beyond: (size) =>
      expect([proposed(size), isTooSmall(size, size - 2), isTooSmall(size, size - 1)]).toEqual([String(size - 1), true, false]),
  });
});
