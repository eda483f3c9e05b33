import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';

export interface Variables {
  readonly vars: Readonly<Record<string, string>>;
  /** The names of those that are redacted wherever the run shows them. */
  readonly secretVars: readonly string[];
}

/** A variable with such a name is a secret, whoever gives it. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

/**
 * `--var K=V`, and `--var K` which takes the value from the process's own environment, so that a secret need not stand on a command line. A variable
 * is a secret when `.dev.vars` has one of that name or its name says so (KEY, TOKEN, SECRET, PASSWORD, CREDENTIAL).
 * @throws UsageProblem for a malformed one.
 */
export function readVariables(options: readonly string[], devVars: Readonly<Record<string, string>>, io: Io): Variables {
  const vars: Record<string, string> = {};
  for (const option of options) {
    const [, name = '', value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s.exec(option) ?? [];
    if (name === '')
      throw new UsageProblem(`--var takes NAME=value, or NAME for the value in the environment; found "${option.split('=')[0]}"`);
    const found = value ?? io.env[name];
    if (found === undefined)
      throw new UsageProblem(`--var ${name}: the environment has no variable of that name; give it as ${name}=value`);
    vars[name] = found;
  }
  return { vars, secretVars: Object.keys(vars).filter((name) => Object.hasOwn(devVars, name) || SECRET_NAME.test(name)) };
}
