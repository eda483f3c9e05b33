import { createDiagnostic } from '../../program/diagnostic.ts';
import type { Expression, Hole } from '../../program/expression.ts';
import type { LocatedScalar } from '../document/located.ts';
import { everyExpression } from '../expression/children-of.ts';
import { parseTemplate } from '../expression/template.ts';
import type { StateModel } from './body-model.ts';
import type { Findings } from './findings.ts';

/** What a reducer of the author's own knows: what the key holds, and what was written. */
const PARAMETERS = ['current', 'incoming'];
const OUTSIDE: ReadonlySet<string> = new Set(['Date.now', 'Math.random', 'crypto.randomUUID']);
const NAMES = { agents: new Set<string>(), roots: new Set<string>() };

/** The reducers that are expressions (LANGUAGE §4.4), by the state key. What is wrong in them goes to `findings`. */
export function parseReducers({ schema }: StateModel, findings: Findings): ReadonlyMap<string, Hole> {
  const reducers = new Map<string, Hole>();
  for (const [key, { reducer }] of schema ?? []) {
    const hole = typeof reducer === 'string' ? undefined : parseReducer(reducer.written, findings);
    if (hole !== undefined) reducers.set(key, hole);
  }
  return reducers;
}

function parseReducer(scalar: LocatedScalar, findings: Findings): Hole | undefined {
  const { template, problems } = parseTemplate(scalar, { names: NAMES, parameters: PARAMETERS });
  findings.add(problems.map(({ code, message, span, help }) => createDiagnostic(code, span, message, { help })));
  if (problems.length > 0) return undefined;
  if (template.type === 'hole') {
    reportOutside(template, scalar, findings);
    return template;
  }
  findings.report('expression-not-allowed', scalar.span, 'a reducer is one expression, without text around it', {
    help: 'to make a text of several values write a template literal: ${`${current}, ${incoming}`}',
  });
  return undefined;
}

/** Values are joined again where writes are put in order or others changed the state meanwhile: what comes out must be the same. */
function reportOutside({ expression }: Hole, { span }: LocatedScalar, findings: Findings): void {
  for (const node of everyExpression(expression)) {
    if (!isOutside(node)) continue;
    findings.report(
      'expression-not-allowed',
      span,
      `a reducer cannot use \`${node.name}\`: of the same values it must always make the same`,
      {
        help: 'let the agent write it: the value that it sets may hold the time or a random id',
      },
    );
  }
}

type Builtin = Extract<Expression, { readonly type: 'builtin' | 'builtinReference' }>;

function isOutside(node: Expression): node is Builtin {
  if (node.type === 'builtin' && node.name === 'new Date') return node.arguments.length === 0;
  return (node.type === 'builtin' || node.type === 'builtinReference') && OUTSIDE.has(node.name);
}
