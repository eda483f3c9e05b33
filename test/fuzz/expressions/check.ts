import { isDeepStrictEqual } from 'node:util';
import { parseTemplateText } from '../../../src/language/expression/template.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import { compileTemplate } from '../../../src/runtime/expression/compile-template.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import { buildScope } from '../../runtime/expression/evaluate.ts';
import { LARGE_INPUT } from '../../security/expressions/support/costly.ts';
import { describeWorld, findStray } from '../../security/expressions/support/harm.ts';
import { findReadFault } from './check-reads.ts';
import { findTypeFault } from './check-type.ts';

/** Far above the 50 ms that an expression may take and that costly.test.ts measures: what reaches this on a busy machine is no accident. */
const MAX_MS = 500;

const places = (start: number, end: number) => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });
const names = { agents: new Set(['step', 'fetch-user']) };
const LARGE = {
  ...LARGE_INPUT,
  long: LARGE_INPUT.longList,
  many: LARGE_INPUT.words,
};

type Outcome = { readonly value: JsonValue | undefined } | { readonly code: string };

/**
 * What is wrong with how an expression of a template ends; undefined when nothing is: it has problems inside its text, or gives data twice the same, or fails with a code twice the
 * same; it reads what it is said to read, without changing it, leaves nothing behind, and ends soon; and what it gives is of its type.
 */
export function findFault(text: string, data: JsonValue): string | undefined {
  const parsedAt = time();
  const { template, problems, references } = parseTemplateText(text, { names, places });
  if (time() - parsedAt > MAX_MS) return `is parsed in ${Math.round(time() - parsedAt)} ms`;
  const outside = problems.find(({ start, end }) => !(0 <= start && start <= end && end <= text.length));
  if (outside !== undefined) return `has a problem outside of its text: ${outside.message}`;
  if (problems.length > 0) return undefined;
  const evaluate = compileTemplate(JSON.parse(JSON.stringify(template)));
  const before = JSON.stringify(data);
  const input =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...LARGE, ...data, v: data, w: [data] } : { ...LARGE, v: data };
  const scope = buildScope({
    input,
    state: { v: data },
    env: { KEY: 'value' },
    run: { id: 'r' },
    agents: new Map([['step', { output: data }]]),
  });
  const run = (): Outcome => {
    try {
      return { value: evaluate(scope) };
    } catch (error) {
      if (error instanceof FailureError) return { code: error.failure.code };
      throw error;
    }
  };
  try {
    const startedAt = time();
    const first = run();
    let ms = time() - startedAt;
    if (ms > MAX_MS) {
      const againAt = time();
      run();
      ms = Math.min(ms, time() - againAt);
    }
    if (ms > MAX_MS) return `takes ${Math.round(ms)} ms`;
    const stray = 'value' in first ? findStray(first.value) : undefined;
    if (stray !== undefined) return `gives what is no data: ${stray}`;
    if ('code' in first && !first.code.startsWith('EXPRESSION')) return `fails with ${first.code}`;
    if ('value' in first && first.value !== undefined && !isJson(first.value)) return 'gives a value that is not JSON';
    if (ms < 20 && !isDeepStrictEqual(run(), first)) return 'ends differently the second time';
    const typeFault = 'value' in first ? findTypeFault({ template, data, scope, json: first.value }) : undefined;
    if (typeFault !== undefined) return typeFault;
    const told = references.map(({ kind, name }) => `${kind} ${name}`);
    const readFault = ms < 5 ? findReadFault(template, evaluate, scope, told) : undefined;
    if (readFault !== undefined) return readFault;
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : error}`;
  }
  if (JSON.stringify(data) !== before) return 'changes what it reads';
  if (!isDeepStrictEqual(describeWorld(), WORLD)) return 'leaves something behind';
  return undefined;
}

function isJson(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'string' || typeof value === 'boolean';
  if (seen.has(value)) return true;
  seen.add(value);
  return (Array.isArray(value) ? Array.from(value) : Object.values(value)).every((item) => isJson(item, seen));
}

/** Milliseconds of this process: what others take from it does not count. */
function time(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const WORLD = describeWorld();
