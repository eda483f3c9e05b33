import type { Span } from '../../program/diagnostic.ts';
import { createSuggester } from '../../program/suggest.ts';
import { allReads, type ParsedBody } from '../model/parsed-body.ts';
import type { ProjectIndex } from '../project-index.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';
import { PROVIDER_VARIABLES } from './settings/provider-variables.ts';

interface VariableUse {
  readonly name: string;
  readonly span: Span;
  /** What needs it, where no expression names it. */
  readonly neededFor?: string;
}

/** Variables that no file of the project declares: they read as undefined. Where nothing could declare any, nothing is known. */
export const undeclaredVariable: Check = {
  codes: ['undeclared-variable'],
  check(body, findings, { project }) {
    const uses = [...readUses(body), ...providerUses(body)];
    const known = uses.length === 0 ? undefined : project.variables();
    if (known === undefined) return;
    const names = new Set(known);
    const suggest = createSuggester();
    for (const { name, span, neededFor } of uses) {
      if (names.has(name)) continue;
      const message =
        neededFor === undefined
          ? `nothing in the project declares the variable "${name}"`
          : `${neededFor} needs the variable ${name}, which nothing in the project declares`;
      const near = suggest(name, known);
      const help = near === undefined ? helpFor(name, project) : `did you mean "${near}"?`;
      findings.report('undeclared-variable', span, message, { help });
    }
  },
};

function readUses(body: ParsedBody): readonly VariableUse[] {
  return allReads(body).flatMap(({ kind, name, path, span }): readonly VariableUse[] => {
    const [variable] = path;
    return kind === 'root' && name === 'env' && variable !== undefined ? [{ name: variable, span }] : [];
  });
}

function providerUses(body: ParsedBody): readonly VariableUse[] {
  return settingsOf(body, 'think').flatMap(({ name: agent, fields }): readonly VariableUse[] => {
    const provider = constantText(fields.value('provider'));
    if (provider === undefined || !Object.hasOwn(PROVIDER_VARIABLES, provider.text)) return [];
    const { key, baseURL } = PROVIDER_VARIABLES[provider.text] ?? {};
    const missing = [fields.value('apiKey') === undefined ? key : undefined, fields.value('baseURL') === undefined ? baseURL : undefined];
    const neededFor = `\`provider: ${provider.text}\` of "${agent}"`;
    return missing.flatMap((name) => (name === undefined ? [] : [{ name, span: provider.scalar.span, neededFor }]));
  });
}

function helpFor(name: string, project: ProjectIndex): string {
  const { file, kv, d1, r2 } = project.bindings() ?? {};
  if ([kv, d1, r2].some((names) => names?.includes(name) === true)) return 'that is a binding: expressions read variables and secrets only';
  const vars = file === undefined ? '' : `, a plain value under \`vars\` of ${file}`;
  return `declare it: a secret in .dev.vars (name it in .dev.vars.example for others)${vars}`;
}
