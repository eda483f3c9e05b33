import { renderCodeFrame } from '../../language/document/code-frame.ts';
import { LineIndex } from '../../language/document/line-index.ts';
import type { Template } from '../../program/expression.ts';
import type { Failure } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import { compileTemplate } from '../../runtime/expression/compile-template.ts';
import type { Scope } from '../../runtime/expression/scope.ts';
import { FailureError } from '../../runtime/failure.ts';
import { renderDiagnostic } from '../diagnostics/render-diagnostic.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { FAILURE_HELP } from '../run/failure-help.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { EXPRESSION_FILE, parseEvalText } from './parse-eval-text.ts';
import { buildEvalScope, readScope } from './read-scope.ts';

/**
 * `ensemble eval`: the expression's value as JSON on stdout; what is wrong with it on stderr, with its place, as in a run.
 * @throws UsageProblem
 */
export async function evaluateExpression(text: string, options: { readonly scope?: string }, io: Io): Promise<ExitCode> {
  const values = await readScope(options.scope, io);
  const { template, diagnostics } = parseEvalText(text, new Set(values.agents.keys()));
  const paint = createPaint(io.stderr, io.env);
  if (diagnostics.length > 0) {
    const blocks = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { file: EXPRESSION_FILE, text }, paint));
    io.stderr.write(`${blocks.join('\n\n')}\n`);
    return EXIT.problemsInFile;
  }
  const missing = (source: string) =>
    io.stderr.write(`${paint.yellow('warning:')} ${harmlessLine(source)} has no value here; nothing stands in its place.\n`);
  const result = evaluate(template, buildEvalScope(values, io, missing));
  if ('failure' in result) {
    showFailure(result.failure, text, io);
    return EXIT.runFailed;
  }
  if (result.value === undefined) io.stderr.write(`${paint.dim('note:')} the value is undefined, which JSON writes as null.\n`);
  printJson(result.value ?? null, io);
  return EXIT.done;
}

function evaluate(template: Template, scope: Scope): { readonly value: JsonValue | undefined } | { readonly failure: Failure } {
  try {
    return { value: compileTemplate(template)(scope) };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { failure: error.failure };
  }
}

function showFailure({ code, message, details }: Failure, text: string, io: Io): void {
  const paint = createPaint(io.stderr, io.env);
  const lines = new LineIndex(EXPRESSION_FILE, text);
  const { line, column, source } = details as { readonly line: number; readonly column: number; readonly source: string };
  const start = lines.offset(line, column);
  const help = FAILURE_HELP[code];
  const block = [
    `${EXPRESSION_FILE}:${line}:${column}: ${paint.red(`error[${code}]`)}: ${paint.bold(harmless(message))}`,
    renderCodeFrame(text, lines.span(start, Math.min(start + source.length, text.length))),
    ...(help === undefined ? [] : [`${paint.cyan('help:')} ${help}`]),
  ];
  io.stderr.write(`${block.join('\n')}\n`);
}
