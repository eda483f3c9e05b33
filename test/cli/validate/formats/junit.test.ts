import { XMLParser, XMLValidator } from 'fast-xml-parser';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../../src/cli/validate/formats/format.ts';
import { junit } from '../../../../src/cli/validate/formats/junit.ts';
import { fc } from '../../../support/fast-check.ts';
import { hostileReport, REPORT } from './support/reports.ts';

const paint = picocolors.createColors(false);

interface Case {
  readonly name: string;
  readonly file: string;
  readonly line?: string;
  readonly failure?: { readonly type: string; readonly message: string; readonly '#text': string };
  readonly 'system-out'?: string;
}
interface Suite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly testcase: readonly Case[];
}
interface Suites {
  readonly tests: string;
  readonly failures: string;
  readonly testsuite?: readonly Suite[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
});

function parse(report: Report): Suites {
  const xml = junit.render(report, { paint });
  expect(XMLValidator.validate(xml)).toBe(true);
  return (parser.parse(xml) as { readonly testsuites: Suites }).testsuites;
}

describe('JUnit XML', () => {
  test('is red for errors and green for warnings and clean files', () => {
    const suites = parse(REPORT);
    expect([suites.tests, suites.failures]).toEqual(['5', '3']);
    expect(suites.testsuite?.map(({ name, tests, failures }) => [name, tests, failures])).toEqual([
      ['agents/grüße/agent.yaml', '1', '1'],
      ['ensembles/orders.yaml', '3', '2'],
      ['ensembles/quiet.yaml', '1', '0'],
    ]);
    const [, , warning] = suites.testsuite?.[1]?.testcase ?? [];
    expect(warning).toMatchObject({ name: 'text-repair at 9:16', line: '9' });
    expect(warning?.failure).toBeUndefined();
    expect(warning?.['system-out']).toContain('help: Put it in quotes.');
  });

  test('counts a finding in a file that was not asked for', () => {
    expect(parse({ ...REPORT, files: ['ensembles/quiet.yaml'] }).testsuite?.map(({ name }) => name)).toEqual([
      'ensembles/quiet.yaml',
      'agents/grüße/agent.yaml',
      'ensembles/orders.yaml',
    ]);
  });

  test('has the cases and failures of the report and no other element, whatever files, names and messages hold', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const { testsuite: suites = [] } = parse(report);
        const cases = suites.flatMap(({ testcase }) => testcase);
        const found = new Set(report.findings.map(({ file }) => file));
        expect(suites).toHaveLength(report.files.length);
        expect(cases).toHaveLength(report.findings.length + report.files.filter((file) => !found.has(file)).length);
        const failures = cases.flatMap(({ failure }) => (failure === undefined ? [] : [failure.type]));
        expect(failures.sort()).toEqual(
          report.findings
            .filter(({ severity }) => severity === 'error')
            .map(({ code }) => code)
            .sort(),
        );
        for (const { failure } of cases)
          expect(Object.keys(failure ?? {}).filter((key) => !['#text', 'message', 'type'].includes(key))).toEqual([]);
      }),
    );
  });

  test('has no character that XML 1.0 forbids', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const xml = junit.render(report, { paint });
        // w3.org/TR/xml, production 2; a lone surrogate would be what `u` sees as \p{Cs}.
        expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      }),
    );
  });
});
