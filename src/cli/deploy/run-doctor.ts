import { examineProject } from '../../node/deploy/examine-project.ts';
import type { Finding } from '../../node/deploy/finding.ts';
import { fixedConfig, writeConfig } from '../../node/deploy/fix-config.ts';
import { findProject } from '../../node/find-project.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { drawDiff } from './draw-diff.ts';
import { showFindings } from './show-findings.ts';

export interface DoctorOptions {
  readonly fix?: boolean;
  readonly env?: string;
  readonly json?: boolean;
}

/**
 * `ensemble doctor`: what the wrangler configuration lacks for the project's ensembles.
 * @throws ProjectProblem; anything else is a defect.
 */
export async function runDoctor({ fix = false, env: environment, json = false }: DoctorOptions, io: Io): Promise<ExitCode> {
  const project = findProject(io.cwd);
  const examination = examineProject({ project, env: io.env, ...(environment === undefined ? {} : { environment }) });
  let { findings } = examination;
  let changed: { readonly before: string; readonly after: string } | undefined;
  let refused: readonly string[] = [];
  if (fix) {
    const fixed = fixedConfig(examination, findings);
    refused = fixed.refused;
    if (fixed.after !== fixed.before) {
      writeConfig(examination, fixed);
      changed = fixed;
      findings = examination.withText(fixed.after);
    }
  }
  const { shown } = examination.config;
  if (json) printJson(asJson(shown, environment, findings, changed !== undefined, refused), io);
  else {
    showDiagnostics(examination.errors, project.root, io);
    if (changed !== undefined) {
      const paint = createPaint(io.stdout, io.env);
      io.stdout.write(
        `${paint.bold(`${examination.isNew ? 'made' : 'changed'} ${harmlessLine(shown)}`)}\n${drawDiff(changed.before, changed.after, paint)}\n`,
      );
    }
    for (const line of refused) io.stderr.write(`${harmlessLine(`${shown}: ${line}`)}\n`);
    showFindings(findings, io);
    if (!fix && findings.some(({ changes }) => changes.length > 0)) {
      io.stderr.write(
        `ensemble doctor --fix${environment === undefined ? '' : ` --env ${harmlessLine(environment)}`} writes what is missing.\n`,
      );
    }
  }
  return findings.some(({ severity }) => severity === 'error') ? EXIT.problemsInFile : EXIT.done;
}

function asJson(file: string, environment: string | undefined, findings: readonly Finding[], fixed: boolean, refused: readonly string[]) {
  return {
    file,
    environment: environment ?? null,
    ok: findings.every(({ severity }) => severity !== 'error'),
    fixed,
    findings: findings.map(({ changes, ...found }) => ({ ...found, fixable: changes.length > 0 })),
    refused,
  };
}
