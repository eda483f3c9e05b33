import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEPLOYED_FLAGS, WORKER_BINDINGS, WORKER_CLASSES, WORKER_COMPATIBILITY } from '../../src/program/host-protocol.ts';
import { type OpenDeployed, openDeployed } from './deployed-worker.ts';

const WRANGLER = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url));
const run = promisify(execFile);

/** As `openDeployed`, but what runs are the files that `wrangler deploy --dry-run` would upload. */
export const openFromWrangler: OpenDeployed = (options) =>
  openDeployed({
    ...options,
    through: async (build, root) => {
      const config = join(root, 'wrangler.toml');
      if (!existsSync(config)) writeFileSync(config, configFor(relative(root, build).split(sep).join('/')));
      return dryRun(root);
    },
  });

/** Lets wrangler deploy a project without uploading it; gives the folder with what it would have uploaded. Throws what wrangler said when it refuses. */
export async function dryRun(root: string, ...more: readonly string[]): Promise<string> {
  const output = join(root, '.wrangler-output');
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(root, '.wrangler-logs'), CI: '1' };
  await run(process.execPath, [WRANGLER, 'deploy', '--dry-run', '--outdir', output, ...more], { cwd: root, env });
  return output;
}

/** Without `[build]`: the project is built already. */
function configFor(build: string): string {
  const classes = ['runs', 'states', 'index', 'scopes', 'claims'] as const;
  return `name = "test"
main = "${build}/index.js"
base_dir = "${build}"
no_bundle = true
find_additional_modules = true
compatibility_date = "${WORKER_COMPATIBILITY.date}"
compatibility_flags = ${JSON.stringify(DEPLOYED_FLAGS)}

[[rules]]
type = "ESModule"
globs = ["**/*.js"]

[[migrations]]
tag = "v1"
new_sqlite_classes = ${JSON.stringify(classes.map((name) => WORKER_CLASSES[name]))}

${classes.map((name) => `[[durable_objects.bindings]]\nname = "${WORKER_BINDINGS[name]}"\nclass_name = "${WORKER_CLASSES[name]}"\n`).join('\n')}`;
}
