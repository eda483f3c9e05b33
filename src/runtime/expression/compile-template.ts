import type { Hole, Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import { FailureError, failure } from '../failure.ts';
import { Environment } from './compile/environment.ts';
import { compileNode } from './compile/index.ts';
import { asFailure, run } from './compile-expression.ts';
import { MAX_STRING } from './limits.ts';
import { isPlainRead } from './plain-read.ts';
import { renderText } from './render-text.ts';
import type { Scope } from './scope.ts';
import { toJson } from './to-json.ts';

/** Gives a template's value as JSON data; undefined when the whole of it is. */
export type EvaluateTemplate = (scope: Scope) => JsonValue | undefined;

/**
 * Compiles a template to a function of the scope. The value is JSON data already (see `toJson`): entries of a mapping that are undefined are left out,
 * items of a list are null. Parts of the scope that it reads are handed on, not copied. Throws `FailureError` `EXPRESSION` or `EXPRESSION_LIMIT`
 * with the expression's source in the message and its `{line, column, source}` in the details.
 */
export function compileTemplate(template: Template): EvaluateTemplate {
  switch (template.type) {
    case 'constant': {
      const { value } = template;
      return () => value;
    }
    case 'hole':
      return compileHole(template);
    case 'text':
      return compileText(template.parts);
    case 'list': {
      const items = template.items.map(compileTemplate);
      return (scope) => items.map((item) => item(scope) ?? null);
    }
    case 'mapping':
      return compileMapping(template.entries);
    default:
      return template satisfies never;
  }
}

function compileHole(hole: Hole): EvaluateTemplate {
  // What is read from the scope as it stands is JSON data, however large.
  if (isPlainRead(hole.expression)) return compileHoleValue(hole, (value) => value as JsonValue | undefined);
  return compileHoleValue(hole, toJson);
}

/** The value of a hole after `finish`; failures of either tell the hole's place. */
function compileHoleValue<Result>(hole: Hole, finish: (value: unknown) => Result): (scope: Scope) => Result {
  const environment = new Environment(compileNode);
  const evaluate = environment.compile(hole.expression);
  return (scope) => {
    try {
      return finish(run(evaluate, environment.places, scope));
    } catch (error) {
      throw located(asFailure(error), hole);
    }
  };
}

function compileText(parts: readonly (string | Hole)[]): EvaluateTemplate {
  const pieces = parts.map((part) => (typeof part === 'string' ? part : compileHoleText(part)));
  const last = parts.findLast((part) => typeof part !== 'string');
  return (scope) => {
    let text = '';
    for (const piece of pieces) {
      text += typeof piece === 'string' ? piece : piece(scope);
      // At once: thousands of holes could each bring as much again.
      if (text.length > MAX_STRING && last !== undefined) {
        throw located(failure('EXPRESSION_LIMIT', `the text with the expression is longer than ${MAX_STRING} characters`), last);
      }
    }
    return text;
  };
}

function compileHoleText(hole: Hole): (scope: Scope) => string {
  const evaluate = compileHoleValue(hole, (value) => (value === null || value === undefined ? undefined : renderText(value)));
  return (scope) => {
    const text = evaluate(scope);
    if (text === undefined) scope.missing?.(hole.source);
    return text ?? '';
  };
}

function compileMapping(entries: readonly { readonly key: string; readonly value: Template }[]): EvaluateTemplate {
  const compiled = entries.map(({ key, value }) => ({ key, evaluate: compileTemplate(value) }));
  return (scope) => {
    const result: Record<string, JsonValue> = {};
    for (const { key, evaluate } of compiled) {
      const value = evaluate(scope);
      if (value === undefined) continue;
      if (key !== '__proto__') result[key] = value;
      // A key of the author's, as plain as any other.
      else Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return result;
  };
}

const LONGEST_SOURCE = 120;

/** The same failure with the expression's place. */
function located(error: unknown, hole: Hole): unknown {
  if (!(error instanceof FailureError)) return error;
  const source = hole.source.length > LONGEST_SOURCE ? `${hole.source.slice(0, LONGEST_SOURCE)}…` : hole.source;
  const { line, column } = hole.place;
  const { code, message } = error.failure;
  return failure(code, `${message} (in ${source}, line ${line})`, { details: { line, column, source } });
}
