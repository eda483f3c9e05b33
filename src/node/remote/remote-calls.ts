import type { AnswerOutcome } from '../../program/approval.ts';
import type { ControlOutcome, HostCallName, HostCalls, RunFilter, RunSummary } from '../../program/host-calls.ts';
import type { StateReply } from '../../program/state-calls.ts';
import type { ApiClient } from './api-client.ts';
import { readReply } from './read-reply.ts';
import { RemoteProblem } from './remote-problem.ts';

type RemoteCall<Name extends HostCallName> = (ask: HostCalls[Name]['ask'], client: ApiClient) => Promise<HostCalls[Name]['reply']>;

/** So many runs come at a time. */
const PAGE = 100;
/** A key for few ensembles gets empty pages, each for a thousand runs that a Worker looked through: ten million runs, then, before a list that never ends is given up. */
const MAX_PAGES = 10_000;

/** What of `HostCalls` the HTTP API has, as its routes; undefined for what a deployed Worker is not asked from elsewhere. */
export const REMOTE_CALLS: { readonly [Name in HostCallName]: RemoteCall<Name> | undefined } = {
  start: undefined,
  cancel: ({ run, reason }, client) => control(client, run, 'cancel', { reason }),
  pause: ({ run, reason }, client) => control(client, run, 'pause', reason === undefined ? {} : { reason }),
  resume({ run, program, vars }, client) {
    if (program !== undefined) throw new RemoteProblem('a run of a deployed Worker goes on with the program that it has');
    if (vars !== undefined) throw new RemoteProblem('a run of a deployed Worker goes on with the variables of that Worker');
    return control(client, run, 'resume', {});
  },
  async answer({ run, agent, answer }, client): Promise<AnswerOutcome> {
    try {
      await client.ask({
        method: 'POST',
        path: `/runs/${run}/approvals/${encodeURIComponent(agent)}`,
        body: JSON.stringify(answer),
        repeatable: false,
      });
      return { type: 'taken' };
    } catch (error) {
      const approvers = error instanceof RemoteProblem && error.status === 403 ? error.document.approvers : undefined;
      if (Array.isArray(approvers)) return { type: 'refused', approvers: approvers.map(String) };
      if (error instanceof RemoteProblem && (error.code === 'not-found' || error.code === 'conflict')) return { type: 'unknown' };
      throw error;
    }
  },
  signal({ run, name, data }, client) {
    const body = data === undefined ? {} : { body: JSON.stringify(data) };
    return outcomeOf(client.ask({ method: 'POST', path: `/runs/${run}/signals/${encodeURIComponent(name)}`, ...body, repeatable: false }));
  },
  fork: undefined,
  async runs(filter, client) {
    const { limit = PAGE } = filter;
    const runs: RunSummary[] = [];
    // The cursor of the API is the id of the run that a page ended with.
    for (let cursor = filter.before, pages = 0; runs.length < limit; pages += 1) {
      const query = runsQuery(filter, cursor, Math.min(PAGE, limit - runs.length));
      const { value } = await client.ask({ method: 'GET', path: `/runs?${query}`, repeatable: true });
      const page = readReply('runs', value, client.origin);
      runs.push(...page.runs);
      if (page.next_cursor === undefined) break;
      if (page.next_cursor === cursor || pages === MAX_PAGES)
        throw new RemoteProblem(`${client.origin} hands out pages of runs without end; they are not read any further`);
      cursor = page.next_cursor;
    }
    return { runs: runs.slice(0, limit) };
  },
  async statistics({ ensemble, since }, client) {
    const query = queryOf({ ensemble, since });
    const { value } = await client.ask({ method: 'GET', path: `/statistics${query === '' ? '' : `?${query}`}`, repeatable: true });
    return readReply('statistics', value, client.origin);
  },
  forget: undefined,
  alive: undefined,
  async state(ask, client): Promise<StateReply> {
    if ('reveal' in ask && ask.reveal === true)
      throw new RemoteProblem('a deployed Worker shows its secrets to nobody: leave out --reveal');
    const reads =
      ask.action === 'scopes' || ask.action === 'find' || ask.action === 'read' || ask.action === 'history' || ask.action === 'snapshots';
    const { value } = await client.ask({ method: 'POST', path: '/state', body: JSON.stringify(ask), repeatable: reads });
    return readReply(`state ${ask.action}`, value, client.origin);
  },
  settle: undefined,
};

function control(
  client: ApiClient,
  run: string,
  wish: 'cancel' | 'pause' | 'resume',
  body: { readonly reason?: string },
): Promise<ControlOutcome> {
  return outcomeOf(client.ask({ method: 'POST', path: `/runs/${run}/${wish}`, body: JSON.stringify(body), repeatable: true }));
}

async function outcomeOf(asked: Promise<unknown>): Promise<ControlOutcome> {
  try {
    await asked;
    return { type: 'done' };
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error;
    if (error.code === 'not-found') return { type: 'unknown' };
    const { detail } = error.document;
    if (error.code === 'conflict' && typeof detail === 'string') return { type: 'impossible', status: 'running', message: detail };
    throw error;
  }
}

function runsQuery({ ensemble, statuses, since, until, part }: RunFilter, cursor: string | undefined, limit: number): string {
  return queryOf({ ensemble, status: statuses?.join(','), since, until, part, cursor, limit });
}

function queryOf(fields: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.append(name, String(value));
  return query.toString();
}
