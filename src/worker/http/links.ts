import { API_BASE } from '../../program/reserved-paths.ts';

/** Where the client goes on from a run, as absolute paths. */
export interface RunLinks {
  readonly self: string;
  readonly events: string;
  readonly program: string;
}

export function linksOfRun(run: string): RunLinks {
  const self = `${API_BASE}/runs/${run}`;
  return { self, events: `${self}/events`, program: `${self}/program` };
}

/** The path of an ensemble in the API. */
export function pathOfEnsemble(id: string): string {
  return `${API_BASE}/ensembles/${encodeURIComponent(id)}`;
}
