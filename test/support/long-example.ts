import type { RuleName } from '../../src/program/rules.ts';
import type { ExampleFile } from './rule-page.ts';

type Expand = (files: readonly ExampleFile[]) => readonly ExampleFile[];

const inEach =
  (change: (text: string) => string): Expand =>
  (files) =>
    files.map(({ path, text }) => ({ path, text: change(text) }));

/** Lines that the comment `# …` of an example stands for: the line above it, with the number in it counted up. */
function repeatLine(text: string, times: number): string {
  return text.replace(/^(.*)\n\s*# …$/gm, (_, line: string) =>
    Array.from({ length: times }, (_, i) => line.replace(/\d+/, String(i + 1))).join('\n'),
  );
}

/** What the wrong example of a page leaves out, because nobody could read it or no editor could show it, by the rule. */
const EXPANSIONS: Partial<Readonly<Record<RuleName, Expand>>> = {
  'unreadable-file': (files) => files.map(({ path }) => ({ path, text: '', unreadable: 'it is not UTF-8 text' })),
  'file-too-large': inEach((text) => repeatLine(text, 50_000)),
  'too-deep': inEach((text) => text.replace('[[[[…]]]]', `${'['.repeat(100)}${']'.repeat(100)}`)),
  'control-character': inEach((text) => text.replace('␇', '\u0007')),
  'program-too-large': inEach((text) => repeatLine(text, 300)),
  'expression-too-large': inEach((text) => text.replace('…', Array.from({ length: 2_000 }, (_, i) => i + 3).join(', '))),
  'too-many-findings': inEach((text) => repeatLine(text, 600)),
  'agent-file-depth': (files) => [
    ...files,
    ...Array.from({ length: 16 }, (_, i) => ({
      path: `agents/level-${i + 2}.yaml`,
      text: `agent: level-${i + 2}\noperations:\n  - { name: next, agent: level-${i + 3} }\n`,
    })),
  ],
};

/** The files that the wrong example of a rule's page stands for. */
export function expandExample(rule: RuleName, files: readonly ExampleFile[]): readonly ExampleFile[] {
  return EXPANSIONS[rule]?.(files) ?? files;
}
