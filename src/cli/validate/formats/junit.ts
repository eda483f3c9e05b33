import { XMLBuilder } from 'fast-xml-parser';
import { renderCodeFrame } from '../../../language/document/code-frame.ts';
import { renderPlace } from '../../diagnostics/render-place.ts';
import { harmless, harmlessLine } from '../../terminal/harmless.ts';
import type { Finding, Format } from './format.ts';

/**
 * JUnit's XML as CI systems read it: a suite for each file, a case for each finding. An error is a failed case; a warning is one that passed
 * and tells what it found as its output, so that a file with warnings is green as `validate` is (`--strict` makes them errors, which fail).
 * A file without findings is one case that passed.
 */
export const junit: Format = {
  render({ findings, files }) {
    const byFile = new Map<string, Finding[]>(files.map((file) => [file, []]));
    for (const finding of findings) {
      const found = byFile.get(finding.file);
      if (found === undefined) byFile.set(finding.file, [finding]);
      else found.push(finding);
    }
    const suites = [...byFile].map(([file, found]) => describeSuite(file, found));
    const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true, suppressBooleanAttributes: false });
    return builder.build({
      '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
      testsuites: {
        '@_name': 'ensemble validate',
        '@_tests': suites.reduce((sum, suite) => sum + suite['@_tests'], 0),
        '@_failures': suites.reduce((sum, suite) => sum + suite['@_failures'], 0),
        testsuite: suites,
      },
    });
  },
};

function describeSuite(file: string, findings: readonly Finding[]) {
  const name = attribute(file);
  const clean = { '@_name': 'no problems', '@_classname': name, '@_file': name };
  return {
    '@_name': name,
    '@_tests': Math.max(findings.length, 1),
    '@_failures': findings.filter(({ severity }) => severity === 'error').length,
    '@_errors': 0,
    testcase: findings.length === 0 ? [clean] : findings.map(describeCase),
  };
}

function describeCase(finding: Finding) {
  const { file, span, severity, code, message } = finding;
  const details = content(describeFinding(finding));
  return {
    '@_name': `${code} at ${span.line}:${span.column}`,
    '@_classname': attribute(file),
    '@_file': attribute(file),
    '@_line': span.line,
    ...(severity === 'error'
      ? { failure: { '@_message': attribute(message), '@_type': code, '#text': details } }
      : { 'system-out': details }),
  };
}

function describeFinding({ file, text, span, severity, code, message, help }: Finding): string {
  const lines = [`${renderPlace(file, span)}: ${severity}[${code}]: ${message}`];
  if (text !== undefined) lines.push(renderCodeFrame(text, span));
  if (help !== undefined) lines.push(`help: ${help}`);
  return lines.join('\n');
}

/** What XML 1.0 cannot hold even as an entity, besides the control characters that `harmless` takes away (w3.org/TR/xml, production 2). */
const noXml = (text: string): string => text.toWellFormed().replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

const content = (text: string): string => noXml(harmless(text));
/** On one line: readers turn the newlines of attributes into spaces. */
const attribute = (text: string): string => noXml(harmlessLine(text));
