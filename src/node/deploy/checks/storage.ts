import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { DEFAULT_NAMES, type StorageKind } from '../../storage-bindings.ts';
import type { ConfigChange } from '../../wrangler/config-change.ts';
import type { DeployConfig } from '../../wrangler/deploy-config.ts';
import { type DeployCheck, type Examined, type Finding, filesText, finding } from '../finding.ts';
import { workerNameFor } from '../worker-name.ts';

const KINDS: Readonly<Record<StorageKind, { readonly key: string; readonly text: string }>> = {
  kv: { key: 'kv_namespaces', text: 'KV namespace' },
  d1: { key: 'd1_databases', text: 'D1 database' },
  r2: { key: 'r2_buckets', text: 'R2 bucket' },
};

/** That what agents store has a place, and that ids are real ones. */
export const checkStorage: DeployCheck = (examined) => [
  ...missingStorage(examined),
  ...placeholders(examined.config),
  ...migrationFolders(examined.config),
];

function* missingStorage({ needs, config, project }: Examined): Generator<Finding> {
  const { shown: file } = config;
  const known = new Set([...config.kv, ...config.d1, ...config.r2].map(({ binding }) => binding));
  // Those with a name come first: one of them may do for an agent that names none.
  for (const { kind, name, files } of needs.storage.toSorted((a, b) => Number(b.name !== undefined) - Number(a.name !== undefined))) {
    const { key, text } = KINDS[kind];
    const isThere = name === undefined ? config[kind].length > 0 : config[kind].some(({ binding }) => binding === name);
    if (isThere || (name === undefined && needs.storage.some((other) => other.kind === kind && other.name !== undefined))) continue;
    const binding = name ?? DEFAULT_NAMES[kind];
    const isTaken = known.has(binding);
    const value: ConfigChange['value'] = { binding, ...resourceName(kind, binding, config.name ?? workerNameFor(project.root)) };
    yield finding(
      'storage-binding',
      `${filesText(files)} need${files.length > 1 ? '' : 's'} a ${text}${name === undefined ? '' : ` ${name}`}, and none is bound`,
      {
        file,
        help: isTaken
          ? `another binding has the name ${binding}: give one of them another name`
          : `[[${config.pathOf(key).join('.')}]] binding = "${binding}"`,
        changes: isTaken ? [] : [{ type: 'append', path: config.pathOf(key), value }],
      },
    );
  }
}

/**
 * KV and D1 have no id: wrangler makes the resource at the first deployment and finds it again by the binding. A database's commands ask for a name, and buckets have
 * nothing else.
 */
function resourceName(kind: StorageKind, binding: string, worker: string): Readonly<Record<string, string>> {
  const name = `${worker}-${binding.toLowerCase().replaceAll('_', '-')}`;
  return kind === 'd1' ? { database_name: name } : kind === 'r2' ? { bucket_name: name } : {};
}

const KV_ID = /^[0-9a-f]{32}$/;
const D1_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function* placeholders({ kv, d1, shown: file }: DeployConfig): Generator<Finding> {
  for (const [entries, key, pattern] of [
    [kv, 'id', KV_ID],
    [d1, 'database_id', D1_ID],
  ] as const) {
    for (const { binding, id, line } of entries) {
      if (id === undefined || (pattern.test(id) && !/^[0-]+$/.test(id))) continue;
      const help = `take the line out: the first deployment makes what is missing${key === 'id' ? '' : ', by its database_name'}`;
      yield finding('placeholder-id', `\`${key}\` of ${binding} is "${id}", which is no id of the platform`, { file, line, help });
    }
  }
}

function* migrationFolders({ d1, file, shown, environment }: DeployConfig): Generator<Finding> {
  for (const { binding, migrationsDir, line } of d1) {
    if (migrationsDir === undefined) continue;
    const folder = resolve(dirname(file), migrationsDir);
    if (existsSync(folder)) {
      const command = `npx wrangler d1 migrations apply ${binding} --remote${environment === undefined ? '' : ` --env ${environment}`}`;
      yield finding('migrations', `a deployment applies no migrations to ${binding}: that is done before it`, {
        file: shown,
        line,
        help: command,
      });
      continue;
    }
    const name = relative(dirname(file), folder).split(sep).join('/');
    yield finding('migrations-folder', `the folder ${name}/ with the migrations of ${binding} is not there`, {
      file: shown,
      line,
      help: 'make it, or leave migrations_dir out',
    });
  }
}
