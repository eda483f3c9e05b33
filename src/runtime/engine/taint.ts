import type { AgentStep } from '../../program/program.ts';
import type { BodyCall } from './body-context.ts';
import type { LocalName } from './locals.ts';
import { readerOf } from './state-reader.ts';
import type { StepContext } from './step-context.ts';
import { findReads, type TemplateReads } from './template-reads.ts';

const ALL_STATE = { use: [], useAll: true } as const;

/** Whether the agent reads anything tainted (LANGUAGE §4.5): a tainted agent, state key, input, item or error, or the trigger. */
export function readsTaint(step: AgentStep, readsInput: boolean, context: StepContext): boolean {
  const { body, results, locals } = context;
  if (readsInput && body.inputTainted) return true;
  if (step.reads.trigger && body.trigger !== undefined) return true;
  if ((step.useAll || step.use.length > 0) && readerOf(context).isTainted(step.use, step.useAll)) return true;
  if (step.reads.locals.some((name) => locals.tainted.has(name))) return true;
  return step.reads.agents.some((name) => results.get(name)?.tainted === true);
}

/** Whether the condition alone does, for an agent that it skips. */
export function conditionReadsTaint(step: AgentStep, context: StepContext): boolean {
  return step.condition !== undefined && templatesReadTaint(findReads([step.condition]), context, step);
}

/** The same for templates on their own. They read all of the state (a flow step's, a body's output), or what `step` may. */
export function templatesReadTaint(
  reads: TemplateReads,
  context: StepContext,
  { use, useAll }: Pick<AgentStep, 'use' | 'useAll'> = ALL_STATE,
): boolean {
  const { body, results, locals } = context;
  if (openingReadsTaint(reads, body)) return true;
  if (reads.roots.has('state') && readerOf(context).isTainted(use, useAll)) return true;
  if ([...locals.tainted].some((name: LocalName) => reads.roots.has(name))) return true;
  return [...reads.agents].some((name) => results.get(name)?.tainted === true);
}

/** The same for templates that are evaluated before the first step. */
export function openingReadsTaint(reads: TemplateReads, call: BodyCall): boolean {
  if (reads.roots.has('input') && call.inputTainted) return true;
  return reads.roots.has('trigger') && call.trigger !== undefined;
}
