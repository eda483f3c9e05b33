import { parseForeign } from './parse-foreign.ts';
import { RemoteProblem } from './remote-problem.ts';

/** More of what a Worker says in one sentence is not shown. */
const LONGEST = 2_000;

/** An answer that is not the one that was wished for, as it is explained. */
export interface RefusedAnswer {
  readonly status: number;
  /** Without its parameters, in small letters. */
  readonly type: string;
  readonly location: string | undefined;
  readonly text: string;
}

/** Why the Worker at `origin` did not do what it was asked, in words that say what can be done about it. */
export function refusalOf(origin: string, answer: RefusedAnswer): RemoteProblem {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    const to = answer.location === undefined ? 'elsewhere' : `to ${cut(answer.location)}`;
    return new RemoteProblem(`${origin} answered with a redirect ${to}; the key is not sent there: name that address if it is the one`, {
      status,
    });
  }
  const document = answer.type === 'application/problem+json' ? readDocument(answer.text) : undefined;
  if (document === undefined) return new RemoteProblem(notOurs(origin, answer), { status });
  const { code, detail } = document;
  return new RemoteProblem(`${lead(origin, status)}: ${cut(detail)} (${cut(code)})${HELP[status] ?? ''}`, { code, status, document });
}

/** What an address says that is not, or not now, an Ensemble Worker. */
export function notOurs(origin: string, { status, type }: Pick<RefusedAnswer, 'status' | 'type'>): string {
  if (status >= 500)
    return `${origin} answered ${status}, and not in the words of an Ensemble Worker: it may be failing, or be something else`;
  const what = type === '' ? 'nothing that says what it is' : cut(type);
  return `${origin} is no Ensemble Worker of this version: it answered ${status} with ${what}; is the address right?`;
}

function lead(origin: string, status: number): string {
  if (status === 401) return `${origin} does not take the key`;
  if (status === 403) return `${origin} does not let this key do that`;
  if (status === 429) return `${origin} has had too many requests of this key`;
  return `${origin} answered ${status}`;
}

const HELP: Readonly<Record<number, string>> = {
  401: '\nIt comes from ENSEMBLE_API_KEY, or from the file of --key-file.',
  403: '\nThe scopes of a key stand in ENSEMBLE_API_KEYS of the Worker.',
};

type Document = Readonly<Record<string, unknown>> & { readonly code: string; readonly detail: string };

function readDocument(text: string): Document | undefined {
  try {
    const value = parseForeign(text);
    return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && areTexts(value)
      ? (value as Document)
      : undefined;
  } catch {
    return undefined;
  }
}

function areTexts({ code, detail }: { readonly code: unknown; readonly detail: unknown }): boolean {
  return typeof code === 'string' && typeof detail === 'string';
}

/** On one line: what a Worker says is not to look like what the command says. */
function cut(text: string): string {
  const line = text.slice(0, LONGEST).replace(/\s+/g, ' ');
  return text.length <= LONGEST ? line : `${line}…`;
}
