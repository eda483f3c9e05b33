import type { Span } from '../../program/diagnostic.ts';
import type { Findings } from '../model/findings.ts';
import { type ParsedAgent, type ParsedBody, setReads, stepReads, workReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import type { FlowRunModel } from '../model/step-model.ts';
import type { Check } from './check.ts';
import { runsByAgent, runView, type StateView, stateView } from './flow/state-view.ts';
import { openUseLists } from './use-list-fix.ts';

/** An agent sees only the state keys that its `use` declares (LANGUAGE §4.1); a key that it reads without would always be missing. */
export const stateReadWithoutUse: Check = {
  codes: ['state-read-without-use', 'empty-state-view'],
  check(body, findings, { text }) {
    const { model } = body;
    const lists = openUseLists(text);
    const runs = runsByAgent(model);
    for (const agent of body.agents) {
      const name = agent.model.name.text;
      const reported = new Set<Read>();
      // One that `flow:` never runs is looked at as if it ran as it is.
      for (const run of runs.get(agent.model) ?? [undefined]) {
        const view = run === undefined ? stateView(agent.model, model) : runView(agent.model, run, model);
        const own = run === undefined ? [...workReads(agent), ...setReads(agent)] : keptReads(agent, run);
        for (const { key, read } of readsBeyond(view, own)) {
          if (reported.has(read)) continue;
          reported.add(read);
          if (key === undefined) reportEmpty(name, read.span, findings);
          else if (run?.state?.use !== undefined) {
            findings.report(
              'state-read-without-use',
              read.span,
              `"${name}" reads state.${key}, which ${describeEntry(run)} does not declare`,
              {
                help: `a \`use\` there stands in place of the agent's: ${undeclared(key, body) ?? useList(view.keys, key)}`,
              },
            );
          } else {
            findings.report('state-read-without-use', read.span, `"${name}" reads state.${key} but does not declare it`, {
              help: help(key, view.keys, agent, body),
              fix: model.state.schema?.has(key) === false ? undefined : lists(agent.model).add(key),
            });
          }
        }
        if (run === undefined) continue;
        for (const { key, read } of readsBeyond(view, stepReads(body.stepValues.get(run) ?? { set: [] }))) {
          if (key === undefined) reportEmpty(run.name.text, read.span, findings);
          else {
            findings.report('state-read-without-use', read.span, `"${run.name.text}" reads state.${key} but does not declare it`, {
              help: help(key, view.keys, agent, body),
            });
          }
        }
      }
    }
  },
};

function describeEntry({ span }: FlowRunModel): string {
  return `the entry of \`flow\` on line ${span.line}`;
}

/** What an agent reads itself where an entry of `flow:` runs it, without the values that the entry replaces. */
function keptReads(agent: ParsedAgent, { condition, input, state }: FlowRunModel): readonly Read[] {
  const replaced = new Set([
    ...((condition && agent.condition?.reads) ?? []),
    ...((input && agent.input?.reads) ?? []),
    ...((state?.set && setReads(agent)) ?? []),
  ]);
  return [...workReads(agent), ...setReads(agent)].filter((read) => !replaced.has(read));
}

/** The reads of keys that a view does not show; those of the whole state (without `key`) when it shows none. */
function readsBeyond(
  { all, keys }: StateView,
  reads: readonly Read[],
): readonly { readonly key: string | undefined; readonly read: Read }[] {
  if (all) return [];
  return reads.flatMap((read) => {
    const { kind, name, path } = read;
    const [key] = path;
    if (kind !== 'root' || name !== 'state') return [];
    return (key === undefined ? keys.size === 0 : !keys.has(key)) ? [{ key, read }] : [];
  });
}

function reportEmpty(name: string, span: Span, findings: Findings): void {
  findings.report('empty-state-view', span, `"${name}" reads the state but declares no key of it: it sees an empty object`, {
    help: 'declare what it reads with `state: { use: [key] }`, or all of it with `use: [state]`',
  });
}

function help(key: string, used: ReadonlySet<string>, agent: ParsedAgent, body: ParsedBody): string {
  const missing = undeclared(key, body);
  if (missing !== undefined) return missing;
  const alone = agent.model.set.type === 'none' ? '' : '; `set` alone lets it write, not read';
  return `add it to the agent's state: ${useList(used, key)}${alone}`;
}

function undeclared(key: string, { model: { state } }: ParsedBody): string | undefined {
  if (state.schema === undefined || state.schema.has(key)) return undefined;
  return `\`state.schema\` has no such key; it declares ${[...state.schema.keys()].join(', ') || 'none'}`;
}

function useList(used: ReadonlySet<string>, key: string): string {
  const keys = used.size < 10 ? [...used, key] : ['…', key];
  return `\`use: [${keys.join(', ')}]\``;
}
