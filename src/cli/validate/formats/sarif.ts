import { posix } from 'node:path';
import packageJson from '../../../../package.json' with { type: 'json' };
import type { Span } from '../../../program/diagnostic.ts';
import { rulePageUrl } from '../../../program/rule-page.ts';
import { RULES, type RuleName } from '../../../program/rules.ts';
import { harmless, harmlessJson } from '../../terminal/harmless.ts';
import { createFingerprints } from './fingerprint.ts';
import type { Finding, Format } from './format.ts';
import { createFixLocator, type LocatedFix } from './locate-fix.ts';

/**
 * SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), which GitHub's code scanning and many editors read: one run, with the rules that it found something
 * for. Files are named from the root of the checkout, `%SRCROOT%`, whose place is left to the reader: no absolute path is written.
 */
export const sarif: Format = {
  render({ findings }, { workspacePath = '' }) {
    const rules = [...new Set(findings.map(({ code }) => code))].sort();
    const locateFix = createFixLocator();
    const fingerprint = createFingerprints();
    const results = findings.map((finding) => ({
      ruleId: finding.code,
      ruleIndex: rules.indexOf(finding.code),
      level: finding.severity,
      message: message(finding.help === undefined ? finding.message : `${finding.message}\n\n${finding.help}`),
      locations: [{ physicalLocation: { artifactLocation: artifact(finding, workspacePath), region: region(finding.span) } }],
      partialFingerprints: { 'ruleAndLine/v1': fingerprint(finding) },
      ...describeFixes(finding, locateFix(finding), workspacePath),
    }));
    const log = {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'ensemble', semanticVersion: packageJson.version, rules: rules.map(describeRule) } },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { '%SRCROOT%': { description: message('The root of the checkout.') } },
          results,
        },
      ],
    };
    return `${harmlessJson(JSON.stringify(log, null, 2))}\n`;
  },
};

function describeRule(name: RuleName) {
  const { severity, finds } = RULES[name];
  const helpUri = rulePageUrl(name);
  return {
    id: name,
    shortDescription: message(finds),
    help: message(`\`ensemble explain ${name}\` shows the page of this rule.`),
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: severity },
  };
}

function describeFixes(finding: Finding, fix: LocatedFix | undefined, workspacePath: string) {
  if (fix === undefined) return {};
  const replacements = [{ deletedRegion: region(fix.span), insertedContent: { text: fix.text } }];
  return {
    fixes: [
      { description: message(fix.description), artifactChanges: [{ artifactLocation: artifact(finding, workspacePath), replacements }] },
    ],
  };
}

/**
 * A message in plain text: `{` and `}` are doubled, as a single one may begin a placeholder (§3.11.5), and what reads like a link,
 * `[text](target)`, is taken apart so that a file cannot put one in (§3.11.6).
 */
const message = (text: string) => ({
  text: harmless(text).replaceAll('{', '{{').replaceAll('}', '}}').replaceAll('](', '] ('),
});

const region = ({ line, column, endLine, endColumn }: Span) => ({ startLine: line, startColumn: column, endLine, endColumn });

function artifact({ file }: Pick<Finding, 'file'>, workspacePath: string) {
  const path = posix.join(workspacePath, file.toWellFormed());
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
