import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../../src/cli/validate/formats/format.ts';
import { sarif } from '../../../../src/cli/validate/formats/sarif.ts';
import { LineIndex } from '../../../../src/language/document/line-index.ts';
import { fc } from '../../../support/fast-check.ts';
import { findingAt, hostileReport, REPORT } from './support/reports.ts';
import { SARIF_SCHEMA } from './support/sarif-schema.ts';

const paint = picocolors.createColors(false);
const validate = new Ajv({ allErrors: true }).compile(SARIF_SCHEMA);
/** The published schema, from a package that brings SchemaStore's copy: its terms do not plainly allow one of our own. */
const published = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json'), 'utf8')),
);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent: { readonly text: string } }[];
    }[];
  }[];
}

function render(report: Report) {
  const log = JSON.parse(sarif.render(report, { paint })) as {
    readonly runs: readonly [
      { readonly tool: { readonly driver: { readonly rules: readonly { id: string }[] } }; readonly results: readonly Result[] },
    ];
  };
  return { log, results: log.runs[0].results, rules: log.runs[0].tool.driver.rules };
}

const fingerprints = (findings: readonly Finding[]) =>
  render({ findings, files: [] }).results.map(({ partialFingerprints }) => partialFingerprints['ruleAndLine/v1']);

describe('SARIF', () => {
  test('holds what the standard asks for', () => {
    const { log } = render(REPORT);
    expect(validate(log) || validate.errors).toBe(true);
    expect(published(log) || published.errors).toBe(true);
    for (const check of [validate, published]) expect(check({ ...log, version: '2.0.0' })).toBe(false);
  });

  test('holds it whatever files, names and messages hold, with rules and paths that lead back', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const { log, results, rules } = render(report);
        expect(validate(log) || validate.errors).toBe(true);
        expect(published(log) || published.errors).toBe(true);
        for (const [index, result] of results.entries()) {
          const { file = '', code } = report.findings[index] ?? {};
          expect([result.ruleId, rules[result.ruleIndex]?.id]).toEqual([code, code]);
          const { uri } = result.locations[0]?.physicalLocation.artifactLocation ?? { uri: '' };
          if (!/\/\.{0,2}\/|\/\.{0,2}$/.test(file)) expect(decodeURIComponent(uri)).toBe(file.toWellFormed());
          // A link in plain text: §3.11.6.
          expect(result.message.text).not.toMatch(/\]\(/);
        }
      }),
    );
  });

  test('names each rule that found something once', () => {
    const { rules } = render({ ...REPORT, findings: [...REPORT.findings, ...REPORT.findings] });
    expect(rules.map(({ id }) => id)).toEqual(['code-syntax', 'text-repair', 'unknown-key', 'unknown-name']);
  });

  test('gives a fix by lines and columns that lead to the same text as its offsets', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        for (const [index, { fixes }] of render(report).results.entries()) {
          const { text, fix } = report.findings[index] ?? {};
          expect(fixes !== undefined).toBe(text !== undefined && fix !== undefined);
          if (text === undefined || fix === undefined) continue;
          const replacements = fixes?.flatMap(({ artifactChanges }) => artifactChanges.flatMap((change) => change.replacements)) ?? [];
          const lines = new LineIndex('', text);
          const asOffsets = replacements.map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
            start: lines.offset(startLine, startColumn),
            end: lines.offset(endLine, endColumn),
            text: insertedContent.text,
          }));
          expect(asOffsets).toEqual([{ start: fix.start, end: fix.end, text: fix.text }]);
        }
      }),
    );
  });
});

describe('a fingerprint', () => {
  const file = 'ensembles/a.yaml';
  const line = '  - nam: a # nam again\n';
  const find = (text: string, marked = 'nam') => findingAt({ file, text }, marked, 'unknown-key', 'Unknown.');
  const [known] = fingerprints([find(line)]);

  test('stays when lines come and go above, and when the line is indented', () => {
    expect(fingerprints([find(`# a comment\n\nensemble: a\n  ${line}`)])).toEqual([known]);
  });

  test('changes with the rule and with the line', () => {
    expect(fingerprints([find('  - nam: b\n')])).not.toEqual([known]);
    expect(fingerprints([findingAt({ file, text: line }, 'nam', 'missing-key', 'Unknown.')])).not.toEqual([known]);
  });

  test('is another one for each finding of a rule on the same line, and for each line of the same text', () => {
    const all = fingerprints([find(line), find(line, 'nam again'), find(`${line}${line}`)]);
    expect(new Set(all).size).toBe(3);
    expect(all[0]).toBe(known);
  });
});
