import type { JsonObject } from '../../program/json.ts';
import { suggest } from '../../program/suggest.ts';
import { ProjectProblem } from '../project-problem.ts';
import { type ConfigTable, type OpenConfig, openConfig, pathText } from './config-reader.ts';
import type { ConfigPath } from './toml-outline.ts';

/** Something of the configuration, with the line (from 1) on which it begins. */
interface Placed {
  readonly line: number | undefined;
}

export interface ObjectBinding extends Placed {
  readonly name: string;
  readonly className: string;
  /** The Worker that has the class, when it is another one. */
  readonly scriptName?: string;
}

export interface ClassMigration extends Placed {
  readonly tag: string;
  readonly newClasses: readonly string[];
  readonly newSqliteClasses: readonly string[];
  readonly deletedClasses: readonly string[];
  readonly renamedClasses: readonly { readonly from: string; readonly to: string }[];
}

/** Without an id the platform makes the resource at the first deployment. */
export interface StorageBinding extends Placed {
  readonly binding: string;
  readonly id?: string;
}

export interface DatabaseBinding extends StorageBinding {
  readonly databaseName?: string;
  /** As written: relative to the configuration. */
  readonly migrationsDir?: string;
  readonly migrationsTable: string;
}

export interface BucketBinding extends Placed {
  readonly binding: string;
  readonly bucketName?: string;
}

export interface QueueProducer extends Placed {
  readonly binding: string;
  readonly queue?: string;
}

/** What is absent is left to the platform: 10 messages, 5 s, 3 retries. */
export interface QueueConsumer extends Placed {
  readonly queue: string;
  readonly maxBatchSize?: number;
  readonly maxBatchTimeoutSeconds?: number;
  readonly maxRetries?: number;
  readonly deadLetterQueue?: string;
  readonly retryDelaySeconds?: number;
}

export interface WorkflowBinding extends Placed {
  readonly binding: string;
  readonly name: string;
  readonly className: string;
  readonly scriptName?: string;
}

export interface RateLimit extends Placed {
  readonly name: string;
  readonly namespaceId: string;
  readonly limit: number;
  readonly periodSeconds: number;
}

export interface ModuleRule extends Placed {
  readonly type: string;
  readonly globs: readonly string[];
}

/** What a Worker that is deployed by this configuration has, as wrangler resolves it for one environment. Lists are in the order of the file. */
export interface DeployConfig {
  /** Absolute. */
  readonly file: string;
  /** Relative to the working directory: for messages. */
  readonly shown: string;
  /** The named environment; undefined = the top level. */
  readonly environment?: string;
  /** Those that the file has. */
  readonly environments: readonly string[];
  /** Of the Worker. An environment without one has the name of the top level with its own behind it. */
  readonly name?: string;
  /** As written: relative to the configuration. */
  readonly main?: string;
  readonly noBundle: boolean;
  readonly findAdditionalModules: boolean;
  readonly baseDir?: string;
  readonly rules: readonly ModuleRule[];
  readonly buildCommand?: string;
  readonly compatibilityDate?: string;
  readonly compatibilityFlags: readonly string[];
  readonly objects: readonly ObjectBinding[];
  readonly migrations: readonly ClassMigration[];
  /** The classes of Durable Objects that `exports` declares, which takes the place of migrations. */
  readonly exportedClasses: readonly string[];
  readonly kv: readonly StorageBinding[];
  readonly d1: readonly DatabaseBinding[];
  readonly r2: readonly BucketBinding[];
  readonly ai?: Placed & { readonly binding: string };
  readonly queueProducers: readonly QueueProducer[];
  readonly queueConsumers: readonly QueueConsumer[];
  readonly workflows: readonly WorkflowBinding[];
  /** Names of `worker_loaders` bindings. */
  readonly workerLoaders: readonly (Placed & { readonly binding: string })[];
  readonly rateLimits: readonly RateLimit[];
  readonly crons: readonly string[];
  /** Names of `send_email` bindings. */
  readonly sendEmail: readonly (Placed & { readonly name: string })[];
  readonly vars: JsonObject;
  /** `secrets.required` */
  readonly requiredSecrets: readonly string[];
  /** The path under which this environment keeps a key that environments do not inherit: `env.staging.vars`. */
  pathOf(key: string): ConfigPath;
  /** The path of a key that environments inherit: where it stands, or is to stand. */
  heldAt(key: string): ConfigPath;
  /** The line of a key as it is resolved: the environment's own, or for one that is inherited the top level's. */
  lineOf(...path: ConfigPath): number | undefined;
}

/**
 * Reads `wrangler.toml`, `wrangler.jsonc` or `wrangler.json` for a deployment. Bindings and variables are not inherited by a named environment, the rest is:
 * https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys
 * @throws ProjectProblem with file, line and key for what cannot be read, and for an environment that is not there.
 */
export function readDeployConfig(file: string, environment?: string): DeployConfig {
  return resolveConfig(openConfig(file), environment);
}

export function resolveConfig(config: OpenConfig, environment?: string): DeployConfig {
  const { root, file, shown, lineOf } = config;
  const environments = Object.keys(root.json('env') ?? {});
  const own = environment === undefined ? root : root.table('env')?.table(environment);
  if (own === undefined) throw new ProjectProblem(unknownEnvironment(shown, environment ?? '', environments));

  /** The table that an inherited key is taken from. */
  const holder = (key: string): ConfigTable => (own.json(key) === undefined ? root : own);
  const inherited = (key: string): string | undefined => holder(key).text(key);
  const inheritedFlag = (key: string): boolean => holder(key).flag(key) ?? false;
  const name = own.text('name') ?? (own === root ? undefined : suffixed(root.text('name'), environment));
  const main = inherited('main');
  const baseDir = inherited('base_dir');
  const buildCommand = holder('build').table('build')?.text('command');
  const compatibilityDate = inherited('compatibility_date');
  const ai = own.table('ai');
  const queues = own.table('queues');
  return {
    file,
    shown,
    ...defined({ environment, name, main, baseDir, buildCommand, compatibilityDate }),
    environments,
    noBundle: inheritedFlag('no_bundle'),
    findAdditionalModules: inheritedFlag('find_additional_modules'),
    rules: holder('rules')
      .tables('rules')
      .map((rule) => ({ line: rule.line, type: rule.text('type') ?? '', globs: rule.texts('globs') ?? [] })),
    compatibilityFlags: holder('compatibility_flags').texts('compatibility_flags') ?? [],
    objects: (own.table('durable_objects')?.tables('bindings') ?? []).map((entry) => ({
      line: entry.line,
      name: required(entry, 'name', config),
      className: required(entry, 'class_name', config),
      ...defined({ scriptName: entry.text('script_name') }),
    })),
    migrations: holder('migrations').tables('migrations').map(readMigration),
    exportedClasses: exportedClasses(holder('exports').table('exports')),
    kv: own.tables('kv_namespaces').map((entry) => ({
      line: entry.line,
      binding: required(entry, 'binding', config),
      ...defined({ id: entry.text('id') }),
    })),
    d1: own.tables('d1_databases').map((entry) => ({
      line: entry.line,
      binding: required(entry, 'binding', config),
      migrationsTable: entry.text('migrations_table') ?? 'd1_migrations',
      ...defined({
        id: entry.text('database_id'),
        databaseName: entry.text('database_name'),
        migrationsDir: entry.text('migrations_dir'),
      }),
    })),
    r2: own.tables('r2_buckets').map((entry) => ({
      line: entry.line,
      binding: required(entry, 'binding', config),
      ...defined({ bucketName: entry.text('bucket_name') }),
    })),
    ...(ai === undefined ? {} : { ai: { line: ai.line, binding: required(ai, 'binding', config) } }),
    queueProducers: (queues?.tables('producers') ?? []).map((entry) => ({
      line: entry.line,
      binding: required(entry, 'binding', config),
      ...defined({ queue: entry.text('queue') }),
    })),
    queueConsumers: (queues?.tables('consumers') ?? []).map((entry) => ({
      line: entry.line,
      queue: required(entry, 'queue', config),
      ...defined({
        maxBatchSize: entry.number('max_batch_size'),
        maxBatchTimeoutSeconds: entry.number('max_batch_timeout'),
        maxRetries: entry.number('max_retries'),
        deadLetterQueue: entry.text('dead_letter_queue'),
        retryDelaySeconds: entry.number('retry_delay'),
      }),
    })),
    workflows: own.tables('workflows').map((entry) => ({
      line: entry.line,
      binding: required(entry, 'binding', config),
      name: required(entry, 'name', config),
      className: required(entry, 'class_name', config),
      ...defined({ scriptName: entry.text('script_name') }),
    })),
    workerLoaders: own.tables('worker_loaders').map((entry) => ({ line: entry.line, binding: required(entry, 'binding', config) })),
    rateLimits: own.tables('ratelimits').map((entry) => ({
      line: entry.line,
      name: required(entry, 'name', config),
      namespaceId: required(entry, 'namespace_id', config),
      limit: entry.table('simple')?.number('limit') ?? 0,
      periodSeconds: entry.table('simple')?.number('period') ?? 60,
    })),
    crons: holder('triggers').table('triggers')?.texts('crons') ?? [],
    sendEmail: own.tables('send_email').map((entry) => ({ line: entry.line, name: required(entry, 'name', config) })),
    vars: own.table('vars')?.asJson ?? {},
    requiredSecrets: own.table('secrets')?.texts('required') ?? [],
    pathOf: (key) => [...own.path, key],
    heldAt: (key) => [...holder(key).path, key],
    lineOf: (...path) => lineOf([...own.path, ...path]) ?? lineOf(path),
  };
}

function readMigration(entry: ConfigTable): ClassMigration {
  return {
    line: entry.line,
    tag: entry.text('tag') ?? '',
    newClasses: entry.texts('new_classes') ?? [],
    newSqliteClasses: entry.texts('new_sqlite_classes') ?? [],
    deletedClasses: entry.texts('deleted_classes') ?? [],
    renamedClasses: entry.tables('renamed_classes').map((renamed) => ({ from: renamed.text('from') ?? '', to: renamed.text('to') ?? '' })),
  };
}

function exportedClasses(exports: ConfigTable | undefined): readonly string[] {
  const names = Object.keys(exports?.asJson ?? {});
  return names.filter((name) => exports?.table(name)?.text('type') === 'durable-object');
}

function required(entry: ConfigTable, key: string, { shown }: OpenConfig): string {
  const text = entry.text(key);
  if (text !== undefined && text !== '') return text;
  throw new ProjectProblem(`${shown}${entry.line === undefined ? '' : `:${entry.line}`}: ${pathText(entry.path)} has no \`${key}\``);
}

function unknownEnvironment(shown: string, environment: string, known: readonly string[]): string {
  const near = suggest(environment, known);
  const help = near !== undefined ? `did you mean "${near}"?` : known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`;
  return `${shown} has no environment "${environment}"; ${help}`;
}

const suffixed = (name: string | undefined, environment: string | undefined): string | undefined =>
  name === undefined ? undefined : `${name}-${environment}`;

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that have no value. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
