import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { suggest } from '../../program/suggest.ts';
import { withoutPositions } from '../history/path-matcher.ts';
import { countOf, listNames } from '../reporters/words.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import type { AgentDetails } from './agent-details.ts';
import { type DetailsView, drawDetails, endText } from './draw-details.ts';
import type { DrawOptions } from './draw-run.ts';
import { findGiven } from './given-to-agent.ts';

export interface ShownDetails {
  readonly program: Program | undefined;
  readonly events: readonly RunEvent[];
  readonly details: ReadonlyMap<string, AgentDetails>;
  readonly paint: Paint;
  /** Of the terminal; undefined for a pipe, whose lines may be longer. */
  readonly columns: number | undefined;
}

/** Agents that are shown for one name: a loop over 10,000 items has as many of it. */
const MOST_AGENTS = 20;
/** In a tree: what was given is worked out anew for each agent, from all events before it. */
const MOST_GIVEN = 200;
const LEAST_COLUMNS = 40;
const PIPE_COLUMNS = 160;
const LINES = { one: 60, tree: 8 } as const;

/**
 * The agents that a path names, each with all that is known of it.
 * @throws UsageProblem when none of them began.
 */
export function drawAgents(named: string, shown: ShownDetails): string {
  const exact = [...shown.details.values()].filter(({ agent }) => agent === named || withoutPositions(agent) === withoutPositions(named));
  const all = exact.length > 0 ? exact : [...shown.details.values()];
  if (all.length === 0) throw unknownAgent(named, shown.events);
  const { paint } = shown;
  const blocks = all.slice(0, MOST_AGENTS).map((details) => {
    const view = viewOf(details, { lines: LINES.one, withGiven: true }, shown);
    const lines = drawDetails(details, view);
    const operation = details.started === undefined ? '' : `  ${paint.dim(harmlessLine(details.started.operation))}`;
    return [
      `${paint.bold(harmlessLine(details.agent))}${operation}  ${endText(details, view.startedAt)}`,
      ...lines.map((line) => `  ${line}`),
    ];
  });
  const left = all.length - blocks.length;
  const example = all.at(-1)?.agent ?? named;
  const rest = left === 0 ? [] : [[paint.dim(`and ${countOf(left, 'more', 'more')}; name one, as --agent ${harmlessLine(example)}`)]];
  return `${[...blocks, ...rest].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The details of each agent for the tree; `note` says what is left out. */
export function drawVerbose(shown: ShownDetails): Pick<DrawOptions, 'details' | 'note'> {
  const withGiven = shown.details.size <= MOST_GIVEN;
  const details = (path: string): readonly string[] => {
    const found = shown.details.get(path);
    return found === undefined ? [] : drawDetails(found, viewOf(found, { lines: LINES.tree, withGiven }, shown));
  };
  const note = 'what so many agents were given is left out; --agent shows it of one';
  return withGiven ? { details } : { details, note };
}

interface Wanted {
  /** Of one value. */
  readonly lines: number;
  readonly withGiven: boolean;
}

function viewOf(details: AgentDetails, { lines, withGiven }: Wanted, { program, events, paint, columns }: ShownDetails): DetailsView {
  const given = withGiven && program !== undefined ? findGiven(program, events, details.index) : {};
  const extent = { lines, columns: columns === undefined ? PIPE_COLUMNS : Math.max(LEAST_COLUMNS, columns - 20) };
  return { paint, extent, startedAt: events[0]?.at ?? 0, given, inTree: lines === LINES.tree };
}

function unknownAgent(named: string, events: readonly RunEvent[]): UsageProblem {
  const known = new Set(events.flatMap((event) => (event.type === 'agent.started' || event.type === 'agent.skipped' ? [event.agent] : [])));
  const near = suggest(named, known);
  const there = known.size === 0 ? 'no agent of it has begun yet' : `these did: ${listNames([...known])}`;
  return new UsageProblem(`no agent "${named}" began in that run${near === undefined ? '' : `; did you mean "${near}"?`}\n${there}`);
}
