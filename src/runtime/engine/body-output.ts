import type { Template } from '../../program/expression.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { OutputPlan, ResponsePlan } from '../../program/program.ts';
import type { Scope } from '../expression/scope.ts';
import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import type { BodyEnd } from './body-context.ts';
import { prepareTemplate } from './evaluate.ts';
import { findExcess } from './json-size.ts';
import { buildScope } from './scope.ts';
import type { StepContext } from './step-context.ts';
import type { StepValue } from './step-value.ts';
import { templatesReadTaint } from './taint.ts';
import { findReads, type TemplateReads } from './template-reads.ts';

/**
 * The output of a body whose steps are done (LANGUAGE §7): its template, or the first response block whose `when` holds, or else what its last step gave. It reads
 * all of the state, as this run left it. Throws `FailureError`.
 */
export function buildBodyOutput(context: StepContext, last: StepValue): BodyEnd {
  const { body } = context;
  const plan = body.body.output;
  // The value may be the whole result of an agent, whose `response` is another server's.
  if (plan === undefined) return { output: last.output, tainted: last.tainted };
  const scope = buildScope(context, { input: body.input, state: body.state.snapshot(), agent: body.path === '' ? undefined : body.path });
  const end = plan.type === 'value' ? { output: prepareTemplate(plan.value)(scope) } : buildResponse(plan.responses, scope);
  const excess = findExcess(end.output);
  if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The value of \`output\` is ${excess}.`);
  return { ...end, tainted: templatesReadTaint(readsOf(plan), context) };
}

const reads = new WeakMap<OutputPlan, TemplateReads>();

function readsOf(plan: OutputPlan): TemplateReads {
  const known = reads.get(plan) ?? findReads(templatesOf(plan));
  reads.set(plan, known);
  return known;
}

function buildResponse(responses: readonly ResponsePlan[], scope: Scope): Pick<BodyEnd, 'output' | 'response'> {
  const evaluate = (template: Template | undefined): JsonValue | undefined => template && prepareTemplate(template)(scope);
  const match = responses.find(({ when }) => when === undefined || evaluate(when));
  if (match === undefined) return { output: undefined };
  const status = evaluate(match.status);
  const headers = evaluate(match.headers);
  if (status !== undefined) checkStatus(status);
  if (headers !== undefined) checkHeaders(headers);
  const output = evaluate(match.body);
  return { output, response: { ...(status === undefined ? {} : { status }), ...(headers === undefined ? {} : { headers }) } };
}

function checkStatus(status: JsonValue): asserts status is number {
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return;
  throw failure('CONFIG_INVALID', `output.status: expected an HTTP status from 100 to 599, found ${describeValue(status)}.`);
}

function checkHeaders(headers: JsonValue): asserts headers is JsonObject {
  if (typeof headers === 'object' && headers !== null && !Array.isArray(headers)) return;
  throw failure('CONFIG_INVALID', `output.headers: expected names and values, found ${describeValue(headers)}.`);
}

function templatesOf(plan: OutputPlan): readonly (Template | undefined)[] {
  if (plan.type === 'value') return [plan.value];
  return plan.responses.flatMap(({ when, status, headers, body }) => [when, status, headers, body]);
}
