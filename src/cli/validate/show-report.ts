import type { Severity } from '../../program/diagnostic.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io, Output } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import type { FormatName, Report } from './formats/format.ts';
import { FORMATS } from './formats/index.ts';
import { workspacePath } from './workspace-path.ts';

export interface ShowOptions {
  readonly format: FormatName;
  readonly maxWarnings?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** Writes the findings to `output` and how many there are to stderr. Warnings that `quiet` hides still count for `maxWarnings`. */
export async function showReport(found: Report, options: ShowOptions, output: Output, io: Io): Promise<ExitCode> {
  const report = options.strict ? withoutWarnings(found) : found;
  const count = (severity: Severity) => report.findings.filter((finding) => finding.severity === severity).length;
  const shown = options.quiet ? { ...report, findings: report.findings.filter(({ severity }) => severity === 'error') } : report;
  const format = await FORMATS[options.format]();
  output.write(format.render(shown, { paint: createPaint(output, io.env), workspacePath: workspacePath(io) }));
  if (!options.quiet || shown.findings.length > 0) io.stderr.write(`${summarize(shown)}\n`);
  const tooMany = options.maxWarnings !== undefined && count('warning') > options.maxWarnings;
  if (tooMany) io.stderr.write(`too many warnings: ${count('warning')}, --max-warnings allows ${options.maxWarnings}\n`);
  return count('error') > 0 || tooMany ? EXIT.problemsInFile : EXIT.done;
}

const withoutWarnings = (report: Report): Report => ({
  ...report,
  findings: report.findings.map((finding) => ({ ...finding, severity: 'error' })),
});

/** `3 errors, 1 warning in 2 files`, `42 files: no problems`. */
function summarize({ findings, files }: Report): string {
  if (findings.length === 0) return `${countFiles(files.length)}: no problems`;
  return `${countDiagnostics(findings)} in ${countFiles(new Set(findings.map(({ file }) => file)).size)}`;
}

export const countFiles = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;
