import { existsSync, readFileSync } from 'node:fs';
import { RULES, type Rule } from '../../src/program/rules.ts';

const INTRODUCTION = `# Rules

What \`ensemble validate\` finds in a file before anything runs. Each finding has the name of its rule, a place, and mostly a way to mend it.
\`ensemble explain NAME\` prints one of these sections. An optional rule can be switched off or given another severity, for a project in
\`ensemble.config.yaml\`, for one call with \`--rule NAME=off|warn|error\`, and for one place with \`# ensemble-ignore NAME: reason\` on the line above.

Made from \`src/program/rules.ts\` and \`src/language/rules/\` by \`npm run generate\`.
`;

/** docs/rules.md: every rule with what it finds, why, and a wrong and a right example. */
export function renderRules(): string {
  const sections = Object.entries<Rule>(RULES).map(([name, rule]) => {
    const kind = rule.optional === true ? `${rule.severity}, optional` : rule.severity;
    return [`## ${name}`, `*${kind}* — ${rule.finds}`, readPage(name)].filter((part) => part !== '').join('\n\n');
  });
  return `${[INTRODUCTION.trimEnd(), ...sections].join('\n\n')}\n`;
}

function readPage(name: string): string {
  const file = new URL(`../../src/language/rules/${name}.md`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}
