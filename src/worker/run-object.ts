import { DurableObject } from 'cloudflare:workers';
import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import type { ControlOutcome, StartOutcome } from '../program/host-calls.ts';
import { HOST_ROUTES } from '../program/host-protocol.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import type { RunReport } from '../program/run-report.ts';
import type { RunRequest } from '../program/run-request.ts';
import { RunLife } from './run-life.ts';
import type { WorkerEnv } from './worker-env.ts';

/** What begins a run, as JSON text. */
interface GivenRun {
  readonly program: Program;
  readonly request: RunRequest;
}

const UNKNOWN: ControlOutcome = { type: 'unknown' };

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
    if (!this.#life.record.exists()) return new Response(null, { status: 404 });
    const { store, streams } = this.#life.record;
    if (url.pathname === HOST_ROUTES.events) {
      const from = Number(url.searchParams.get('from') ?? '0');
      return new Response(streams.open(from, url.searchParams.get('follow') === '1'), { headers: NDJSON });
    }
    if (url.pathname === HOST_ROUTES.program) {
      return new Response(store.readProgram(), { headers: { 'content-type': 'application/json' } });
    }
    return new Response(null, { status: 404 });
  }

  override alarm(): Promise<void> {
    return this.#life.alarm();
  }

  /** `text`: JSON of a program and a request. */
  async start(text: string): Promise<StartOutcome> {
    const { program, request } = JSON.parse(text) as GivenRun;
    return this.#life.start(program, request);
  }

  /** Asks the run to stop; its own events say how it ended. */
  async cancel(reason: string): Promise<ControlOutcome> {
    const refused = this.#refuseWhenOver('cancelled');
    if (refused !== undefined) return refused;
    this.#life.record.store.writeNote('cancelled', reason);
    this.#life.loop?.cancel(reason);
    return this.#life.begin();
  }

  /** Answers what an agent of the run asks. */
  async answer(agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome> {
    return this.#life.loop?.questions.answer(agent, answer) ?? { type: 'unknown' };
  }

  /** The run as it stands, for lists of runs; undefined when there is none in this object. */
  async report(): Promise<RunReport | undefined> {
    return this.#life.record.exists() ? this.#life.record.report() : undefined;
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
    return new Response(this.#life.record.streams.open(0, true), { headers: NDJSON });
  }

  /** What a wish gets that only a run takes which is not over. */
  #refuseWhenOver(wish: string): ControlOutcome | undefined {
    if (!this.#life.record.exists()) return UNKNOWN;
    const summary = this.#life.record.summary();
    if (summary?.finished_at === undefined) return undefined;
    return { type: 'impossible', status: summary.status, message: `The run is over (${summary.status}): it cannot be ${wish} any more.` };
  }
}

/** `identity`: compressed streams arrive only when they are over. */
const NDJSON = { 'content-type': 'application/x-ndjson', 'content-encoding': 'identity' } as const;

function refuse(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}
