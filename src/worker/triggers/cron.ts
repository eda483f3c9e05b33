import { isCronDue, MINUTE_MS } from '../../program/cron/cron-due.ts';
import { forcedCron } from '../../program/platform-crons.ts';
import { prepareTemplate } from '../../runtime/engine/evaluate.ts';
import { scopeBeforeRun } from '../scope-before-run.ts';
import { startEnsemble } from '../start-ensemble.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { findInputProblem } from './find-input-problem.ts';
import { type DeployedTrigger, findTriggers } from './find-triggers.ts';

type CronTrigger = DeployedTrigger<'cron'>;
type Firing = Pick<ScheduledController, 'cron' | 'scheduledTime'>;

/** The platform fires a cron twice now and then, and soon: https://developers.cloudflare.com/workers/configuration/cron-triggers/ */
const CLAIM_MS = 24 * 3_600_000;

/**
 * Starts a run of each ensemble with a cron trigger that is due. One that cannot be started does not keep the others from it; in the end this rejects, so that the platform lists the firing as
 * failed.
 */
export async function onScheduled(firing: Firing, env: WorkerEnv): Promise<void> {
  const due = findTriggers('cron').filter((trigger) => isForced(trigger, firing.cron) || isDue(trigger, firing));
  const outcomes = await Promise.allSettled(due.map((trigger) => start(trigger, firing, env)));
  const problems = outcomes.flatMap((outcome, index) =>
    outcome.status === 'fulfilled' ? [] : [`${due[index]?.ensemble.id} was not started: ${reasonOf(outcome.reason)}`],
  );
  for (const problem of problems) warnOperator(problem);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** In UTC the platform knows when it is time; in other time zones it asks too often (`platformCrons`). */
function isDue({ plan }: CronTrigger, { cron, scheduledTime }: Firing): boolean {
  return (isUtc(plan.timezone) && asWords(plan.cron) === asWords(cron)) || isCronDue(plan, scheduledTime);
}

function isUtc(timezone: string): boolean {
  return /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal)$/i.test(timezone);
}

function asWords(cron: string): string {
  return cron.trim().split(/\s+/).join(' ');
}

function isForced({ ensemble, index }: CronTrigger, cron: string): boolean {
  return cron === forcedCron(ensemble.id, index);
}

async function start(trigger: CronTrigger, { cron, scheduledTime }: Firing, env: WorkerEnv) {
  const { ensemble, plan, index } = trigger;
  const facts = { type: 'cron', cron: plan.cron, timezone: plan.timezone, scheduled_time: scheduledTime };
  const input = plan.input === undefined ? {} : (prepareTemplate(plan.input)(scopeBeforeRun(env, facts)) ?? {});
  const problem = findInputProblem(ensemble, input);
  if (problem !== undefined) throw new Error(problem);
  const key = `cron:${ensemble.id}:${index}:${Math.floor(scheduledTime / MINUTE_MS) * MINUTE_MS}`;
  const claim = isForced(trigger, cron) ? {} : { claim: { key, fingerprint: '', ttlMs: CLAIM_MS } };
  await startEnsemble(env, ensemble, { input, trigger: facts, ...claim });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an unknown error';
}
