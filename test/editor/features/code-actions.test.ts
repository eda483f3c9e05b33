import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/editor/apply-edits.ts';
import { listQuickFixes } from '../../../src/editor/features/code-actions.ts';
import { fixAll } from '../../../src/editor/features/fix-all.ts';
import { snapshotOf } from '../support/cursor.ts';
import { agent } from '../support/example.ts';

/** The titles of what can be done about the findings at `¦`. */
function fixes(marked: string) {
  const offset = marked.indexOf('¦');
  const snapshot = snapshotOf(marked.replace('¦', ''));
  return listQuickFixes(snapshot, offset, offset);
}

function fixed(marked: string, title: string | RegExp): string {
  const found = fixes(marked).find((fix) => (typeof title === 'string' ? fix.title === title : title.test(fix.title)));
  if (found === undefined) throw new Error(`there is none of ${title}: ${fixes(marked).map((fix) => fix.title)}`);
  return applyEdits(marked.replace('¦', ''), [found.edit]);
}

const REPAIR = 'ensemble: e\nagents:\n  - name: a\n    operation: log\n    description: Note¦: this\n    config: { message: x }\n';

describe('quick fixes', () => {
  test('make the fix of a finding', () => {
    expect(fixed(REPAIR, 'Quote the value')).toBe(REPAIR.replace('Note¦: this', '"Note: this"'));
  });

  test('put the word in that was meant', () => {
    expect(fixed(agent('operation: lo¦gg', 'config: { message: x }'), 'Change to log')).toBe(
      agent('operation: log', 'config: { message: x }'),
    );
    expect(fixed(agent('oper¦aton: log', 'config: { message: x }'), 'Change to operation')).toBe(
      agent('operation: log', 'config: { message: x }'),
    );
    expect(fixed(agent('operation: log', 'config: { message: "${inp¦t.city}" }'), 'Change to input')).toContain('${input.city}');
    expect(fixed(agent('operation: log', 'config: { message: "${input.city | upercas¦e}" }'), 'Change to uppercase')).toContain(
      '| uppercase}',
    );
  });

  test('keep the quotes around it', () => {
    expect(fixed(agent('operation: "lo¦gg"', 'config: { message: x }'), 'Change to log')).toContain('operation: "log"');
  });

  test('ignore the rule where it finds something, above the line and as deep', () => {
    const text = agent('operation: log', 'condition: may¦be', 'config: { message: x }');
    expect(fixed(text, 'Ignore constant-condition here')).toBe(
      text.replace('¦', '').replace('    condition:', '    # ensemble-ignore constant-condition: say why\n    condition:'),
    );
  });

  test('silence the rule by that comment', () => {
    const text = agent('operation: log', 'condition: may¦be', 'config: { message: x }');
    const after = snapshotOf(fixed(text, 'Ignore constant-condition here'));
    expect(after.findings.map(({ code }) => code)).not.toContain('constant-condition');
    expect(after.findings.map(({ code }) => code)).not.toContain('unused-ignore');
  });

  test('ignore a finding in a text of several lines above its key', () => {
    const text = agent('operation: code', 'config:', '  code: |', '    const a = 1;', '    return und¦efinedName + a;');
    const found = fixes(text).find((fix) => fix.title.startsWith('Ignore '));
    if (found === undefined) throw new Error('a rule should find the name');
    const after = applyEdits(text.replace('¦', ''), [found.edit]);
    expect(after).toContain(`      # ensemble-ignore ${found.finding.code}: say why\n      code: |\n`);
    expect(snapshotOf(after).findings.map(({ code }) => code)).not.toContain(found.finding.code);
  });

  test('offer to ignore only what can be ignored', () => {
    expect(fixes(agent('operation: lo¦gg')).map(({ title }) => title)).not.toContainEqual(expect.stringMatching(/^Ignore/));
  });

  test('end their lines as the file does', () => {
    const text = agent('operation: log', 'condition: may¦be', 'config: { message: x }').replaceAll('\n', '\r\n');
    expect(fixed(text, /^Ignore constant-condition/)).toContain('\r\n    # ensemble-ignore constant-condition: say why\r\n    condition');
  });

  test('are none where nothing is wrong', () => {
    expect(fixes(agent('operation: l¦og', 'config: { message: x }'))).toEqual([]);
  });
});

describe('fix all', () => {
  test('makes every safe fix and touches nothing else', () => {
    const text = `# note: kept\n${REPAIR.replace('¦', '')}  - name: b\n    operation: log\n    description: Also: that   # kept: too\n    config: { message: x }\n`;
    const snapshot = snapshotOf(text);
    const edit = fixAll(snapshot);
    expect(edit && applyEdits(text, [edit])).toBe(text.replace('Note: this', '"Note: this"').replace('Also: that', '"Also: that"'));
  });

  test('is none where there is nothing to fix', () => {
    expect(fixAll(snapshotOf('ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: x } }\n'))).toBeUndefined();
  });
});
