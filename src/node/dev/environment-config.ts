import { dirname, resolve } from 'node:path';
import type { DeployConfig } from '../wrangler/deploy-config.ts';
import type { WranglerConfig } from '../wrangler/wrangler-config.ts';

/** What a named environment has of storage and variables: where `readWranglerConfig` reads the top level. */
export function storageOf({ file, name, kv, d1, r2, vars }: DeployConfig): WranglerConfig {
  return {
    ...(name === undefined ? {} : { name }),
    kv: kv.map(({ binding, id = binding }) => ({ binding, id })),
    d1: d1.map(({ binding, id = binding, migrationsDir, migrationsTable }) => ({
      binding,
      id,
      migrationsTable,
      ...(migrationsDir === undefined ? {} : { migrationsDir: resolve(dirname(file), migrationsDir) }),
    })),
    r2: r2.map(({ binding, bucketName = binding }) => ({ binding, id: bucketName })),
    vars,
  };
}
