/** Files beside ensembles that what is said about an ensemble depends on: what the editor should watch, as glob patterns. */
export const WATCHED_FILES = '**/{*.yaml,*.yml,*.js,*.ts,*.json,wrangler.toml,wrangler.jsonc,.dev.vars*,.env*}';

/** Whether other open files may be right or wrong because of this one: agent files, ensembles that run each other, settings, configuration. */
export function isDependency(uri: string): boolean {
  return /\/agents\/|\/ensembles\/|\/(?:ensemble\.config\.ya?ml|wrangler\.\w+|\.dev\.vars[^/]*|\.env[^/]*)$|\.(?:js|ts|json)$/.test(uri);
}
