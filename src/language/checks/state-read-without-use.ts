import type { Span } from '../../program/diagnostic.ts';
import type { Findings } from '../model/findings.ts';
import { type ParsedAgent, type ParsedBody, setReads, stepReads, workReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import type { Check } from './check.ts';
import { addedView, runsByAgent, type StateView, stateView } from './flow/state-view.ts';
import { openUseLists } from './use-list-fix.ts';

/** An agent sees only the state keys that its `use` declares (LANGUAGE §4.1); a key that it reads without would always be missing. */
export const stateReadWithoutUse: Check = {
  codes: ['state-read-without-use', 'empty-state-view'],
  check(body, findings, { text }) {
    const { model } = body;
    const lists = openUseLists(text);
    const runs = runsByAgent(model);
    for (const agent of body.agents) {
      const own = stateView(agent.model, model);
      const entries = runs.get(agent.model) ?? [];
      const added = entries.map((run) => ({ run, view: addedView(run, model) }));
      // A key that one entry of `flow:` declares is there when that one runs.
      const seen = [own, ...added.map(({ view }) => view)];
      const name = agent.model.name.text;
      for (const { key, span } of readsBeyond(mergeViews(seen), [...workReads(agent), ...setReads(agent)])) {
        if (key === undefined) reportEmpty(name, span, findings);
        else {
          findings.report('state-read-without-use', span, `"${name}" reads state.${key} but does not declare it`, {
            help: help(key, own.keys, agent, body),
            fix: model.state.schema?.has(key) === false ? undefined : lists(agent.model).add(key),
          });
        }
      }
      for (const { run, view } of added) {
        const reads = stepReads(body.stepValues.get(run) ?? { set: [] });
        for (const { key, span } of readsBeyond(view, reads)) {
          if (own.all || (key !== undefined ? own.keys.has(key) : own.keys.size > 0)) continue;
          if (key === undefined) reportEmpty(run.name.text, span, findings);
          else {
            findings.report('state-read-without-use', span, `"${run.name.text}" reads state.${key} but does not declare it`, {
              help: help(key, view.keys.size > 0 ? view.keys : own.keys, agent, body),
            });
          }
        }
      }
    }
  },
};

function mergeViews(views: readonly StateView[]): StateView {
  const keys = new Set<string>();
  for (const view of views) for (const key of view.keys) keys.add(key);
  return { all: views.some(({ all }) => all), keys };
}

/** The reads of keys that a view does not show; those of the whole state (without `key`) when it shows none. */
function readsBeyond(
  { all, keys }: StateView,
  reads: readonly Read[],
): readonly { readonly key: string | undefined; readonly span: Span }[] {
  if (all) return [];
  return reads.flatMap(({ kind, name, path: [key], span }) => {
    if (kind !== 'root' || name !== 'state') return [];
    return (key === undefined ? keys.size === 0 : !keys.has(key)) ? [{ key, span }] : [];
  });
}

function reportEmpty(name: string, span: Span, findings: Findings): void {
  findings.report('empty-state-view', span, `"${name}" reads the state but declares no key of it: it sees an empty object`, {
    help: 'declare what it reads with `state: { use: [key] }`, or all of it with `use: [state]`',
  });
}

function help(key: string, used: ReadonlySet<string>, agent: ParsedAgent, body: ParsedBody): string {
  const schema = body.model.state.schema;
  if (schema !== undefined && !schema.has(key))
    return `\`state.schema\` has no such key; it declares ${[...schema.keys()].join(', ') || 'none'}`;
  const keys = used.size < 10 ? [...used, key] : ['…', key];
  return `add it to the agent's state: \`use: [${keys.join(', ')}]\`${agent.model.set.type === 'none' ? '' : '; `set` alone lets it write, not read'}`;
}
