import { describe, expect } from 'vitest';
import { findCronProblem } from '../../src/language/checks/cron/cron-problem.ts';
import { findKnownSecrets } from '../../src/language/checks/secrets/known-secrets.ts';
import { scanStringHoles } from '../../src/language/code/string-holes.ts';
import { type OutlineNode, readOutline } from '../../src/language/document/outline.ts';
import { parseDocument } from '../../src/language/document/parse-document.ts';
import { parseTokens } from '../../src/language/document/yaml-tokens.ts';
import { createEnsembleFiles } from '../../src/language/ensemble-files.ts';
import { parseWithAcorn } from '../../src/language/expression/acorn-parser.ts';
import { longestText } from '../../src/language/expression/longest-text.ts';
import { isExponential } from '../../src/language/expression/regex-ambiguity.ts';
import { judgeRegex } from '../../src/language/expression/regex-safety.ts';
import { findExpressions } from '../../src/language/expression/scan.ts';
import { EMPTY_PROJECT } from '../../src/language/project-index.ts';
import { RecentFiles } from '../../src/language/recent-files.ts';
import { checkShape } from '../../src/language/schema/check-shape.ts';
import { maskSource } from '../../src/language/source/mask.ts';
import { withoutSurplus } from '../../src/language/without-surplus.ts';
import type { Diagnostic } from '../../src/program/diagnostic.ts';
import { problemsOf } from '../runtime/expression/evaluate.ts';
import { atLimit, type Sides } from '../support/at-limit.ts';

describe('expressions', () => {
  type Dialect = 'js' | 'jexl';
  const tooLarge = (text: string, dialect?: Dialect) => problemsOf(text, [], dialect).includes('expression-too-large');
  const quoted = (length: number) => `"${'é'.repeat(length - 2)}"`;
  const list = (nodes: number) => `[${'1,'.repeat(nodes - 2)}1]`;
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  atLimit('src/language/expression/js.ts MAX_TEXT', {
    within: (length) => expect(tooLarge(quoted(length))).toBe(false),
    beyond: (length) => expect(tooLarge(quoted(length))).toBe(true),
  });
  atLimit('src/language/expression/jexl.ts MAX_TEXT', {
    within: (length) => expect(tooLarge(quoted(length), 'jexl')).toBe(false),
    beyond: (length) => expect(tooLarge(quoted(length), 'jexl')).toBe(true),
  });
  describe.each<Dialect>(['js', 'jexl'])('in %s', (dialect) => {
    atLimit('src/program/expression-vocabulary.ts MAX_NODES', {
      within: (nodes) => expect(problemsOf(list(nodes), [], dialect)).toEqual([]),
      beyond: (nodes) => expect(tooLarge(list(nodes), dialect)).toBe(true),
    });
    atLimit('src/program/expression-vocabulary.ts MAX_DEPTH', {
      within: (levels) => expect(problemsOf(nested(levels), [], dialect)).toEqual([]),
      beyond: (levels) => expect(tooLarge(nested(levels), dialect)).toBe(true),
    });
  });
  // Brackets, commas, and the end of the text, which is a token too.
  const parsed = (tokens: number) => parseWithAcorn(`[${','.repeat(tokens - 3)}]`, new Set());
  atLimit('src/language/expression/acorn-parser.ts MAX_TOKENS', {
    within: (tokens) => expect(parsed(tokens).type).toBe('ArrayExpression'),
    beyond: (tokens) => expect(() => parsed(tokens)).toThrow(RangeError),
  });
  atLimit('src/language/expression/scan.ts MAX_UNCLOSED', {
    within: (count) => expect(findExpressions('${ '.repeat(count))).toHaveLength(count),
    beyond: (count) => expect(findExpressions('${ '.repeat(count))).toHaveLength(count - 1),
  });
});

describe('regular expressions', () => {
  const judged = (patternOf: (size: number) => string): Sides => ({
    within: (size) => expect(judgeRegex(patternOf(size), '')).not.toHaveProperty('problem'),
    beyond: (size) => expect(judgeRegex(patternOf(size), '')).toHaveProperty('problem'),
  });
  atLimit(
    'src/language/expression/regex-safety.ts MAX_PATTERN',
    judged((length) => 'é'.repeat(length)),
  );
  atLimit(
    'src/language/expression/regex-safety.ts MAX_COUNT',
    judged((count) => `a{${count}}`),
  );
  atLimit(
    'src/language/expression/regex-safety.ts MAX_PATHS',
    judged((paths) => `(?:${Array(paths).fill('a').join('|')})`),
  );
  atLimit(
    'src/language/expression/regex-parser.ts MAX_DEPTH',
    judged((levels) => `${'('.repeat(levels)}a${')'.repeat(levels)}`),
  );
  const exponential = (positions: number) => isExponential(`^(a+)+${'b'.repeat(positions - 1)}$`, '');
  atLimit('src/language/expression/regex-ambiguity.ts MAX_POSITIONS', {
    within: (positions) => expect(exponential(positions)).toBe(true),
    beyond: (positions) => expect(exponential(positions)).toBe(false),
  });
});

describe('the text that a pattern is tried on', () => {
  // Of each of its spaces all that follow are looked at.
  const longest = longestText(String.raw`\s+$`);
  atLimit('src/language/expression/longest-text.ts MAX_STEPS', {
    within: (steps) => expect(longest ** 2).toBeLessThanOrEqual(steps),
    beyond: (steps) => expect((longest + 1) ** 2).toBeGreaterThanOrEqual(steps),
  });
});

describe('files', () => {
  const codes = (text: string) => parseDocument({ path: 'a.yaml', text }).diagnostics.map(({ code }) => code);
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  // Two bytes each.
  const commented = (bytes: number) => `a: 1 #${' '.repeat(bytes % 2)}${'é'.repeat(Math.floor((bytes - 6) / 2))}`;
  atLimit('src/language/document/parse-document.ts MAX_BYTES', {
    within: (bytes) => expect([Buffer.byteLength(commented(bytes)), codes(commented(bytes))]).toEqual([bytes, []]),
    beyond: (bytes) => expect([Buffer.byteLength(commented(bytes)), codes(commented(bytes))]).toEqual([bytes, ['file-too-large']]),
  });
  atLimit('src/language/document/yaml-tokens.ts MAX_DEPTH', {
    within: (levels) => expect(codes(nested(levels))).toEqual([]),
    beyond: (levels) => expect(codes(nested(levels))).toEqual(['too-deep']),
  });
  const aliased = (levels: number) => codes(`a: &a ${nested(levels - 50)}\nb: ${'['.repeat(49)}*a${']'.repeat(49)}\n`);
  describe('by an alias', () => {
    atLimit('src/language/document/yaml-tokens.ts MAX_DEPTH', {
      within: (levels) => expect(aliased(levels)).toEqual([]),
      beyond: (levels) => expect(aliased(levels)).toEqual(['too-deep']),
    });
  });
  describe('of an outline', () => {
    const depthOf = (node: OutlineNode | undefined): number => (node?.kind === 'list' ? 1 + depthOf(node.items[0]) : 0);
    const outlined = (levels: number) => depthOf(readOutline(nested(levels)));
    atLimit('src/language/document/yaml-tokens.ts MAX_DEPTH', {
      within: (levels) => expect(outlined(levels)).toBe(levels),
      beyond: (levels) => expect(outlined(levels)).toBe(levels - 1),
    });
  });
  // The document around the brackets is open, too.
  const follows = (open: number) => parseTokens(`${'['.repeat(open - 1)}${']'.repeat(open - 1)}\n---\na\n`).length === 2;
  atLimit('src/language/document/yaml-tokens.ts MAX_OPEN', {
    within: (open) => expect(follows(open)).toBe(true),
    beyond: (open) => expect(follows(open)).toBe(false),
  });
  const documentsOf = (count: number) => parseTokens('---\na\n'.repeat(count)).filter(({ type }) => type === 'document').length;
  atLimit('src/language/document/yaml-tokens.ts MAX_DOCUMENTS', {
    within: (count) => expect(documentsOf(count)).toBe(count),
    beyond: (count) => expect(documentsOf(count + 10)).toBe(count + 1),
  });
  const expanded = (nodes: number) =>
    codes(
      `a: &a [${Array(99).fill('1').join(', ')}]\nb: [${Array(Math.floor(nodes / 100))
        .fill('*a')
        .join(', ')}]\nc: &c 1\n${'d: *c\n'.repeat(nodes % 100)}`,
    );
  atLimit('src/language/document/build-located.ts MAX_ALIAS_NODES', {
    within: (nodes) => expect(expanded(nodes)).not.toContain('alias-expansion'),
    beyond: (nodes) => expect(expanded(nodes)).toContain('alias-expansion'),
  });
  const broken = (count: number) => codes('- @\n'.repeat(count)).length;
  atLimit('src/language/document/parse-document.ts MAX_YAML_ERRORS', {
    within: (count) => expect(broken(count)).toBe(count),
    beyond: (count) => expect(broken(count)).toBe(count - 1),
  });
  const outlined = (length: number) => readOutline(`a: 1 #${'x'.repeat(length - 6)}`);
  atLimit('src/language/document/outline.ts MAX_LENGTH', {
    within: (length) => expect(outlined(length)).toMatchObject({ kind: 'mapping' }),
    beyond: (length) => expect(outlined(length)).toBeUndefined(),
  });
  const unclosed = (count: number) => maskSource('a: ${x\n'.repeat(count)).unclosed.length;
  atLimit('src/language/source/yaml-scanner.ts MAX_UNCLOSED', {
    within: (count) => expect(unclosed(count)).toBe(count),
    beyond: (count) => expect(unclosed(count)).toBe(count - 1),
  });
  const misshaped = (count: number) => {
    const text = `ensemble: e\n${Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('')}`;
    const { root } = parseDocument({ path: 'a.yaml', text });
    return root === undefined ? [] : checkShape(root, 'ensemble');
  };
  atLimit('src/language/schema/check-shape.ts MAX_ERRORS', {
    within: (count) => expect(misshaped(count)).toHaveLength(count),
    beyond: (count) => expect(misshaped(count)).toHaveLength(count - 1),
  });
});

describe('what is kept of files', () => {
  const source = (index: number) => ({ path: `${index}.yaml`, text: 'text' });
  const recent = (count: number) => {
    const files = new RecentFiles<number>();
    for (let index = 0; index < count; index++) files.keep(source(index), index);
    return files.find(source(0))?.result;
  };
  atLimit('src/language/recent-files.ts MAX_KEPT', {
    within: (count) => expect(recent(count)).toBe(0),
    beyond: (count) => expect(recent(count)).toBeUndefined(),
  });
  const timesRead = (count: number) => {
    let read = 0;
    const project = { ...EMPTY_PROJECT, ensembleFile: (name: string) => ({ path: `${name}.yaml`, text: 'ensemble: e' }) };
    const files = createEnsembleFiles(project, () => void read++);
    for (let index = 0; index < count; index++) files.read(`e${index}`, 'x.yaml');
    files.read('e0', 'x.yaml');
    return read;
  };
  atLimit('src/language/ensemble-files.ts MAX_KEPT', {
    within: (count) => expect(timesRead(count)).toBe(count),
    beyond: (count) => expect(timesRead(count)).toBe(count + 1),
  });
});

describe('findings', () => {
  // All but the last of these expressions never close.
  const holes = (count: number) =>
    scanStringHoles(`'${'${ '.repeat(count - 1)}\${x}'`, 0, () => true)?.parts.some(({ type }) => type === 'hole');
  atLimit('src/language/code/string-holes.ts MAX_UNCLOSED', {
    within: (count) => expect(holes(count)).toBe(true),
    beyond: (count) => expect(holes(count)).toBeUndefined(),
  });
  const found = (count: number) => {
    const span = { file: 'a.yaml', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const finding: Diagnostic = { code: 'bad-value', severity: 'error', message: 'm', span };

    return withoutSurplus(Array.from({ length: count }, () => finding)).map(({ code }) => code);
  };
  atLimit('src/language/without-surplus.ts MAX_OF_ONE_RULE', {
    within: (count) => expect(found(count).filter((code) => code === 'bad-value')).toHaveLength(count),
    beyond: (count) => expect(found(count).slice(-2)).toEqual(['bad-value', 'too-many-findings']),
  });
  const cron = (length: number) => findCronProblem(`${'0'.repeat(length - 8)} * * * *`)?.what;
  atLimit('src/language/checks/cron/cron-problem.ts MAX_LENGTH', {
    within: (length) => expect(cron(length)).not.toContain('longer'),
    beyond: (length) => expect(cron(length)).toContain('longer'),
  });
  // The shortest of the tokens that are known by their beginning.
  const secret = (length: number) => findKnownSecrets(`AKIAQ7W2E9R4T8Y3U5I1`.slice(0, length));
  atLimit('src/language/checks/secrets/known-secrets.ts MIN_TOKEN_LENGTH', {
    within: (length) => expect(secret(length)).toHaveLength(1),
    beyond: (length) => expect(secret(length)).toEqual([]),
  });
});
