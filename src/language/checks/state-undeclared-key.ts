import type { Span } from '../../program/diagnostic.ts';
import { suggest } from '../../program/suggest.ts';
import type { Findings } from '../model/findings.ts';
import { openReads } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { writtenKeys } from './state-access.ts';

/** With a `state.schema`, every key that is used, set or read must be declared there (LANGUAGE §4.3). */
export const stateUndeclaredKey: Check = {
  codes: ['state-undeclared-key'],
  check(body, findings) {
    const { schema, initial } = body.model.state;
    if (schema === undefined) return;
    const check = (key: string, span: Span, does: string): void => {
      if (!schema.has(key)) report(key, span, does, [...schema.keys()], findings);
    };
    for (const agent of body.agents) {
      for (const { text, span } of agent.model.use) if (text !== 'state') check(text, span, 'used');
      for (const { text, span } of writtenKeys(agent)) check(text, span, 'set');
    }
    for (const { kind, name, path, span } of openReads(body)) {
      const [key] = path;
      if (kind === 'root' && name === 'state' && key !== undefined) check(key, span, 'read');
    }
    if (initial?.kind === 'mapping') for (const { key } of initial.entries) check(key.text, key.span, 'given an initial value');
  },
};

function report(key: string, span: Span, does: string, declared: readonly string[], findings: Findings): void {
  const near = suggest(key, declared);
  const list =
    declared.length === 0 ? 'it declares no key' : `it declares ${declared.slice(0, 12).join(', ')}${declared.length > 12 ? ', …' : ''}`;
  findings.report('state-undeclared-key', span, `the state key "${key}" is ${does} but not declared in \`state.schema\``, {
    help: near === undefined ? list : `did you mean "${near}"? ${list}`,
  });
}
