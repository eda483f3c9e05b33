import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extendOptions } from '../../../src/node/dev/dev-options.ts';
import { resolvePlatform } from '../../../src/node/dev/dev-platform.ts';
import { emulatorText, queueOfLost } from '../../../src/node/dev/emulator-text.ts';
import { readDeployConfig } from '../../../src/node/wrangler/deploy-config.ts';
import { type BuildManifest, DEPLOYMENT_FORMAT, type EngineName } from '../../../src/program/deployment.ts';
import type { TriggerPlan } from '../../../src/program/trigger.ts';

function manifest(triggers: readonly TriggerPlan[], engine: EngineName = 'durable-object'): BuildManifest {
  const ensemble = { id: 'a', name: 'a', file: 'ensembles/a.yaml', hash: 'x', engine, triggers };
  return { format: DEPLOYMENT_FORMAT, version: '0', ensembles: [ensemble], code: 'static', vars: [] };
}

function config(text: string, environment?: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'ensemble-dev-')), 'wrangler.toml');
  writeFileSync(file, text);
  return readDeployConfig(file, environment);
}

const queue = (name: string): TriggerPlan => ({ type: 'queue', queue: name, batchSize: 1 });

describe('what a Worker is given locally', () => {
  test('all that its configuration has, in the words of the emulator', () => {
    const { platform, provided } = resolvePlatform(
      config(`
compatibility_date = "2026-05-01"
compatibility_flags = ["nodejs_compat"]
[[queues.producers]]
binding = "OUT"
queue = "outbox"
[[queues.consumers]]
queue = "orders"
max_batch_size = 3
max_retries = 0
retry_delay = 7
[[ratelimits]]
name = "ENSEMBLE_RATE_LIMIT"
namespace_id = "1"
simple = { limit = 5, period = 10 }
`),
      manifest([queue('orders')]),
    );
    expect(provided).toEqual([]);
    const options = extendOptions({ durableObjects: { OTHER: 'Other' } } as never, platform);
    expect(options).toMatchObject({
      compatibilityDate: '2026-05-01',
      compatibilityFlags: ['nodejs_als', 'nodejs_compat'],
      durableObjects: { OTHER: 'Other', ENSEMBLE_CLAIMS: { className: 'ClaimObject', useSQLite: true } },
      queueProducers: { OUT: 'outbox', 'ENSEMBLE_DEV_QUEUE:orders': 'orders' },
      queueConsumers: { orders: { maxBatchSize: 3, maxRetries: 0, retryDelay: 7 } },
      ratelimits: { ENSEMBLE_RATE_LIMIT: { namespace_id: '1', simple: { limit: 5, period: 10 } } },
    });
  });

  test('what its ensembles need and the configuration lacks, and that is told', () => {
    const { platform, provided } = resolvePlatform(undefined, manifest([queue('orders'), queue('orders')], 'workflows'));
    expect(provided).toEqual(['queue orders', 'workflow ENSEMBLE_WORKFLOW']);
    const own = { ENSEMBLE_WORKFLOW: { name: 'ensemble', className: 'EnsembleWorkflow' } };
    expect(extendOptions({ workflows: own } as never, platform)).toMatchObject({
      queueConsumers: { orders: { maxBatchSize: 10, maxRetries: 3, deadLetterQueue: 'orders-dlq' } },
      workflows: own,
    });
  });

  test('of a named environment what that one has', () => {
    const text = '[[queues.consumers]]\nqueue = "orders"\n[env.staging]\n[[env.staging.queues.consumers]]\nqueue = "staged"\n';
    const { platform, provided } = resolvePlatform(config(text, 'staging'), manifest([queue('staged')]));
    expect([platform.consumers.map((consumer) => consumer.queue), provided]).toEqual([['staged'], []]);
  });
});

describe('what the emulator says', () => {
  test('is shown when no run says it, without its colours', () => {
    const moved = 'Moving message "a1" on queue "orders" to dead letter queue "dead" after 2 failed attempts...';
    expect(emulatorText(`[mf:wrn] \u001b[33m${moved}\u001b[39m`)).toBe(moved);
    expect(emulatorText('[mf:inf] QUEUE orders 1/1 (3ms)')).toBeUndefined();
    expect(queueOfLost(moved)).toBe('orders');
    expect(queueOfLost('Dropped message "a1" on queue "orders" after 1 failed attempt!')).toBe('orders');
    expect(queueOfLost('Email handler rejected message')).toBeUndefined();
  });
});
