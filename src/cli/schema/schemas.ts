/** The JSON Schemas of the package, in schemas/, and what each describes. */
export const SCHEMAS = {
  ensemble: 'an ensemble file',
  agent: 'an agent file',
  config: 'ensemble.config.yaml, the settings of a project',
  'run-event': 'one event of a run, as `ensemble run --json` prints it',
} as const;
export type SchemaName = keyof typeof SCHEMAS;
