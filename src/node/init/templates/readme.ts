import type { NewProject } from '../new-project.ts';
import { EXAMPLE_SECRET } from './ensemble.ts';

export function readme({ name, triggers }: NewProject): string {
  const fence = '```';
  return `# ${name}

Workflows in YAML (\`ensembles/\`), run by [Ensemble](https://www.npmjs.com/package/ensemble-run): here and on Cloudflare Workers.

${fence}sh
npm install
npx ensemble run word-report --input @ensembles/inputs/word-report.json
npx ensemble dev
${fence}

\`ensemble dev\` serves what would be deployed, and starts again when a file changes. Its secrets lie in \`.dev.vars\` (\`.dev.vars.example\` shows which).

## Deploy

${fence}sh
npx ensemble doctor
npx ensemble deploy -- --secrets-file .secrets
${fence}

The first deployment takes the secrets from a file of lines \`NAME=value\`, which is not to be committed:

- \`ENSEMBLE_API_KEYS\`: who may use the HTTP API; \`npx ensemble keys create NAME\` makes a key.
- \`ENSEMBLE_SEAL_KEY\`: 32 random bytes, \`openssl rand -base64 32\`.
${triggers ? `- \`${EXAMPLE_SECRET}\`: what a caller of \`/word-report\` shows.\n` : ''}
After that \`npx ensemble deploy\` is enough, and \`npx wrangler secret put NAME\` changes one.
`;
}
