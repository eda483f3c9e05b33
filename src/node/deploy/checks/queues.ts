import type { DeployConfig, QueueConsumer } from '../../wrangler/deploy-config.ts';
import { type DeployCheck, type Finding, filesText, finding } from '../finding.ts';
import type { QueueNeed } from '../platform-needs.ts';

/** The platform's own numbers: https://developers.cloudflare.com/queues/configuration/configure-queues/ */
const DEFAULT_BATCH_SIZE = 10;
const MAX_BATCH_SIZE = 100;
const RETRIES = 3;

/** That messages of queues with a trigger arrive, and that what fails for good is kept. */
export const checkQueues: DeployCheck = ({ config, needs }) => [
  ...needs.queues.flatMap((need) => {
    const index = config.queueConsumers.findIndex(({ queue }) => queue === need.queue);
    const consumer = config.queueConsumers[index];
    return consumer === undefined ? noConsumer(need, config) : [...checkConsumer(need, consumer, index, config)];
  }),
  ...queuesWithoutTrigger(needs.queues, config),
  ...queuesToMake(needs.queues, config),
];

const deadLetterQueueOf = (queue: string): string => `${queue}-dead-letter`;

function noConsumer({ queue, batchSize, files }: QueueNeed, { shown, pathOf }: DeployConfig): readonly Finding[] {
  const path = [...pathOf('queues'), 'consumers'];
  const value = {
    queue,
    ...(batchSize > DEFAULT_BATCH_SIZE ? { max_batch_size: Math.min(batchSize, MAX_BATCH_SIZE) } : {}),
    max_retries: RETRIES,
    dead_letter_queue: deadLetterQueueOf(queue),
  };
  const help = `[[${path.join('.')}]] queue = "${queue}"`;
  return [
    finding('queue-consumer', `nothing brings the messages of the queue ${queue} to ${filesText(files)}`, {
      file: shown,
      help,
      changes: [{ type: 'append', path, value }],
    }),
  ];
}

function* checkConsumer(
  { queue, batchSize, files }: QueueNeed,
  consumer: QueueConsumer,
  index: number,
  config: DeployConfig,
): Generator<Finding> {
  const { shown: file, pathOf } = config;
  const { maxBatchSize = DEFAULT_BATCH_SIZE, deadLetterQueue, line } = consumer;
  const path = [...pathOf('queues'), 'consumers', index];
  if (maxBatchSize < Math.min(batchSize, MAX_BATCH_SIZE)) {
    const size = Math.min(batchSize, MAX_BATCH_SIZE);
    const message = `${filesText(files)}: \`batch_size: ${batchSize}\`, but ${queue} brings at most ${maxBatchSize} messages at once`;
    const changes = [{ type: 'set', path: [...path, 'max_batch_size'], value: size }] as const;
    yield finding('queue-batch-size', message, { file, line, help: `max_batch_size = ${size}`, changes });
  }
  if (deadLetterQueue === undefined) {
    const name = deadLetterQueueOf(queue);
    const changes = [{ type: 'set', path: [...path, 'dead_letter_queue'], value: name }] as const;
    const message = `${queue} has no dead_letter_queue: a message whose runs fail again and again is lost`;
    yield finding('dead-letter-queue', message, { file, line, help: `dead_letter_queue = "${name}"`, changes });
  } else if (deadLetterQueue === queue) {
    yield finding('dead-letter-queue', `${queue} is its own dead_letter_queue: what fails comes back for ever`, { file, line });
  }
}

function* queuesWithoutTrigger(needs: readonly QueueNeed[], { queueConsumers, shown: file }: DeployConfig): Generator<Finding> {
  for (const { queue, line } of queueConsumers) {
    if (needs.some((need) => need.queue === queue)) continue;
    const message = `no ensemble has a trigger for the queue ${queue}: its messages are refused until they are lost`;
    yield finding('queue-without-trigger', message, { file, line, help: 'add a trigger, or take the consumer out' });
  }
}

/** Only a producer's queue is made by the deployment. */
function* queuesToMake(needs: readonly QueueNeed[], { queueConsumers, queueProducers, shown: file }: DeployConfig): Generator<Finding> {
  const made = new Set(queueProducers.map(({ queue }) => queue));
  const names = needs.flatMap(({ queue }) => {
    const consumer = queueConsumers.find((one) => one.queue === queue);
    return [queue, consumer === undefined ? deadLetterQueueOf(queue) : consumer.deadLetterQueue];
  });
  for (const name of new Set(names)) {
    if (name === undefined || made.has(name)) continue;
    yield finding('queue', `the queue ${name} must be there before the first deployment`, {
      file,
      help: `npx wrangler queues create ${name}`,
    });
  }
}
