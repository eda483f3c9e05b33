import { allReads, type ParsedAgent, type ParsedBody } from '../model/parsed-body.ts';
import type { Check } from './check.ts';

/** The output of a code agent is what its body returns (LANGUAGE §5). An expression, as in an arrow function, is not returned by itself. */
export const codeNeverReturns: Check = {
  codes: ['code-never-returns'],
  check(body, findings) {
    const silent = body.agents.filter(({ code }) => code?.type === 'inline' && code.body.returns.type === 'nothing');
    if (silent.length === 0) return;
    const read = agentsWhoseOutputIsRead(body);
    for (const agent of silent) {
      const { text, span } = agent.model.name;
      const why = read.has(text) ? 'its output is read' : isOutputOfRun(agent, body) ? 'its output is that of the run' : undefined;
      if (why === undefined) continue;
      findings.report('code-never-returns', span, `the code of "${text}" returns nothing, though ${why}`, {
        help: 'hand the result back with `return`',
      });
    }
  },
};

function agentsWhoseOutputIsRead(body: ParsedBody): ReadonlySet<string> {
  return new Set(
    allReads(body).flatMap(({ kind, name, path: [member] }) =>
      (kind === 'agent' && member === 'output') || member === 'outputs' ? [name] : [],
    ),
  );
}

/** Without an `output`, what the last agent returns is handed back; but a body that sets state or sends something has done its work. */
function isOutputOfRun({ model, code }: ParsedAgent, { model: body }: ParsedBody): boolean {
  if (code?.type !== 'inline' || code.network || code.body.stateWrites.length > 0) return false;
  const last = (body.flow ?? body.steps).at(-1);
  return body.output === undefined && last?.type === 'agent' && last.agent.index === model.index;
}
