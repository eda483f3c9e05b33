import type { Span } from '../../program/diagnostic.ts';
import type { LocatedMapping } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import { allReads } from '../model/parsed-body.ts';
import { everyStep } from '../model/step-model.ts';
import { OLD_OPERATIONS } from '../model/unsupported.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { OLD_KEYS, OLD_RESULTS } from './settings/old-spellings.ts';

/** Spellings that still mean what they meant, and that nobody should learn any more. */
export const deprecatedSpelling: Check = {
  codes: ['deprecated-spelling'],
  check(body, findings) {
    for (const { source, work } of body.model.agents) {
      checkKeys(source, OLD_KEYS.agent, findings);
      checkRetry(source, findings);
      checkContinue(source, findings);
      if (work.type === 'operation') checkOperation(work.operation.text, work.operation.span, findings);
    }
    for (const step of everyStep(body.model.flow ?? [])) {
      if (step.type !== 'run') continue;
      checkKeys(step.source, OLD_KEYS.flowEntry, findings);
      checkRetry(step.source, findings);
    }
    for (const { agent } of settingsOf(body, 'think')) {
      const config = new Fields(agent.model.source).mapping('config');
      if (config !== undefined) checkKeys(config, OLD_KEYS.think, findings);
    }
    for (const { kind, name, path, span } of allReads(body)) {
      const [result = ''] = path;
      if (kind !== 'agent' || !Object.hasOwn(OLD_RESULTS, result)) continue;
      findings.report('deprecated-spelling', span, `\`${name}.${result}\` is an old spelling`, { help: OLD_RESULTS[result] });
    }
  },
};

function checkRetry(source: LocatedMapping, findings: Findings): void {
  const retry = new Fields(source).mapping('retry');
  if (retry !== undefined) checkKeys(retry, OLD_KEYS.retry, findings);
}

function checkKeys(mapping: LocatedMapping, spellings: Readonly<Record<string, string>>, findings: Findings): void {
  const present = new Set(mapping.entries.map(({ key }) => key.text));
  for (const { key } of mapping.entries) {
    const current = Object.hasOwn(spellings, key.text) ? spellings[key.text] : undefined;
    // Beside the current spelling it is a conflict, which another rule reports.
    if (current === undefined || present.has(current)) continue;
    report(key.text, current, key.span, key.span, findings);
  }
}

/** `continue_on_error: true` is `onError: continue`, and `false` what holds anyway. */
function checkContinue(source: LocatedMapping, findings: Findings): void {
  const fields = new Fields(source);
  const entry = fields.entry('continue_on_error');
  const value = entry?.value;
  if (entry === undefined || fields.entry('onError', 'on_error') !== undefined) return;
  if (value?.kind !== 'scalar' || typeof value.value !== 'boolean') return;
  const current = `onError: ${value.value ? 'continue' : 'fail'}`;
  const replaced = { start: entry.key.span.start, end: value.span.end };
  report(
    `continue_on_error: ${value.value}`,
    current,
    entry.key.span,
    entry.key.span.line === value.span.line ? replaced : undefined,
    findings,
  );
}

function checkOperation(name: string, span: Span, findings: Findings): void {
  const current = Object.hasOwn(OLD_OPERATIONS, name) ? OLD_OPERATIONS[name] : undefined;
  if (current !== undefined) report(name, current, span, span, findings);
}

function report(old: string, current: string, span: Span, replaced: Pick<Span, 'start' | 'end'> | undefined, findings: Findings): void {
  findings.report('deprecated-spelling', span, `\`${old}\` is an old spelling`, {
    help: `write \`${current}\``,
    ...(replaced && { fix: { description: `write \`${current}\``, start: replaced.start, end: replaced.end, text: current } }),
  });
}
