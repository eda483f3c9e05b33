import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { findTriggers } from './find-triggers.ts';
import { consumeMessages } from './queue/consume-messages.ts';

/** How long runs are waited for; the platform ends a consumer after 15 minutes (https://developers.cloudflare.com/queues/platform/limits/). A run that takes longer goes on by itself. */
const WAIT_MS = 10 * 60_000;
const FIRST_DELAY_S = 10;
const LONGEST_DELAY_S = 15 * 60;

/**
 * Gives each message to the ensembles whose trigger names the queue, and settles each by itself: done when all of their runs did, otherwise handed back, until the platform has delivered it
 * `max_retries` times and puts it into the dead-letter queue.
 */
export async function onQueue(batch: MessageBatch, env: WorkerEnv): Promise<void> {
  const triggers = findTriggers('queue').filter(({ plan }) => plan.queue === batch.queue);
  if (triggers.length === 0) {
    warnOperator(`No ensemble has a trigger for the queue ${batch.queue}: its messages go back.`);
    batch.retryAll({ delaySeconds: LONGEST_DELAY_S });
    return;
  }
  const until = Date.now() + WAIT_MS;
  const consumed = await Promise.all(
    triggers.map((trigger) => consumeMessages({ trigger, queue: batch.queue, messages: batch.messages, env, until })),
  );
  for (const message of batch.messages) {
    const ends = consumed.map((results) => results.get(message.id) ?? 'failed');
    if (ends.every((end) => end === 'done')) message.ack();
    // The same again would not help: it takes the shortest way to the dead-letter queue.
    else if (ends.every((end) => end !== 'failed')) message.retry();
    else message.retry({ delaySeconds: Math.min(FIRST_DELAY_S * 2 ** (message.attempts - 1), LONGEST_DELAY_S) });
  }
}
