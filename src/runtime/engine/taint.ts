import type { AgentStep } from '../../program/program.ts';
import type { BodyContext } from './body-context.ts';
import type { TemplateReads } from './template-reads.ts';

/** Whether the agent reads anything tainted (LANGUAGE §4.5): a tainted agent, state key or input, or the trigger. */
export function readsTaint(step: AgentStep, readsInput: boolean, body: BodyContext): boolean {
  if (readsInput && body.inputTainted) return true;
  if (step.reads.trigger && body.trigger !== undefined) return true;
  if ((step.useAll || step.use.length > 0) && body.state.isTainted(step.use, step.useAll)) return true;
  return step.reads.agents.some((name) => body.results.get(name)?.tainted === true);
}

/** The same for templates on their own, which read all of the state: a body's output, its state's `initial`. */
export function templatesReadTaint(
  reads: TemplateReads,
  body: Omit<BodyContext, 'state'> & { readonly state?: BodyContext['state'] },
): boolean {
  if (reads.roots.has('input') && body.inputTainted) return true;
  if (reads.roots.has('trigger') && body.trigger !== undefined) return true;
  if (reads.roots.has('state') && body.state?.isTainted([], true) === true) return true;
  return [...reads.agents].some((name) => body.results.get(name)?.tainted === true);
}
