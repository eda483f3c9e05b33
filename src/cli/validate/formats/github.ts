import { posix } from 'node:path';
import { harmless, harmlessLine } from '../../terminal/harmless.ts';
import type { Finding, Format } from './format.ts';

/**
 * Annotations of GitHub Actions: workflow commands (docs.github.com, "Workflow commands"), one line each, the rule as their title, the help below the message.
 * GitHub shows the first ten errors and the first ten warnings of a step.
 */
export const github: Format = {
  render({ findings }, { workspacePath = '' }) {
    return findings.map((finding) => `${renderCommand(finding, workspacePath)}\n`).join('');
  },
};

function renderCommand({ file, span, severity, code, message, help }: Finding, workspacePath: string): string {
  const properties = {
    file: posix.join(workspacePath, file),
    line: span.line,
    endLine: span.endLine,
    // The runner refuses columns of an annotation that goes over several lines.
    ...(span.line === span.endLine && { col: span.column, endColumn: span.endColumn }),
    title: code,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData(help === undefined ? message : `${message}\n${help}`)}`;
}

/** What the runner's own toolkit escapes in a message (@actions/core, command.ts), after control characters are gone. */
const escapeData = (text: string): string =>
  harmless(text.toWellFormed()).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(harmlessLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
