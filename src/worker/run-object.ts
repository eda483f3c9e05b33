import { DurableObject } from 'cloudflare:workers';
import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import type { ControlOutcome, ForkAsk, ForkOutcome, ResumeAsk, StartOutcome } from '../program/host-calls.ts';
import { HOST_ROUTES } from '../program/host-protocol.ts';
import type { JsonValue } from '../program/json.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunReport } from '../program/run-report.ts';
import type { RunRequest } from '../program/run-request.ts';
import { FORK_SOURCE_PATH, prepareFork } from './fork-run.ts';
import { pumpLines } from './pump-lines.ts';
import { RunLife } from './run-life.ts';
import type { RunRecord } from './run-record.ts';
import type { WorkerEnv } from './worker-env.ts';
import { type AppendOutcome, EVENTS_PATH, LIFE_PATH, type LifeAnswer, type LifeLink } from './workflow/life.ts';

/** What begins a run, as JSON text. */
interface GivenRun {
  readonly program: Program;
  readonly request: RunRequest;
}

const DONE: ControlOutcome = { type: 'done' };

/** One run (DESIGN §1), as the Worker reaches it: what is asked of it comes in here. Each wish is on disk before it is answered; how the run lives and rests is RunLife's. */
export class RunObject extends DurableObject<WorkerEnv> {
  readonly #life: RunLife;

  constructor(context: DurableObjectState, env: WorkerEnv) {
    super(context, env);
    this.#life = new RunLife(context, env);
  }

  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === HOST_ROUTES.run) return this.#run(await request.text());
    if (!this.#record.exists()) return new Response(null, { status: 404 });
    const { store, streams } = this.#record;
    if (url.pathname === HOST_ROUTES.events) {
      const from = Number(url.searchParams.get('from') ?? '0');
      const { readable, writable } = new IdentityTransformStream();
      void pumpLines(streams.open(from, url.searchParams.get('follow') === '1'), writable, KEEP_ALIVE_MS);
      return new Response(readable, { headers: NDJSON });
    }
    if (url.pathname === HOST_ROUTES.program) {
      return new Response(store.readProgram(), { headers: { 'content-type': 'application/json' } });
    }
    if (url.pathname === LIFE_PATH) {
      const { life, instance } = (await request.json()) as { readonly life: string; readonly instance: string };
      const over: LifeAnswer = { type: 'over' };
      return Response.json((await (await this.#life.openSeat())?.giveLife(life, instance)) ?? over);
    }
    if (url.pathname === EVENTS_PATH)
      return new Response(await this.appendEvents(url.searchParams.get('life') ?? '', await request.text()));
    if (url.pathname === FORK_SOURCE_PATH) return Response.json(await this.#record.readForFork());
    return new Response(null, { status: 404 });
  }

  /** Begins this run with what another one had done. `text`: JSON of a `ForkAsk`. */
  async fork(text: string): Promise<ForkOutcome> {
    if (this.#record.exists()) return { type: 'exists' };
    const prepared = await prepareFork(JSON.parse(text) as ForkAsk, this.env);
    return prepared.type === 'forked' ? this.#life.startFork(prepared) : prepared;
  }

  override alarm(): Promise<void> {
    return this.#life.alarm();
  }

  /** `text`: JSON of a program and a request. */
  async start(text: string): Promise<StartOutcome> {
    const { program, request } = JSON.parse(text) as GivenRun;
    return this.#life.start(program, request);
  }

  /** From the engine at work on the run in an instance of Workflows. `text`: JSON of events and of what redaction changed in them. */
  async appendEvents(life: string, text: string): Promise<AppendOutcome> {
    const { group, raw } = JSON.parse(text) as { readonly group: readonly RunEvent[]; readonly raw: readonly RunEvent[] };
    return (await (await this.#life.openSeat())?.takeEvents(life, group, raw)) ?? 'gone';
  }

  async attach(life: string, link: LifeLink): Promise<void> {
    await (await this.#life.openSeat())?.attach(life, link);
  }

  /** Keeps what a step gave that Workflows is not to keep. */
  async keepEnd(step: string, text: string, isSecret: boolean): Promise<boolean> {
    return this.#record.exists() && this.#record.keepEnd(step, text, isSecret);
  }

  async readEnd(step: string): Promise<string | undefined> {
    return this.#record.exists() ? this.#record.readEnd(step) : undefined;
  }

  /** Asks the run to stop; its own events say how it ended. */
  async cancel(reason: string): Promise<ControlOutcome> {
    const refused = this.#refuseWhenOver('cancelled');
    if (refused !== undefined) return refused;
    this.#record.store.writeNote('cancelled', reason);
    this.#life.loop?.cancel(reason);
    if ((await this.#life.begin()).type === 'impossible') await this.#life.close(reason);
    return DONE;
  }

  /** No agent begins any more. A run that no loop runs stays where it is. */
  async pause(reason?: string): Promise<ControlOutcome> {
    const refused = this.#refuseWhenOver('paused');
    if (refused !== undefined) return refused;
    if (this.#life.isPaused()) return DONE;
    await this.#life.settled();
    const { loop } = this.#life;
    if (loop === undefined) {
      await this.#record.unlock();
      await this.#record.append({ type: 'run.paused', ...(reason === undefined ? {} : { reason }) });
      await this.ctx.storage.deleteAlarm();
    } else if (!(await loop.inbox.pause(reason))) return this.#over('paused');
    return DONE;
  }

  /**
   * Lets a paused run go on, and one that no loop runs. A run of which nothing is at work but waits is left to its waits. `text`: JSON of a program and of variables that take the place of
   * the run's own; with one of them the run must not be at work.
   */
  async resume(text: string): Promise<ControlOutcome> {
    const refused = this.#refuseWhenOver('resumed');
    if (refused !== undefined) return refused;
    const { program, vars } = JSON.parse(text) as Omit<ResumeAsk, 'run'>;
    const wasPaused = this.#life.isPaused();
    if (program !== undefined || vars !== undefined) {
      const busy = await this.#life.replace(program, vars);
      if (busy !== undefined) return busy;
    }
    await this.#life.settled();
    if (wasPaused && this.#life.loop === undefined) {
      await this.#record.unlock();
      await this.#record.append({ type: 'run.continued' });
    } else await this.#life.loop?.inbox.continue();
    return !wasPaused && program === undefined && this.#life.isAtRest() ? DONE : this.#life.begin();
  }

  /** Answers what an agent of the run asks. */
  async answer(agent: string, answerText: string): Promise<AnswerOutcome> {
    const answer = JSON.parse(answerText) as ApprovalAnswer;
    const question = this.#record.exists() ? this.#record.waiting().find((waiting) => waiting.agent === agent) : undefined;
    if (question?.reason !== 'approval') return { type: 'unknown' };
    const { approvers } = question;
    if (approvers !== undefined && !approvers.some((name) => name === answer.approver)) return { type: 'refused', approvers };
    await this.#life.begin();
    return (await this.#life.loop?.inbox.answer(agent, answer)) ?? { type: 'unknown' };
  }

  /** Sends the run a signal, which it keeps until an agent waits for one of that name. */
  async signal(name: string, dataText: string | undefined): Promise<ControlOutcome> {
    const refused = this.#refuseWhenOver('signalled');
    if (refused !== undefined) return refused;
    const begun = await this.#life.begin();
    if (begun.type !== 'done') return begun;
    const data = dataText === undefined ? undefined : (JSON.parse(dataText) as JsonValue);
    return (await this.#life.loop?.inbox.signal(name, data)) === true ? DONE : this.#over('signalled');
  }

  /** The run's last event as JSON text, once it is there; undefined when it is not within `waitMs`. */
  async end(waitMs: number): Promise<string | undefined> {
    if (!this.#record.exists()) return undefined;
    if (!this.#record.isOver() && waitMs > 0) await Promise.race([this.#record.over, scheduler.wait(waitMs)]);
    return this.#record.isOver() ? this.#record.lastLine() : undefined;
  }

  /** The run as it stands, for lists of runs; undefined when there is none in this object. */
  async report(): Promise<RunReport | undefined> {
    return this.#record.exists() ? this.#record.report() : undefined;
  }

  /** The runtime is about to end in good order: that the run has to be resumed does not count against it. */
  async excuse(): Promise<void> {
    if (this.#life.loop !== undefined) this.#record.store.writeNote('excused', '');
  }

  /** Ends this object when its run is over, so that the files under it are closed: of three one is left. Nobody may be reading from it any more. */
  async settle(): Promise<void> {
    if (this.#life.loop !== undefined) return;
    await this.#life.record.reported();
    setTimeout(() => this.ctx.abort('its run is over'), 0);
  }

  /** Deletes all that is kept here; false when the run is not over. The object ends, so that the files under it are closed. */
  async forget(): Promise<boolean> {
    const { record, loop } = this.#life;
    if (loop !== undefined || (record.exists() && record.summary()?.finished_at === undefined)) return false;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    // Not before the answer is on its way: what ends an object fails its calls.
    setTimeout(() => this.ctx.abort('its run was deleted'), 0);
    return true;
  }

  async #run(text: string): Promise<Response> {
    const { program, request } = JSON.parse(text) as GivenRun;
    if (program.format !== PROGRAM_FORMAT) {
      return refuse(400, `The program has format ${program.format}; this version of Ensemble runs format ${PROGRAM_FORMAT}.`);
    }
    const started = await this.#life.start(program, request);
    if (started.type === 'exists') return refuse(409, `The run ${request.run} exists already.`);
    return new Response(this.#record.streams.open(0, true), { headers: NDJSON });
  }

  get #record(): RunRecord {
    return this.#life.record;
  }

  /** What a wish gets that only a run takes which is not over. */
  #refuseWhenOver(wish: string): ControlOutcome | undefined {
    if (!this.#record.exists()) return { type: 'unknown' };
    return this.#record.summary()?.finished_at === undefined ? undefined : this.#over(wish);
  }

  #over(wish: string): ControlOutcome {
    const status = this.#record.summary()?.status ?? 'running';
    return { type: 'impossible', status, message: `The run is over (${status}): it cannot be ${wish} any more.` };
  }
}

/** How long a follower hears nothing, at most. */
const KEEP_ALIVE_MS = 15_000;
/** `identity`: compressed streams arrive only when they are over. */
const NDJSON = { 'content-type': 'application/x-ndjson', 'content-encoding': 'identity' } as const;

function refuse(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}
