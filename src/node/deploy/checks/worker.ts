import { DEPLOYED_FLAGS, WORKER_COMPATIBILITY } from '../../../program/host-protocol.ts';
import type { ConfigChange } from '../../wrangler/config-change.ts';
import { type DeployCheck, type Finding, finding } from '../finding.ts';
import { workerNameFor } from '../worker-name.ts';

/** Where `ensemble build` puts the Worker, as a configuration in the project's root says it. */
const BUILT_MAIN = '.ensemble/build/index.js';
const BUILD_COMMAND = 'npx ensemble build';

/** What wrangler takes; what it makes of a new project is stricter (WORKER_NAME). */
const ACCEPTED_NAME = /^[a-z0-9_][a-z0-9_-]*$/;

const MODULE_RULE = { type: 'ESModule', globs: ['**/*.js'] };

/** That the Worker is what `ensemble build` makes, taken as it is. */
export const checkWorker: DeployCheck = ({ config, project }) => {
  const { shown: file, lineOf } = config;
  const findings: Finding[] = [];
  const root = (key: string, value: ConfigChange['value']): ConfigChange => ({ type: 'set', path: [key], value });
  if (config.name === undefined) {
    const name = workerNameFor(project.root);
    findings.push(finding('worker-name', 'the Worker has no `name`', { file, help: `name = "${name}"`, changes: [root('name', name)] }));
  } else if (!ACCEPTED_NAME.test(config.name)) {
    const help = `small letters, digits, _ and -, such as "${workerNameFor(config.name)}"`;
    findings.push(finding('worker-name', `wrangler takes no Worker of the name "${config.name}"`, { file, line: lineOf('name'), help }));
  }
  if (config.main === undefined) {
    const help = `main = "${BUILT_MAIN}", which \`ensemble build\` writes`;
    findings.push(
      finding('worker-main', 'there is no `main`: wrangler does not know what to deploy', {
        file,
        help,
        changes: [root('main', BUILT_MAIN)],
      }),
    );
  } else if (plainPath(config.main) !== BUILT_MAIN) {
    const help = `set main = "${BUILT_MAIN}"; a Worker of your own needs a configuration of its own, and reaches this one over HTTP or a service binding`;
    findings.push(
      finding('worker-main', `\`main\` is "${config.main}", not what \`ensemble build\` writes`, { file, line: lineOf('main'), help }),
    );
  }
  for (const [key, isSet] of [
    ['no_bundle', config.noBundle],
    ['find_additional_modules', config.findAdditionalModules],
  ] as const) {
    if (isSet) continue;
    const message = `\`${key}\` is not true: wrangler would not take the modules that \`ensemble build\` writes as they are`;
    findings.push(finding('worker-modules', message, { file, line: lineOf(key), help: `${key} = true`, changes: [root(key, true)] }));
  }
  if (config.baseDir !== undefined && plainPath(config.baseDir) !== plainPath(BUILT_MAIN.replace(/\/index\.js$/, ''))) {
    const message = `\`base_dir\` is "${config.baseDir}": modules would have other names than those they import each other by`;
    findings.push(finding('worker-modules', message, { file, line: lineOf('base_dir'), help: 'leave it out: it is the folder of `main`' }));
  }
  if (!config.rules.some(({ type, globs }) => type === MODULE_RULE.type && globs.includes('**/*.js'))) {
    const help = 'rules = [{ type = "ESModule", globs = ["**/*.js"] }]';
    const change: ConfigChange = { type: 'append', path: config.heldAt('rules'), value: MODULE_RULE };
    findings.push(
      finding('worker-modules', 'no rule says that `.js` files are ES modules: wrangler takes them for CommonJS', {
        file,
        line: lineOf('rules'),
        help,
        changes: [change],
      }),
    );
  }
  findings.push(...checkBuildCommand(config));
  const { date } = WORKER_COMPATIBILITY;
  if (config.compatibilityDate === undefined || config.compatibilityDate < date) {
    const message = `\`compatibility_date\` ${config.compatibilityDate === undefined ? 'is missing' : `is ${config.compatibilityDate}`}: Ensemble is written for the runtime of ${date} or later`;
    const path = config.heldAt('compatibility_date');
    findings.push(
      finding('compatibility-date', message, {
        file,
        line: lineOf('compatibility_date'),
        help: `compatibility_date = "${date}"`,
        changes: [{ type: 'set', path, value: date }],
      }),
    );
  }
  // Node's whole compatibility has what the smaller flag stands for.
  const missing = config.compatibilityFlags.includes('nodejs_compat')
    ? []
    : DEPLOYED_FLAGS.filter((flag) => !config.compatibilityFlags.includes(flag));
  for (const flag of missing) {
    const change: ConfigChange = { type: 'append', path: config.heldAt('compatibility_flags'), value: flag };
    const help = `compatibility_flags = ["${flag}"]`;
    findings.push(
      finding('compatibility-flags', `the flag \`${flag}\` is missing: code agents keep their logs apart by it`, {
        file,
        line: lineOf('compatibility_flags'),
        help,
        changes: [change],
      }),
    );
  }
  return findings;
};

function checkBuildCommand(config: Parameters<DeployCheck>[0]['config']): readonly Finding[] {
  const { shown: file, environment, buildCommand } = config;
  const line = config.lineOf('build', 'command');
  const wanted = environment === undefined ? BUILD_COMMAND : `${BUILD_COMMAND} --env ${environment}`;
  if (buildCommand === undefined) {
    const set = (path: readonly string[], value: string): ConfigChange => ({ type: 'set', path: [...path, 'build', 'command'], value });
    const own = environment === undefined || !/^[\w.-]+$/.test(environment) ? [] : [set(['env', environment], wanted)];
    const changes = [set([], BUILD_COMMAND), ...own];
    const help = `[build] command = "${BUILD_COMMAND}"`;
    return [
      finding('build-command', 'wrangler is not told to build: it would deploy what an earlier build left, or nothing', {
        file,
        help,
        changes,
      }),
    ];
  }
  if (!/\bensemble(?:\.js)?\b.*\bbuild\b/.test(buildCommand)) {
    return [
      finding('build-command', `the build command "${buildCommand}" does not run \`ensemble build\``, {
        file,
        line,
        help: `[build] command = "${wanted}"`,
      }),
    ];
  }
  if (environment === undefined || namesEnvironment(buildCommand, environment)) return [];
  const command = `${buildCommand} --env ${environment}`;
  const message = `the build command does not know the environment: which variables are plain and which are secrets is taken from the top level`;
  const help = `[env.${environment}.build] command = "${command}"`;
  const change: ConfigChange = { type: 'set', path: ['env', environment, 'build', 'command'], value: command };
  // Only where what is put behind the command is the build's, and nothing but a word for the shell.
  const isSafe = /\bensemble(?:\.js)?\s+build\b[^;&|]*$/.test(buildCommand) && /^[\w.-]+$/.test(environment);
  return [finding('build-environment', message, { file, line, help, changes: isSafe ? [change] : [] })];
}

/** `ensemble build --env staging`, `-e staging`, `--env=staging`. */
function namesEnvironment(command: string, environment: string): boolean {
  const words = command.split(/[\s=]+/);
  return words.some((word, index) => (word === '--env' || word === '-e') && words[index + 1] === environment);
}

const plainPath = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '');
