import type { MiniflareOptions } from 'miniflare';
import { DEPLOYED_FLAGS, WORKER_BINDINGS, WORKER_CLASSES, WORKER_COMPATIBILITY } from '../../program/host-protocol.ts';
import type { QueueConsumer, RateLimit, WorkflowBinding } from '../wrangler/deploy-config.ts';

/** What a deployed Worker has besides the one of a local host, in our own words. */
export interface DevPlatform {
  /** Default: the date that the worker is written for. */
  readonly compatibilityDate?: string;
  readonly compatibilityFlags: readonly string[];
  /** Binding → queue. */
  readonly producers: Readonly<Record<string, string>>;
  readonly consumers: readonly Omit<QueueConsumer, 'line'>[];
  readonly workflows: readonly Omit<WorkflowBinding, 'line'>[];
  readonly rateLimits: readonly Omit<RateLimit, 'line'>[];
}

/** The platform's own for a consumer that says nothing; but a batch is not waited for as long as there. */
const CONSUMER_DEFAULTS = { maxBatchSize: 10, maxBatchTimeoutSeconds: 1, maxRetries: 3 } as const;

/** The binding by which the dev server itself puts messages into a queue that the Worker consumes. */
export function ownProducer(queue: string): string {
  return `ENSEMBLE_DEV_QUEUE:${queue}`;
}

/** Adds them to the options of a local Worker, in Miniflare 4's words as there (miniflare-options.ts). */
export function extendOptions(options: MiniflareOptions, platform: DevPlatform): MiniflareOptions {
  const { consumers, producers, workflows, rateLimits } = platform;
  const own = Object.fromEntries(consumers.map(({ queue }) => [ownProducer(queue), queue]));
  const extra = {
    compatibilityDate: platform.compatibilityDate ?? WORKER_COMPATIBILITY.date,
    compatibilityFlags: [...new Set([...WORKER_COMPATIBILITY.flags, ...DEPLOYED_FLAGS, ...platform.compatibilityFlags])],
    durableObjects: {
      ...('durableObjects' in options ? options.durableObjects : {}),
      [WORKER_BINDINGS.claims]: { className: WORKER_CLASSES.claims, useSQLite: true },
    },
    queueProducers: { ...producers, ...own },
    queueConsumers: Object.fromEntries(consumers.map((consumer) => [consumer.queue, consumerOptions(consumer)])),
    // Where an ensemble needs the worker's own it goes by the name that it has in every local host: its instances are data.
    workflows: {
      ...Object.fromEntries(workflows.map(({ binding, name, className }) => [binding, { name, className }])),
      ...('workflows' in options ? options.workflows : {}),
    },
    ratelimits: Object.fromEntries(
      rateLimits.map(({ name, namespaceId, limit, periodSeconds }) => [
        name,
        { namespace_id: namespaceId, simple: { limit, period: periodSeconds } },
      ]),
    ),
    logRequests: false,
  };
  return { ...options, ...extra } as MiniflareOptions;
}

function consumerOptions(consumer: Omit<QueueConsumer, 'line'>) {
  const { deadLetterQueue, retryDelaySeconds } = consumer;
  return {
    maxBatchSize: consumer.maxBatchSize ?? CONSUMER_DEFAULTS.maxBatchSize,
    maxBatchTimeout: consumer.maxBatchTimeoutSeconds ?? CONSUMER_DEFAULTS.maxBatchTimeoutSeconds,
    maxRetries: consumer.maxRetries ?? CONSUMER_DEFAULTS.maxRetries,
    ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    ...(retryDelaySeconds === undefined ? {} : { retryDelay: retryDelaySeconds }),
  };
}
