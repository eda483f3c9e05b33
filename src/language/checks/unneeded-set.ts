import { createSuggester } from '../../program/suggest.ts';
import type { CodeBody } from '../code/code-body.ts';
import type { AgentModel } from '../model/body-model.ts';
import { Fields } from '../model/fields.ts';
import type { Check } from './check.ts';
import { isOpaque } from './state-access.ts';

/**
 * `set: [key]` takes the field of that name from what the agent returns, or from what its code hands to `setState` (LANGUAGE §4.2). Where neither has it, the
 * key is never written.
 */
export const unneededSet: Check = {
  codes: ['unneeded-set'],
  check(body, findings) {
    const suggest = createSuggester();
    for (const agent of body.agents) {
      const { model, code } = agent;
      // The output of a loop is the list of its items' outputs.
      if (model.set.type !== 'same' || model.loop !== undefined || isOpaque(agent)) continue;
      const fields = code?.type === 'inline' ? fieldsOfBody(code.body) : fieldsOfOperation(model);
      if (fields === undefined) continue;
      const source =
        code === undefined ? 'its output has no such field' : 'its code neither returns such a field nor passes it to `setState`';
      const known = fields.size === 0 ? '' : `it has ${[...fields].slice(0, 10).join(', ')}${fields.size > 10 ? ', …' : ''}; `;
      for (const { text, span } of model.set.keys) {
        if (fields.has(text)) continue;
        findings.report('unneeded-set', span, `"${model.name.text}" lists "${text}" in its \`set\` but never sets it: ${source}`, {
          help: help(text, known, suggest(text, fields)),
        });
      }
    }
  },
};

/** Undefined when the body may set more than can be seen. */
function fieldsOfBody({ returns, stateWrites }: CodeBody): ReadonlySet<string> | undefined {
  if (returns.type === 'unknown') return undefined;
  const fields = new Set<string>(returns.type === 'objects' ? returns.keys : []);
  for (const { key } of stateWrites) {
    if (key === undefined) return undefined;
    fields.add(key);
  }
  return fields;
}

/** Fields that outputs of operations have (src/runtime/operations/), whatever the action; operations that are not listed may have any. */
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  log: new Set(),
  assert: new Set(),
  wait: new Set(['waited_ms', 'data']),
  approval: new Set(['approved', 'feedback', 'approver', 'data', 'timed_out']),
  d1: new Set(['rows', 'results', 'meta', 'success']),
  kv: new Set(['value', 'found', 'metadata', 'success', 'keys', 'list_complete', 'cursor']),
};

function fieldsOfOperation({ work, config }: AgentModel): ReadonlySet<string> | undefined {
  if (work.type !== 'operation') return undefined;
  const operation = work.operation.text;
  if (operation === 'data') return FIELDS.d1;
  const kind = operation === 'storage' ? new Fields(config).text('type') : operation === 'hitl' ? 'approval' : operation;
  return kind !== undefined && Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
}

function help(key: string, known: string, near: string | undefined): string {
  return `${near === undefined ? '' : `did you mean "${near}"? `}${known}to set the key to something else write \`set: { ${key}: … }\``;
}
