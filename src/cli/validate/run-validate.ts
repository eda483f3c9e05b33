import type { Severity } from '../../program/diagnostic.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import { checkFiles } from './check-files.ts';
import type { FormatName, Report } from './formats/format.ts';
import { FORMATS } from './formats/index.ts';
import { selectFiles } from './select-files.ts';
import { Workspace } from './workspace.ts';
import { workspacePath } from './workspace-path.ts';

export interface ValidateOptions {
  readonly format: FormatName;
  readonly maxWarnings?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/**
 * `ensemble validate`: findings on stdout, how many there are on stderr.
 * @throws UsageProblem; anything else is a defect.
 */
export async function runValidate(paths: readonly string[], options: ValidateOptions, io: Io): Promise<ExitCode> {
  const workspace = new Workspace();
  const report = checkFiles(selectFiles(paths, workspace, io.cwd), workspace, io.cwd);
  return showReport(report, options, io);
}

async function showReport(found: Report, options: ValidateOptions, io: Io): Promise<ExitCode> {
  const report = options.strict
    ? { ...found, findings: found.findings.map((finding) => ({ ...finding, severity: 'error' as const })) }
    : found;
  const shown = options.quiet ? { ...report, findings: report.findings.filter(({ severity }) => severity === 'error') } : report;
  const format = await FORMATS[options.format]();
  io.stdout.write(format.render(shown, { paint: createPaint(io.stdout, io.env), workspacePath: workspacePath(io) }));
  const count = (severity: Severity) => report.findings.filter((finding) => finding.severity === severity).length;
  const warnings = count('warning');
  const tooMany = options.maxWarnings !== undefined && warnings > options.maxWarnings;
  if (!options.quiet || shown.findings.length > 0) io.stderr.write(`${summarize(shown)}\n`);
  if (tooMany) io.stderr.write(`too many warnings: ${warnings}, --max-warnings allows ${options.maxWarnings}\n`);
  return count('error') > 0 || tooMany ? EXIT.problemsInFile : EXIT.done;
}

/** `3 errors, 1 warning in 2 files`, `42 files: no problems`. */
function summarize({ findings, files }: Report): string {
  const plural = (count: number) => `${count} file${count === 1 ? '' : 's'}`;
  if (findings.length === 0) return `${plural(files.length)}: no problems`;
  return `${countDiagnostics(findings)} in ${plural(new Set(findings.map(({ file }) => file)).size)}`;
}
