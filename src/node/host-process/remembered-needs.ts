import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BindingNeed } from '../../program/program.ts';
import type { HostNeeds } from '../host-needs.ts';

/** What the runs that are not over need of a workerd: the next host starts with it, so that it can go on with them. Undefined when nothing is known or can be read. */
export function readRememberedNeeds(hostFolder: string): HostNeeds | undefined {
  try {
    const { bindings, lazyModules, workflows }: HostNeeds = JSON.parse(readFileSync(fileOf(hostFolder), 'utf8'));
    return Array.isArray(bindings) ? { bindings, lazyModules: lazyModules === true, workflows: workflows === true } : undefined;
  } catch {
    return undefined;
  }
}

/** Best effort: without it runs go on as soon as a program with the same needs is run. */
export function rememberNeeds(hostFolder: string, needs: HostNeeds): void {
  const draft = `${fileOf(hostFolder)}.${process.pid}`;
  try {
    mkdirSync(hostFolder, { recursive: true });
    writeFileSync(draft, JSON.stringify({ ...needs, bindings: distinct(needs.bindings) }));
    renameSync(draft, fileOf(hostFolder));
  } catch {
    rmSync(draft, { force: true });
  }
}

/** Nothing is left that a later host would have to go on with. */
export function forgetNeeds(hostFolder: string): void {
  rmSync(fileOf(hostFolder), { force: true });
}

function fileOf(hostFolder: string): string {
  return join(hostFolder, 'needs.json');
}

function distinct(needs: readonly BindingNeed[]): BindingNeed[] {
  return [...new Map(needs.map((need) => [`${need.kind}/${need.name ?? ''}`, need])).values()];
}
