import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DeployConfig, readDeployConfig } from '../../../src/node/wrangler/deploy-config.ts';
import { writeProject } from '../../support/written-project.ts';

const TOML = `name = "shop"
main = ".ensemble/build/index.js"
no_bundle = true
find_additional_modules = true
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_als"]
rules = [{ type = "ESModule", globs = ["**/*.js"] }]

[build]
command = "npx ensemble build"

[vars]
REGION = "eu"
LIMITS = { soft = 1 }

[durable_objects]
bindings = [
  { name = "ENSEMBLE_RUNS", class_name = "RunObject" },
  { name = "OTHER", class_name = "Foreign", script_name = "elsewhere" },
]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["RunObject"]

[[kv_namespaces]]
binding = "KV"

[[d1_databases]]
binding = "DB"
database_name = "shop"
database_id = "1"
migrations_dir = "sql"

[[r2_buckets]]
binding = "BUCKET"
bucket_name = "shop"

[ai]
binding = "AI"

[[queues.producers]]
binding = "ORDERS"
queue = "orders"

[[queues.consumers]]
queue = "orders"
max_batch_size = 5
max_retries = 2
dead_letter_queue = "orders-dead"
retry_delay = 30

[[workflows]]
binding = "ENSEMBLE_WORKFLOW"
name = "shop-runs"
class_name = "EnsembleWorkflow"

[[worker_loaders]]
binding = "ENSEMBLE_LOADER"

[[ratelimits]]
name = "ENSEMBLE_RATE_LIMIT"
namespace_id = "1001"
simple = { limit = 100, period = 60 }

[triggers]
crons = ["0 * * * *"]

[[send_email]]
name = "MAIL"

[secrets]
required = ["TOKEN"]

[env.staging]
compatibility_date = "2026-06-01"

[[env.staging.kv_namespaces]]
binding = "KV"
id = "abc"

[env.live]
name = "shop-of-record"
triggers = { crons = [] }
`;

function read(text: string, environment?: string, name = 'wrangler.toml'): DeployConfig {
  using written = writeProject({ [name]: text });
  return readDeployConfig(join(written.root, name), environment);
}

describe('readDeployConfig', () => {
  test('the top level is read with the line of each thing', () => {
    const config = read(TOML);
    expect(config).toMatchObject({
      name: 'shop',
      main: '.ensemble/build/index.js',
      noBundle: true,
      findAdditionalModules: true,
      buildCommand: 'npx ensemble build',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['nodejs_als'],
      rules: [{ type: 'ESModule', globs: ['**/*.js'], line: 7 }],
      environments: ['staging', 'live'],
      vars: { REGION: 'eu', LIMITS: { soft: 1 } },
      objects: [
        { name: 'ENSEMBLE_RUNS', className: 'RunObject', line: 18 },
        { name: 'OTHER', className: 'Foreign', scriptName: 'elsewhere', line: 19 },
      ],
      migrations: [{ tag: 'v1', newSqliteClasses: ['RunObject'], line: 22 }],
      kv: [{ binding: 'KV', line: 26 }],
      d1: [{ binding: 'DB', databaseName: 'shop', id: '1', migrationsDir: 'sql', migrationsTable: 'd1_migrations' }],
      r2: [{ binding: 'BUCKET', bucketName: 'shop' }],
      ai: { binding: 'AI' },
      queueProducers: [{ binding: 'ORDERS', queue: 'orders' }],
      queueConsumers: [{ queue: 'orders', maxBatchSize: 5, maxRetries: 2, deadLetterQueue: 'orders-dead', retryDelaySeconds: 30 }],
      workflows: [{ binding: 'ENSEMBLE_WORKFLOW', name: 'shop-runs', className: 'EnsembleWorkflow' }],
      workerLoaders: [{ binding: 'ENSEMBLE_LOADER' }],
      rateLimits: [{ name: 'ENSEMBLE_RATE_LIMIT', namespaceId: '1001', limit: 100, periodSeconds: 60 }],
      crons: ['0 * * * *'],
      sendEmail: [{ name: 'MAIL' }],
      requiredSecrets: ['TOKEN'],
    });
    expect(config.lineOf('build', 'command')).toBe(10);
    expect(config.lineOf('queues')).toBe(42);
    expect(config.pathOf('vars')).toEqual(['vars']);
  });

  test('a named environment inherits what wrangler lets it inherit, and neither bindings nor variables', () => {
    const staging = read(TOML, 'staging');
    expect(staging).toMatchObject({
      environment: 'staging',
      name: 'shop-staging',
      main: '.ensemble/build/index.js',
      noBundle: true,
      buildCommand: 'npx ensemble build',
      compatibilityDate: '2026-06-01',
      compatibilityFlags: ['nodejs_als'],
      migrations: [{ tag: 'v1' }],
      kv: [{ binding: 'KV', id: 'abc', line: 78 }],
      crons: ['0 * * * *'],
      objects: [],
      d1: [],
      r2: [],
      queueConsumers: [],
      workflows: [],
      workerLoaders: [],
      rateLimits: [],
      sendEmail: [],
      vars: {},
      requiredSecrets: [],
    });
    expect(staging.ai).toBeUndefined();
    expect(staging.lineOf('compatibility_date')).toBe(76);
    expect(staging.lineOf('main')).toBe(2);
    expect(staging.pathOf('vars')).toEqual(['env', 'staging', 'vars']);
    expect(read(TOML, 'live')).toMatchObject({ name: 'shop-of-record', crons: [] });
  });

  test('JSON with comments is read the same', () => {
    const config = read(
      '{\n  // the Worker\n  "name": "shop",\n  "durable_objects": { "bindings": [\n    { "name": "A", "class_name": "B" }\n  ] },\n}',
      undefined,
      'wrangler.jsonc',
    );
    expect(config).toMatchObject({ name: 'shop', objects: [{ name: 'A', className: 'B', line: 5 }], noBundle: false });
  });

  test('classes that `exports` declares are known', () => {
    expect(
      read('[exports]\nRunObject = { type = "durable-object", storage = "sqlite" }\nOther = { type = "worker" }\n').exportedClasses,
    ).toEqual(['RunObject']);
  });

  test.each([
    ['[[queues.consumers]]\nmax_retries = 1\n', undefined, /wrangler\.toml:1: queues\.consumers\[0\] has no `queue`/],
    ['a = 1\nworkflows = "x"\n', undefined, /wrangler\.toml:2: workflows must be a list, found string "x"/],
    ['no_bundle = "yes"\n', undefined, /wrangler\.toml:1: no_bundle must be true or false, found string "yes"/],
    ['[triggers]\ncrons = [1]\n', undefined, /wrangler\.toml:2: triggers\.crons must be a list of texts/],
    ['[env.staging]\n', 'stagign', /has no environment "stagign"; did you mean "staging"\?/],
    ['name = "a"\n', 'live', /has no environment "live"; it has none/],
  ])('what cannot be read is refused with its place (%#)', (text, environment, message) => {
    expect(() => read(text, environment)).toThrow(message);
  });
});
