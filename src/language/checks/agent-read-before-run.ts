import type { Findings } from '../model/findings.ts';
import { limitReads, openingReads, type ParsedAgent, setReads, workReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import type { Check } from './check.ts';

/** Agents run in listed order: one can read what stands before it, and itself only in `state.set`, which is evaluated after it. */
export const agentReadBeforeRun: Check = {
  codes: ['agent-read-before-run'],
  check(body, findings) {
    const indexOf = new Map<string, number>();
    for (const { name, index } of body.model.agents) if (!indexOf.has(name.text)) indexOf.set(name.text, index);
    const place = (read: Read): number => (read.kind === 'agent' ? (indexOf.get(read.name) ?? -1) : -1);

    for (const agent of body.agents) {
      for (const read of workReads(agent)) if (place(read) >= agent.model.index) report(read, agent, findings);
      for (const read of setReads(agent)) if (place(read) > agent.model.index) report(read, agent, findings);
    }
    for (const read of openingReads(body)) {
      if (read.kind !== 'agent') continue;
      findings.report('agent-read-before-run', read.span, `"${read.name}" has not run when the state is opened`, {
        help: 'the key and the initial values of the state are read before the first agent: use `input` or `env`',
      });
    }
    for (const read of limitReads(body)) {
      if (read.kind !== 'agent') continue;
      findings.report('agent-read-before-run', read.span, `"${read.name}" has not run when the limits are set`, {
        help: 'limits are worked out before the first agent: use `input`, `state` or `env`',
      });
    }
  },
};

function report(read: Read, agent: ParsedAgent, findings: Findings): void {
  const own = agent.model.name.text;
  if (read.name === own) {
    findings.report('agent-read-before-run', read.span, `"${own}" reads its own result before it has one`, {
      help: 'only `state.set` is evaluated after the agent has run',
    });
    return;
  }
  findings.report('agent-read-before-run', read.span, `"${own}" reads "${read.name}", which runs after it`, {
    help: `agents run in the order in which they are listed: move "${read.name}" before "${own}"`,
  });
}
