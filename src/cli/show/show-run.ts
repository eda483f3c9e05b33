import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { createPathMatcher } from '../history/path-matcher.ts';
import { type RunRecord, readRecord } from '../history/read-record.ts';
import { untilGone } from '../history/until-gone.ts';
import type { Io } from '../io.ts';
import { REPORTERS } from '../reporters/index.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { readSpan } from '../runs/read-moment.ts';
import { isStalled, STALLED_AFTER_MS } from '../runs/stalled.ts';
import { createPaint } from '../terminal/paint.ts';
import { DetailsCollector } from './agent-details.ts';
import { drawRun } from './draw-run.ts';
import { type RunTree, TreeBuilder } from './run-tree.ts';
import { drawAgents, drawVerbose } from './show-details.ts';
import { watchRun } from './watch-run.ts';

export interface ShowOptions {
  readonly json?: boolean;
  /** Details of this agent, in place of the tree. */
  readonly agent?: string;
  /** Details of each agent, in the tree. */
  readonly verbose?: boolean;
  /** Goes on with what comes, until the run is over. */
  readonly watch?: boolean;
  /** A duration: a run that is at work and silent for so long is stalled. */
  readonly stalledAfter?: string;
}

/**
 * `ensemble show`: what the journal of a run says, as a tree, as the details of an agent, or as its events.
 * @throws UsageProblem when the host has no such run, or no such agent in the run.
 */
export function showRun(text: string, options: ShowOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const stalledAfterMs = options.stalledAfter === undefined ? STALLED_AFTER_MS : readSpan('--stalled-after', options.stalledAfter);
  return withHost(io, openHost, async (host) => {
    const record = await readRecord(text, host, { follow: options.watch === true });
    if (options.json === true) await showEvents(record, options, io);
    else io.stdout.write(await draw(record, host, { ...options, stalledAfterMs }, io));
    return EXIT.done;
  });
}

async function showEvents({ events }: RunRecord, { agent }: ShowOptions, io: Io): Promise<void> {
  const reporter = REPORTERS.json(io);
  const isMeant = agent === undefined ? undefined : createPathMatcher(agent);
  for await (const event of untilGone(events, io)) {
    const path = 'step' in event ? event.step : 'agent' in event && event.type !== 'run.finished' ? event.agent : undefined;
    if (isMeant === undefined || (path !== undefined && isMeant(path))) reporter.event(event);
  }
}

type DrawOptions = ShowOptions & { readonly stalledAfterMs: number };

async function draw({ run, events }: RunRecord, host: Host, options: DrawOptions, io: Io): Promise<string> {
  const program = await host.readProgram(run);
  const { agent, verbose } = options;
  if (agent === undefined && verbose !== true) return drawTree(events, program, host, options, io);
  const all: RunEvent[] = [];
  const details = new DetailsCollector(agent === undefined ? () => true : createPathMatcher(agent));
  const tree = new TreeBuilder(program);
  for await (const event of untilGone(events, io)) {
    details.add(event);
    all.push(event);
    if (agent === undefined) tree.add(event);
  }
  const paint = createPaint(io.stdout, io.env);
  const shown = { program, events: all, details: details.all, paint, columns: io.stdout.columns };
  if (agent !== undefined) return drawAgents(agent, shown);
  return drawRun(tree.tree(), { paint, host, now: io.now(), stalledForMs: stalledFor(tree.tree(), options, io), ...drawVerbose(shown) });
}

/** Keeps no more of the events than what the tree shows. */
async function drawTree(
  events: RunRecord['events'],
  program: Program | undefined,
  host: Host,
  options: DrawOptions,
  io: Io,
): Promise<string> {
  const builder = new TreeBuilder(program);
  const paint = createPaint(io.stdout, io.env);
  const text = () => drawRun(builder.tree(), { paint, host, now: io.now(), stalledForMs: stalledFor(builder.tree(), options, io) });
  const isLive = options.watch === true && io.stdout.isTTY && io.env.TERM !== 'dumb';
  await watchRun(untilGone(events, io), { add: (event) => builder.add(event), text }, isLive ? io : undefined);
  return text();
}

function stalledFor({ finished, paused, waiting, lastAt }: RunTree, { stalledAfterMs }: DrawOptions, io: Io): number | undefined {
  const status = finished?.status ?? (paused !== undefined ? 'paused' : waiting.length > 0 ? 'waiting' : 'running');
  const now = io.now();
  return isStalled({ status, last_event_at: lastAt }, now, stalledAfterMs) ? now - lastAt : undefined;
}
