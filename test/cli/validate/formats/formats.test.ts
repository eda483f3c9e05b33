import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../../../src/cli/validate/formats/format.ts';
import { FORMATS } from '../../../../src/cli/validate/formats/index.ts';
import { fc } from '../../../support/fast-check.ts';
import { hostileReport, REPORT } from './support/reports.ts';

const paint = picocolors.createColors(false);
const none = { findings: [], files: ['ensembles/a.yaml', 'ensembles/b.yaml'] };

/** C0 but newline and tab, C1, DEL, and the marks that reorder text. */
const CONTROLS = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

describe.each(FORMAT_NAMES)('the format %s', (name) => {
  test('shows a report as recorded', async () => {
    const format = await FORMATS[name]();
    await expect(format.render(REPORT, { paint })).toMatchFileSnapshot(`fixtures/report.${name}.out`);
  });

  test('shows nothing wrong as recorded', async () => {
    const format = await FORMATS[name]();
    await expect(format.render(none, { paint })).toMatchFileSnapshot(`fixtures/nothing.${name}.out`);
  });

  test('lets no text of a file or name reach the terminal as more than text, and gives the same bytes again', async () => {
    const format = await FORMATS[name]();
    fc.assert(
      fc.property(hostileReport, (report) => {
        const shown = format.render(report, { paint });
        expect(shown).not.toMatch(CONTROLS);
        expect(shown === '' || shown.endsWith('\n')).toBe(true);
        expect(format.render(structuredClone(report), { paint })).toBe(shown);
      }),
    );
  });

  test('has its colours from the caller alone', async () => {
    const format = await FORMATS[name]();
    const coloured = format.render(REPORT, { paint: picocolors.createColors(true) });
    expect(coloured.includes('\u001b[')).toBe(name === 'pretty');
  });
});

test('files are named from the root of the checkout in what CI reads, and from the working folder elsewhere', async () => {
  const shown = await Promise.all(
    FORMAT_NAMES.map(async (name) => {
      const text = (await FORMATS[name]()).render(REPORT, { paint, workspacePath: 'services/shop' });
      return [name, text.includes('services/shop/ensembles/orders.yaml')];
    }),
  );
  expect(Object.fromEntries(shown)).toEqual({ pretty: false, json: false, sarif: true, github: true, junit: false, compact: false });
});

test('a file above the working folder is named from the root of the checkout', async () => {
  const [finding] = REPORT.findings;
  if (finding === undefined) throw new Error('the report has findings');
  const report = { findings: [{ ...finding, file: '../shared/greet.yaml' }], files: [] };
  const github = (await FORMATS.github()).render(report, { paint, workspacePath: 'services/shop' });
  expect(github).toContain('file=services/shared/greet.yaml,');
});
