import { parseExpression } from '../../../src/language/expression/parse-expression.ts';
import type { Dialect } from '../../../src/language/expression/scan.ts';
import { parseTemplateText } from '../../../src/language/expression/template.ts';
import type { Template } from '../../../src/program/expression.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import { compileTemplate } from '../../../src/runtime/expression/compile-template.ts';
import type { Scope } from '../../../src/runtime/expression/scope.ts';
import { FailureError } from '../../../src/runtime/failure.ts';

/** A scope with nothing in it but what is given; the clock stands at 2024-01-02T03:04:05Z. */
export function buildScope(roots: Partial<Scope> = {}): Scope {
  return {
    input: {},
    state: {},
    env: {},
    run: {},
    trigger: undefined,
    item: undefined,
    index: undefined,
    loop: undefined,
    error: undefined,
    mapResults: undefined,
    agents: new Map(),
    now: () => Date.UTC(2024, 0, 2, 3, 4, 5),
    uuid: () => '00000000-0000-4000-8000-000000000000',
    random: () => 0.25,
    ...roots,
  };
}

const places = (start: number, end: number) => ({
  file: 'test.yaml',
  start,
  end,
  line: 1,
  column: start + 1,
  endLine: 1,
  endColumn: end + 1,
});

function optionsFor(scope: Scope) {
  return { names: { agents: new Set(scope.agents instanceof Map ? (scope.agents as Map<string, unknown>).keys() : []) }, places };
}

/** The value of a bare expression, as the engine would compute it from the stored program: parsed, through JSON, compiled, evaluated. */
export function evaluate(text: string, roots: Partial<Scope> = {}, dialect: Dialect = 'js'): unknown {
  const scope = buildScope(roots);
  const { expression, problems } = parseExpression(text, dialect, optionsFor(scope));
  if (problems.length > 0) throw new Error(problems.map((problem) => `${problem.code}: ${problem.message}`).join('\n'));
  return compileExpression(JSON.parse(JSON.stringify(expression)))(scope);
}

/** The same for a template. */
export function render(text: string, roots: Partial<Scope> = {}): unknown {
  const scope = buildScope(roots);
  const { template, problems } = parseTemplateText(text, optionsFor(scope));
  if (problems.length > 0) throw new Error(problems.map((problem) => `${problem.code}: ${problem.message}`).join('\n'));
  return compileTemplate(JSON.parse(JSON.stringify(template)))(scope);
}

/** The program's part that a text becomes. Throws for a text with problems. */
export function templateOf(text: string): Template {
  const { template, problems } = parseTemplateText(text, { names: { agents: new Set() }, places });
  if (problems.length > 0) throw new Error(problems.map((problem) => `${problem.code}: ${problem.message}`).join('\n'));
  return JSON.parse(JSON.stringify(template));
}

/** The failure that `run` throws; anything else that is thrown is a defect and goes through. */
export function failureOf(run: () => unknown): { readonly code: string; readonly message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('it does not fail');
}

/** The codes of what is wrong with an expression's text. */
export function problemsOf(text: string, agents: readonly string[] = [], dialect: Dialect = 'js'): readonly string[] {
  return parseExpression(text, dialect, { names: { agents: new Set(agents) }, places }).problems.map((problem) => problem.code);
}
