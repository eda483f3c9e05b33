import { WORKER_BINDINGS } from '../../../program/host-protocol.ts';
import { type DeployCheck, type Examined, type Finding, finding } from '../finding.ts';
import type { VariableNeed } from '../variables-read.ts';

/** The secrets that every deployment has. */
const OWN_SECRETS: readonly { readonly name: string; readonly what: string; readonly how: string }[] = [
  { name: WORKER_BINDINGS.apiKeys, what: 'who may use the HTTP API', how: 'ensemble keys create NAME --scope "*" makes an entry' },
  {
    name: WORKER_BINDINGS.sealKey,
    what: 'what secrets of waiting runs are sealed with',
    how: 'openssl rand -base64 32 makes one; keep it',
  },
];

/** That what ensembles read from `env` is declared, and that what is secret is kept as a secret. */
export const checkVariables: DeployCheck = (examined) => {
  const { needs, localSecrets, config } = examined;
  const secrets = needs.variables.filter((need) => isSecret(need, examined));
  return [
    ...needs.variables.flatMap((need) => [...checkVariable(need, examined)]),
    ...OWN_SECRETS.flatMap(({ name, what, how }) => [...checkSecret(name, what, how, examined)]),
    ...secrets.flatMap(({ name, file, line, isOptional }) =>
      isOptional && !localSecrets.expected.has(name) && !config.requiredSecrets.includes(name)
        ? []
        : [...checkSecret(name, `${placeText(file, line)} reads it`, undefined, examined)],
    ),
  ];
};

/** Kept as one, or called like one and nowhere plain. */
function isSecret({ name, isSecret: looksSecret }: VariableNeed, { config, localSecrets }: Examined): boolean {
  if (Object.hasOwn(config.vars, name)) return false;
  return looksSecret || localSecrets.given.has(name) || localSecrets.expected.has(name) || config.requiredSecrets.includes(name);
}

function* checkVariable(need: VariableNeed, examined: Examined): Generator<Finding> {
  const { config } = examined;
  const { name, file, line } = need;
  if (Object.hasOwn(config.vars, name)) {
    if (!need.isSecret) return;
    const place = config.lineOf(...config.pathOf('vars').slice(0, -1), 'vars', name);
    const help = `take it out of vars, change it where it was used, and keep the new one as a secret: ${putLine(name, config.environment)}`;
    yield finding('secret-in-vars', `${name} is a secret, and stands in \`vars\` for everybody to read`, {
      file: config.shown,
      line: place,
      help,
    });
    return;
  }
  if (isSecret(need, examined) || need.isOptional) return;
  const where = config.environment === undefined ? '' : ` for the environment ${config.environment}, which inherits no variables`;
  yield finding('variable', `nothing declares the variable ${name}${where}`, {
    file,
    line,
    help: `under [${config.pathOf('vars').join('.')}], or as a secret: ${putLine(name, config.environment)}`,
  });
}

function* checkSecret(name: string, what: string, how: string | undefined, { config, localSecrets }: Examined): Generator<Finding> {
  const { requiredSecrets, shown: file, pathOf, environment } = config;
  if (Object.hasOwn(config.vars, name)) {
    const line = config.lineOf('vars', name);
    yield finding('secret-in-vars', `${name} is a secret, and stands in \`vars\` for everybody to read`, {
      file,
      line,
      help: putLine(name, environment),
    });
    return;
  }
  if (!requiredSecrets.includes(name)) {
    const path = [...pathOf('secrets'), 'required'];
    yield finding('secret-not-required', `nothing makes a deployment without the secret ${name} fail (${what})`, {
      file,
      help: `add "${name}" to ${path.join('.')}`,
      changes: [{ type: 'append', path, value: name }],
    });
  }
  const local = how !== undefined || localSecrets.given.has(name) ? '' : '; it is not in .dev.vars either, where local runs look for it';
  yield finding('secret', `the secret ${name} must be set: ${what}${local}`, {
    help: `${putLine(name, environment)}${how === undefined ? '' : ` (${how})`}`,
  });
}

function putLine(name: string, environment: string | undefined): string {
  return `npx wrangler secret put ${name}${environment === undefined ? '' : ` --env ${environment}`}`;
}

function placeText(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}
