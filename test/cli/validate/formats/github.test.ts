import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../../src/cli/validate/formats/format.ts';
import { github } from '../../../../src/cli/validate/formats/github.ts';
import { fc } from '../../../support/fast-check.ts';
import { hostileReport, REPORT } from './support/reports.ts';

const paint = picocolors.createColors(false);

/** A workflow command as GitHub's runner reads it (actions/runner, ActionCommand.cs): at the beginning of a line, properties between commas. */
function readCommand(line: string) {
  const [, command = '', list = '', message = ''] = /^::([^ :]+) (.*?)::(.*)$/s.exec(line) ?? [];
  const properties = list.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), unescapeText(pair.slice(pair.indexOf('=') + 1))]);
  return { command, properties: Object.fromEntries(properties) as Readonly<Record<string, string>>, message: unescapeText(message) };
}

const ESCAPES: Readonly<Record<string, string>> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
const unescapeText = (text: string): string => text.replaceAll(/%(?:0D|0A|3A|2C|25)/g, (code) => ESCAPES[code] ?? '');

const render = (report: Report) => github.render(report, { paint }).split('\n').slice(0, -1);

describe('annotations for GitHub', () => {
  test('say where, what and what to do', () => {
    expect(render(REPORT).map(readCommand)[2]).toEqual({
      command: 'error',
      properties: { file: 'ensembles/orders.yaml', line: '5', endLine: '5', col: '43', endColumn: '48', title: 'unknown-name' },
      message: 'Nothing is named `inptu`, 100% sure: `${inptu.id}` has no value.\nDid you mean `input`?',
    });
  });

  test('have no columns when they go over several lines, which the runner refuses', () => {
    expect(Object.keys(readCommand(render(REPORT)[0] ?? '').properties)).toEqual(['file', 'line', 'endLine', 'title']);
  });

  test('are one for each finding, with its own command, place and title, whatever files, names and messages hold', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const commands = render(report).map(readCommand);
        expect(commands.map(({ command, properties: { line, title } }) => [command, line, title])).toEqual(
          report.findings.map(({ severity, span, code }) => [severity, String(span.line), code]),
        );
        for (const { properties } of commands)
          expect(Object.keys(properties).filter((key) => !['file', 'line', 'endLine', 'col', 'endColumn', 'title'].includes(key))).toEqual(
            [],
          );
      }),
    );
  });
});
