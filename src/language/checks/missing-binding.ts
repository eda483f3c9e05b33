import { createSuggester } from '../../program/suggest.ts';
import type { DeclaredBindings } from '../project-index.ts';
import type { Check } from './check.ts';
import { type BindingUse, bindingUses, type StorageKind } from './settings/binding-uses.ts';

const KINDS: Readonly<Record<StorageKind, { readonly article: string; readonly what: string; readonly table: string }>> = {
  kv: { article: 'a', what: 'KV namespace', table: 'kv_namespaces' },
  d1: { article: 'a', what: 'D1 database', table: 'd1_databases' },
  r2: { article: 'an', what: 'R2 bucket', table: 'r2_buckets' },
};

/**
 * Bindings that the wrangler configuration lacks: a local run is given them all the same (DESIGN §4), a deployed one fails. Where there is no configuration, none
 * can be lacking.
 */
export const missingBinding: Check = {
  codes: ['missing-binding', 'wrong-binding-kind'],
  check(body, findings, { project }) {
    const uses = bindingUses(body);
    const declared = uses.length === 0 ? undefined : project.bindings();
    if (declared === undefined) return;
    const suggest = createSuggester();
    for (const use of uses) {
      const { article, what } = KINDS[use.kind];
      if (use.name === undefined ? declared[use.kind].length > 0 : declared[use.kind].includes(use.name)) continue;
      const otherKind = otherKindOf(use, declared);
      if (otherKind !== undefined) {
        const other = `${KINDS[otherKind].article} ${KINDS[otherKind].what}`;
        findings.report(
          'wrong-binding-kind',
          use.span,
          `${use.user} uses "${use.name}" as ${article} ${what}, but in ${declared.file} it is ${other}`,
          {
            help:
              declared[use.kind].length === 0
                ? `${declared.file} declares no ${what}`
                : `of that kind there is ${declared[use.kind].join(', ')}`,
          },
        );
        continue;
      }
      const message =
        use.name === undefined
          ? `${use.user} needs ${article} ${what}, and ${declared.file} declares none`
          : `${declared.file} declares no ${what} that is called "${use.name}"`;
      findings.report('missing-binding', use.span, message, {
        help: helpFor(use, use.name === undefined ? undefined : suggest(use.name, declared[use.kind])),
      });
    }
  },
};

function otherKindOf({ kind, name }: BindingUse, declared: DeclaredBindings): StorageKind | undefined {
  return (['kv', 'd1', 'r2'] as const).find((other) => other !== kind && name !== undefined && declared[other].includes(name));
}

function helpFor({ kind }: BindingUse, near: string | undefined): string {
  if (near !== undefined) return `did you mean "${near}"?`;
  const { table } = KINDS[kind];
  return `add it under \`${table}\`; a local run has it all the same, a deployed one does not`;
}
