import type { Finding, Severity } from '../../node/deploy/finding.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';

/** Findings on stdout, each with its place and what to do, worst first; how many there are on stderr. */
export function showFindings(findings: readonly Finding[], io: Io): void {
  const paint = createPaint(io.stdout, io.env);
  const shown = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  if (shown.length > 0) io.stdout.write(`${shown.map((finding) => renderFinding(finding, paint)).join('\n')}\n`);
  io.stderr.write(`${countText(findings)}\n`);
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

export function renderFinding({ code, severity, message, file, line, help }: Finding, paint: Paint): string {
  const tone = { error: paint.red, warning: paint.yellow, note: paint.cyan }[severity];
  const place = file === undefined ? '' : `${harmlessLine(file)}${line === undefined ? '' : `:${line}`}: `;
  const lines = [`${place}${tone(`${severity}[${code}]`)}: ${paint.bold(harmlessLine(message))}`];
  if (help !== undefined) lines.push(`  ${paint.cyan('help:')} ${harmlessLine(help)}`);
  return lines.join('\n');
}

/** `2 errors, 1 warning`; notes are nothing that is wrong. */
function countText(findings: readonly Finding[]): string {
  const counts = (['error', 'warning'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count > 1 ? 's' : ''}`];
  });
  return counts.length === 0 ? 'The configuration has all that the ensembles need.' : counts.join(', ');
}
