import type { WorkflowStep } from 'cloudflare:workers';
import { NonRetryableError } from 'cloudflare:workflows';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { type RunFinished, runProgram } from '../../runtime/engine/run-program.ts';
import { RunInbox } from '../../runtime/run-inbox.ts';
import { openRun } from '../open-run.ts';
import { shareProgram } from '../program-cache.ts';
import { programOf } from '../run-loop.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openPorts } from '../worker-ports.ts';
import { dispose } from './dispose.ts';
import { EngineLink } from './engine-link.ts';
import { type GivenLife, LIFE_PATH, type LifeAnswer } from './life.ts';
import { RemoteJournal } from './remote-journal.ts';
import { type PlatformStep, WorkflowSteps } from './workflow-steps.ts';

/** Characters of JSON: more is not worth to be kept once more, and the platform takes 1 MiB. */
const MAX_OUTPUT = 200_000;

export interface WorkflowCall {
  readonly env: WorkerEnv;
  readonly run: string;
  /** Of the instance. */
  readonly instance: string;
  readonly step: WorkflowStep;
}

/**
 * One life of a run in an instance of Workflows: fetches what there is of it from the run's object, goes on from there, and gives what the instance ends with. Called anew by the platform whenever it
 * brings the instance back. Throws when the run failed, so that the instance has too.
 */
export async function runWorkflow({ env, run, instance, step }: WorkflowCall): Promise<object> {
  const object = openRun(env, run);
  const life = crypto.randomUUID();
  const response = await object.fetch(`http://run${LIFE_PATH}`, { method: 'POST', body: JSON.stringify({ life, instance }) });
  const answer = (await response.json()) as LifeAnswer;
  if (answer.type === 'over') return { run };
  const finished = await live(answer.life, { env, run, instance, step }, life);
  if (finished.status === 'failed') throw new NonRetryableError(`${finished.failure?.code}: ${finished.failure?.message}`);
  const { status, output } = finished;
  const isShort = output !== undefined && JSON.stringify(output).length <= MAX_OUTPUT;
  return { run, status, ...(isShort ? { output } : {}) };
}

async function live(given: GivenLife, { env, run, instance, step }: WorkflowCall, life: string): Promise<RunFinished> {
  const { request, recorded, secretsBefore, cancelled } = given;
  const { program, hash } = await shareProgram(given.program);
  const object = openRun(env, run);
  const broken = Promise.withResolvers<never>();
  const cancel = new AbortController();
  const inbox = new RunInbox();
  const steps = new WorkflowSteps({
    step: step as unknown as PlatformStep,
    keeper: object,
    sendEvent: async (type, payload) => {
      const own = await env[WORKER_BINDINGS.workflow]?.get(instance);
      await own?.sendEvent({ type, payload });
      if (own !== undefined) dispose(own);
    },
    onEvent: (payload) => link.receive(payload),
    onBroken: (error) => broken.reject(error),
  });
  const link = new EngineLink(
    inbox,
    (agent) => steps.feederOf(agent),
    (reason) => cancel.abort(reason),
  );
  const journal = new RemoteJournal(object, life, () => object.attach(life, link));
  const { input, trigger, vars, secretVars } = request;
  const resumed = recorded.length > 0;
  const done = runProgram({
    ...{ program, programHash: hash, run, input, trigger, journal, inbox, secretsBefore },
    ports: { ...openPorts(env, program, hash, { run, vars, secretVars, resumed }), steps },
    signal: cancel.signal,
    recorded: resumed ? recorded : undefined,
    isReplaced: resumed && programOf(recorded) !== hash,
    verdicts: new Map(given.verdicts),
  });
  if (cancelled !== undefined) cancel.abort(cancelled);
  // Its inbox is open now.
  const attached = object.attach(life, link);
  try {
    const [finished] = await Promise.race([Promise.all([done, attached]), broken.promise]);
    return finished;
  } finally {
    // Whatever is still at work here is not to be heard of any more.
    journal.close();
    cancel.abort();
    done.catch(() => undefined);
  }
}
