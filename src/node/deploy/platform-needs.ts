import { listAgents } from '../../program/list-agents.ts';
import { platformCrons } from '../../program/platform-crons.ts';
import type { Program } from '../../program/program.ts';
import type { StorageKind } from '../storage-bindings.ts';
import { constantOf, type VariableNeed, variablesRead } from './variables-read.ts';

/** Whoever needs something: files, relative to the project's root, each once. */
interface Needed {
  readonly files: readonly string[];
}

/** `name` undefined: the first binding of the kind will do. */
export interface StorageNeed extends Needed {
  readonly kind: StorageKind;
  readonly name?: string;
}

export interface QueueNeed extends Needed {
  readonly queue: string;
  /** The largest number of messages that one of its runs takes. */
  readonly batchSize: number;
}

/** What ensembles need of the platform to run deployed. All lists are in the order in which the ensembles were given. */
export interface PlatformNeeds {
  readonly storage: readonly StorageNeed[];
  /** Files with agents of `provider: workers-ai`. */
  readonly ai: readonly string[];
  readonly variables: readonly VariableNeed[];
  readonly queues: readonly QueueNeed[];
  /** In UTC, as the platform is told. */
  readonly crons: readonly (Needed & { readonly cron: string })[];
  /** Files of ensembles that the Workflows engine runs. */
  readonly workflows: readonly string[];
  readonly emails: readonly (Needed & { readonly address: string })[];
  /** Whether anybody may start runs without a key. */
  readonly hasPublicTrigger: boolean;
}

export function platformNeeds(programs: readonly Program[]): PlatformNeeds {
  const storage = new Grouped<Pick<StorageNeed, 'kind' | 'name'>>();
  const queues = new Grouped<{ readonly queue: string }>();
  const batchSizes = new Map<string, number>();
  const crons = new Grouped<{ readonly cron: string }>();
  const emails = new Grouped<{ readonly address: string }>();
  const variables = new Map<string, VariableNeed>();
  for (const program of programs) {
    for (const { kind, name } of program.bindings) {
      if (kind !== 'durable-object') storage.add({ kind, ...(name === undefined ? {} : { name }) }, program.file);
    }
    for (const trigger of program.triggers) {
      if (trigger.type === 'cron') for (const cron of platformCrons(trigger)) crons.add({ cron }, program.file);
      if (trigger.type === 'email') for (const address of trigger.addresses) emails.add({ address }, program.file);
      if (trigger.type !== 'queue') continue;
      queues.add({ queue: trigger.queue }, program.file);
      batchSizes.set(trigger.queue, Math.max(batchSizes.get(trigger.queue) ?? 1, trigger.batchSize));
    }
    for (const need of variablesRead(program)) {
      const known = variables.get(need.name);
      variables.set(need.name, {
        ...(known ?? need),
        isSecret: need.isSecret || known?.isSecret === true,
        isOptional: need.isOptional && known?.isOptional !== false,
      });
    }
  }
  return {
    storage: storage.all(),
    ai: programs.filter(usesWorkersAi).map(({ file }) => file),
    variables: [...variables.values()],
    queues: queues.all().map((need) => ({ ...need, batchSize: batchSizes.get(need.queue) ?? 1 })),
    crons: crons.all(),
    workflows: programs.filter(({ engine }) => engine === 'workflows').map(({ file }) => file),
    emails: emails.all(),
    hasPublicTrigger: programs.some(({ triggers }) => triggers.some((trigger) => 'public' in trigger && trigger.public)),
  };
}

function usesWorkersAi(program: Program): boolean {
  for (const { step } of listAgents(program)) {
    const { action } = step;
    if (action.type !== 'operation' || action.operation !== 'think') continue;
    if (constantOf(action.config, 'provider') === 'workers-ai') return true;
  }
  return false;
}

/** Equal things once, with all files that they are from. */
class Grouped<Thing extends object> {
  readonly #things = new Map<string, { readonly thing: Thing; readonly files: Set<string> }>();

  add(thing: Thing, file: string): void {
    const key = JSON.stringify(thing);
    const known = this.#things.get(key);
    if (known === undefined) this.#things.set(key, { thing, files: new Set([file]) });
    else known.files.add(file);
  }

  all(): readonly (Thing & Needed)[] {
    return Array.from(this.#things.values(), ({ thing, files }) => ({ ...thing, files: [...files] }));
  }
}
