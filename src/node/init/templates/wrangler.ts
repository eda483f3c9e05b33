import { WORKER_COMPATIBILITY } from '../../../program/host-protocol.ts';
import type { NewProject } from '../new-project.ts';
import { EXAMPLE_SECRET } from './ensemble.ts';

/** As `ensemble doctor --fix` would have it, with the reasons. */
export function wranglerConfig({ name, triggers }: NewProject): string {
  const secrets = ['ENSEMBLE_API_KEYS', 'ENSEMBLE_SEAL_KEY', ...(triggers ? [EXAMPLE_SECRET] : [])];
  return `# How wrangler deploys this project: https://developers.cloudflare.com/workers/wrangler/configuration/
# \`ensemble doctor\` compares it with what the ensembles need, and writes what is missing with --fix.
name = "${name}"
main = ".ensemble/build/index.js"
compatibility_date = "${WORKER_COMPATIBILITY.date}"
compatibility_flags = ["nodejs_als"]

# What \`ensemble build\` writes is taken as it is.
no_bundle = true
find_additional_modules = true
rules = [{ type = "ESModule", globs = ["**/*.js"] }]

[build]
command = "npx ensemble build"
${triggers ? '\n# In UTC; the cron triggers of the ensembles.\n[triggers]\ncrons = ["0 6 * * *"]\n' : ''}
# A deployment without them is refused. The first one takes them from a file: \`npx ensemble deploy -- --secrets-file FILE\`.
[secrets]
required = [${secrets.map((secret) => `"${secret}"`).join(', ')}]

# A run, a state across runs, the index of the runs, that of the states, and keys that may be used once.
[durable_objects]
bindings = [
  { name = "ENSEMBLE_RUNS", class_name = "RunObject" },
  { name = "ENSEMBLE_STATES", class_name = "StateObject" },
  { name = "ENSEMBLE_INDEX", class_name = "RunIndex" },
  { name = "ENSEMBLE_SCOPES", class_name = "ScopeIndex" },
  { name = "ENSEMBLE_CLAIMS", class_name = "ClaimObject" },
]

[[migrations]]
tag = "ensemble-v1"
new_sqlite_classes = ["RunObject", "StateObject", "RunIndex", "ScopeIndex", "ClaimObject"]
`;
}

export function devVarsExample({ triggers }: NewProject): string {
  return `# Secrets of local runs: copy this to .dev.vars, which git ignores, and write your own values.
# Who may use the HTTP API; without it \`ensemble dev\` makes a key when it starts.
# ENSEMBLE_API_KEYS='[{"name":"me","key":"at-least-16-characters","scopes":["*"]}]'
${triggers ? `# What a caller of /word-report shows.\n${EXAMPLE_SECRET}=at-least-16-characters\n` : ''}`;
}
