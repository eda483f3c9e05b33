/** The checks of a new project, on GitHub. Actions are named by commit: a tag can be moved. */
export function ciWorkflow(): string {
  return `name: Ensembles
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903 # v6.0.0
        with:
          node-version: 24
      - run: npm ci
      - run: npx ensemble validate --strict
      - run: npx ensemble run word-report --input @ensembles/inputs/word-report.json
      - run: npx ensemble doctor
      # Builds as well, as wrangler.toml says.
      - run: npx wrangler deploy --dry-run
`;
}
