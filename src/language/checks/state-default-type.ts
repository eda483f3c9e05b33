import type { Span } from '../../program/diagnostic.ts';
import type { Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import type { StateKeyModel } from '../model/body-model.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { findMisfit, shortJson } from './schema-fit.ts';

/** The `default` of a state key, and what `state.initial` gives it, must satisfy the key's schema: with one that does not, no run begins. */
export const stateDefaultType: Check = {
  codes: ['state-default-type'],
  check(body, findings) {
    const { schema } = body.model.state;
    if (schema === undefined) return;
    for (const key of schema.values()) {
      if (key.default !== undefined) checkValue(key, 'the default', key.default, findings);
    }
    for (const [name, given] of constantInitials(body)) {
      const key = schema.get(name);
      if (key !== undefined) checkValue(key, 'the initial value', given, findings);
    }
  },
};

interface Given {
  readonly value: JsonValue;
  readonly span: Span;
}

function checkValue(key: StateKeyModel, what: string, { value, span }: Given, findings: Findings): void {
  const misfit = findMisfit(key.schema, value);
  if (misfit === undefined) return;
  const shown = key.secret ? '' : `: ${shortJson(value)}`;
  findings.report('state-default-type', span, `${what} of "${key.name.text}" ${misfit.says}${shown}`, {
    help: misfit.keyword === 'type' ? 'change the value or the type' : 'change the value or the schema',
  });
}

/** What `initial` gives in plain values, by key. */
function constantInitials({ model, stateInitial }: ParsedBody): ReadonlyMap<string, Given> {
  const { initial } = model.state;
  const given = new Map<string, Given>();
  if (initial?.kind !== 'mapping' || stateInitial === undefined) return given;
  for (const { key, value: located } of initial.entries) {
    const value = constantAt(stateInitial.template, key.text);
    if (value !== undefined) given.set(key.text, { value, span: located.span });
  }
  return given;
}

function constantAt(template: Template, key: string): JsonValue | undefined {
  if (template.type === 'mapping') {
    const value = template.entries.find((entry) => entry.key === key)?.value;
    return value?.type === 'constant' ? value.value : undefined;
  }
  if (template.type !== 'constant') return undefined;
  const { value } = template;
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, JsonValue>>)[key]
    : undefined;
}
