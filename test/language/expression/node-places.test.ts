import { describe, expect, test } from 'vitest';
import { everyExpression } from '../../../src/language/expression/children-of.ts';
import { parseTemplateText } from '../../../src/language/expression/template.ts';
import type { Expression } from '../../../src/program/expression.ts';
import { fc } from '../../support/fast-check.ts';
import { jexlSources, jsSources } from '../types/arbitraries.ts';

const places = (start: number, end: number) => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });
const names = { agents: new Set(['step', 'fetch-user']) };

function parse(text: string) {
  const { template, places: byHole, problems } = parseTemplateText(text, { names, places });
  if (problems.length > 0 || template.type !== 'hole') return undefined;
  return { expression: template.expression, places: byHole.get(template) };
}

/** The stretch of the text that each node of it stands at, and its name. */
function stretches(text: string, type: Expression['type']): readonly (readonly [whole: string, name: string | undefined])[] {
  const parsed = parse(text);
  if (parsed === undefined) throw new Error(`${text} has problems`);
  const slice = (span: ReturnType<NonNullable<typeof parsed.places>['spanOf']>) => span && text.slice(span.start, span.end);
  return [...everyExpression(parsed.expression)]
    .filter((node) => node.type === type)
    .map((node) => [slice(parsed.places?.spanOf(node)) ?? '', slice(parsed.places?.nameSpanOf(node))]);
}

describe('a node of an expression', () => {
  test('stands where it is written, its name too', () => {
    expect(stretches('${ (a, state.count?.lenght)["x y"] }'.replace('(a, ', '('), 'member')).toEqual([
      ['(state.count?.lenght)["x y"]', '"x y"'],
      ['state.count?.lenght', 'lenght'],
      ['state.count', 'count'],
    ]);
    expect(stretches('${fetch-user.output.id}', 'member')).toEqual([
      ['fetch-user.output.id', 'id'],
      ['fetch-user.output', 'output'],
    ]);
    expect(stretches('${input.list.map(x => x.name) | join(", ")}', 'call')).toEqual([['input.list.map(x => x.name)', 'map']]);
    expect(stretches('${input.list.map(x => x.name) | join(", ")}', 'filter')).toEqual([
      ['input.list.map(x => x.name) | join(", ")', 'join'],
    ]);
  });

  test('of Jexl stands from its first name to its last', () => {
    expect(stretches('$<fetch-user.output.items[.price > 10].name|first>', 'jexlMember')).toEqual([
      ['fetch-user.output.items[.price > 10].name', 'name'],
      ['fetch-user.output.items', 'items'],
      ['fetch-user.output', 'output'],
    ]);
    expect(stretches('$<input.a + 1 == input.b>', 'binary')).toEqual([
      ['input.a + 1 == input.b', undefined],
      ['input.a', undefined],
    ]);
    expect(stretches('$<1 + 2>', 'binary')).toEqual([['1 + 2', undefined]]);
  });

  test('is what its stretch of the text says', () => {
    let compared = 0;
    fc.assert(
      fc.property(jsSources, (source) => {
        const text = `\${${source}}`;
        const parsed = parse(text);
        if (parsed === undefined) return;
        for (const node of everyExpression(parsed.expression)) {
          if (node.type === 'builtinReference') continue;
          const span = parsed.places?.spanOf(node);
          expect(span).toBeDefined();
          // Parameters are known only inside of their function, and what only a call takes is no expression by itself.
          const isAlone = [...everyExpression(node)].every(({ type }) => type !== 'parameter') && !ARGUMENTS.has(node.type);
          if (!isAlone || span === undefined) continue;
          compared++;
          expect(parse(`\${${text.slice(span.start, span.end)}}`)?.expression).toEqual(withoutChain(node));
        }
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(1_000);
  });

  test('has a place within its hole, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          jsSources.map((source) => `a \${${source}}`),
          jexlSources.map((source) => `a $<${source}>`),
        ),
        (text) => {
          const { template, places: byHole, problems } = parseTemplateText(text, { names, places });
          if (problems.length > 0 || template.type !== 'text') return;
          for (const part of template.parts) {
            if (typeof part === 'string') continue;
            const found = byHole.get(part);
            for (const node of everyExpression(part.expression)) {
              // What a builtin or a member of Jexl is called is no node that anyone points at.
              if (node.type === 'builtinReference' || node.type === 'literal') continue;
              const span = found?.spanOf(node);
              expect(span?.start).toBeGreaterThanOrEqual(4);
              expect(span?.end).toBeLessThan(text.length);
              expect((span?.end ?? 0) - (span?.start ?? 0)).toBeGreaterThan(0);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

const ARGUMENTS: ReadonlySet<Expression['type']> = new Set<Expression['type']>(['arrow', 'regex', 'builtinReference']);

/** A link of a `?.` chain that stands alone is a chain of its own. */
function withoutChain(node: Expression): unknown {
  return expect.toSatisfy((found: Expression) => {
    const plain = (expression: Expression): Expression => (expression.type === 'chain' ? plain(expression.expression) : expression);
    return JSON.stringify(plain(found)) === JSON.stringify(plain(node));
  });
}
