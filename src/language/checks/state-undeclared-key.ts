import type { Span } from '../../program/diagnostic.ts';
import { createSuggester } from '../../program/suggest.ts';
import { openReads } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { keysOf, writtenKeys } from './state-access.ts';

/** With a `state.schema`, every key that is used, set or read must be declared there (LANGUAGE §4.3). */
export const stateUndeclaredKey: Check = {
  codes: ['state-undeclared-key'],
  check(body, findings) {
    const { schema, initial } = body.model.state;
    if (schema === undefined) return;
    const suggest = createSuggester();
    const declared = describeKeys([...schema.keys()]);
    const check = (key: string, span: Span, does: string): void => {
      if (schema.has(key)) return;
      const near = suggest(key, schema.keys());
      findings.report('state-undeclared-key', span, `the state key "${key}" is ${does} but not declared in \`state.schema\``, {
        help: near === undefined ? declared : `did you mean "${near}"? ${declared}`,
      });
    };
    for (const agent of body.agents) {
      for (const { text, span } of agent.model.use) if (text !== 'state') check(text, span, 'used');
      for (const { text, span } of writtenKeys(agent)) check(text, span, 'set');
    }
    for (const step of body.stepValues.keys()) {
      if (step.type !== 'run' || step.state === undefined) continue;
      for (const { text, span } of step.state.use ?? []) if (text !== 'state') check(text, span, 'used');
      for (const { text, span } of keysOf(step.state.set ?? { type: 'none' })) check(text, span, 'set');
    }
    for (const { kind, name, path, span } of openReads(body)) {
      const [key] = path;
      if (kind === 'root' && name === 'state' && key !== undefined) check(key, span, 'read');
    }
    if (initial?.kind === 'mapping') for (const { key } of initial.entries) check(key.text, key.span, 'given an initial value');
  },
};

function describeKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'it declares no key';
  return `it declares ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''}`;
}
