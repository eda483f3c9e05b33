import { WORKER_BINDINGS, WORKER_CLASSES } from '../../../program/host-protocol.ts';
import type { ConfigChange } from '../../wrangler/config-change.ts';
import type { ClassMigration, DeployConfig } from '../../wrangler/deploy-config.ts';
import { type DeployCheck, type Finding, finding } from '../finding.ts';

/** The Durable Objects that every deployment has. */
const OBJECTS = (['runs', 'states', 'index', 'scopes', 'claims'] as const).map((key) => ({
  name: WORKER_BINDINGS[key],
  className: WORKER_CLASSES[key],
}));

/** That every class of Durable Objects is bound, has its SQLite, and is not given up. */
export const checkObjects: DeployCheck = ({ config }) => [...checkBindings(config), ...checkClasses(config)];

function* checkBindings({ objects, shown: file, pathOf, environment }: DeployConfig): Generator<Finding> {
  for (const { name, className } of OBJECTS) {
    const bound = objects.find((object) => object.name === name);
    if (bound === undefined) {
      const value = { name, class_name: className };
      const where = environment === undefined ? '' : ` of the environment ${environment}, which inherits none`;
      yield finding('durable-object-binding', `the binding ${name} of the class ${className} is missing${where}`, {
        file,
        help: `add { name = "${name}", class_name = "${className}" } to durable_objects.bindings`,
        changes: [{ type: 'append', path: [...pathOf('durable_objects'), 'bindings'], value }],
      });
    } else if (bound.className !== className || bound.scriptName !== undefined) {
      const has = bound.scriptName === undefined ? bound.className : `${bound.className} of the Worker ${bound.scriptName}`;
      yield finding('durable-object-binding', `${name} is bound to ${has}; it must be this Worker's ${className}`, {
        file,
        line: bound.line,
        help: `class_name = "${className}", without script_name`,
      });
    }
  }
}

function* checkClasses(config: DeployConfig): Generator<Finding> {
  const { migrations, exportedClasses, shown: file } = config;
  const { alive, lost } = followMigrations(migrations);
  const missing: string[] = [];
  const withoutSqlite: string[] = [];
  for (const { className } of OBJECTS) {
    const gone = lost.get(className);
    const isSqlite = alive.get(className);
    if (exportedClasses.includes(className)) continue;
    if (isSqlite === undefined && gone !== undefined) {
      yield finding(
        'lost-class',
        `the migration "${gone.tag}" gives up the class ${className}: all that its objects keep would be deleted`,
        {
          file,
          line: gone.line,
          help: 'take the migration out before it is deployed; if it was deployed, add a later one with the class in new_sqlite_classes',
        },
      );
    } else if (isSqlite === false) withoutSqlite.push(className);
    else if (isSqlite === undefined) missing.push(className);
  }
  if (withoutSqlite.length > 0) {
    const line = migrations.find(({ newClasses }) => withoutSqlite.some((name) => newClasses.includes(name)))?.line;
    const help = 'name them in new_sqlite_classes; a class that is deployed without SQLite cannot get it: delete it by a migration first';
    yield finding('durable-object-class', `new_classes gives no SQLite to ${withoutSqlite.join(', ')}`, { file, line, help });
  }
  if (missing.length === 0) return;
  const usesExports = exportedClasses.length > 0;
  const quoted = missing.map((name) => `"${name}"`).join(', ');
  yield finding('durable-object-class', `no migration makes the class${missing.length > 1 ? 'es' : ''} ${missing.join(', ')}`, {
    file,
    help: usesExports ? 'declare them under `exports`' : `[[migrations]] with a new tag and new_sqlite_classes = [${quoted}]`,
    changes: usesExports ? missing.map((name) => exported(config, name)) : [addMigration(config, missing)],
  });
}

interface Followed {
  /** Whether it has SQLite, by class. */
  readonly alive: ReadonlyMap<string, boolean>;
  /** By class, the migration that deletes it or renames it. */
  readonly lost: ReadonlyMap<string, ClassMigration>;
}

function followMigrations(migrations: readonly ClassMigration[]): Followed {
  const alive = new Map<string, boolean>();
  const lost = new Map<string, ClassMigration>();
  for (const migration of migrations) {
    for (const name of migration.newClasses) alive.set(name, false);
    for (const name of migration.newSqliteClasses) alive.set(name, true);
    for (const { from, to } of migration.renamedClasses) {
      alive.set(to, alive.get(from) ?? true);
      alive.delete(from);
      lost.set(from, migration);
    }
    for (const name of migration.deletedClasses) {
      alive.delete(name);
      lost.set(name, migration);
    }
  }
  return { alive, lost };
}

function addMigration({ migrations, heldAt }: DeployConfig, classes: readonly string[]): ConfigChange {
  const tags = new Set(migrations.map(({ tag }) => tag));
  let number = 1;
  while (tags.has(`ensemble-v${number}`)) number++;
  return { type: 'append', path: heldAt('migrations'), value: { tag: `ensemble-v${number}`, new_sqlite_classes: [...classes] } };
}

function exported({ heldAt }: DeployConfig, className: string): ConfigChange {
  return { type: 'set', path: [...heldAt('exports'), className], value: { type: 'durable-object', storage: 'sqlite' } };
}
