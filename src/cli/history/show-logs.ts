import type { Host } from '../../node/host.ts';
import { findStep } from '../../program/find-step.ts';
import { listAgents } from '../../program/list-agents.ts';
import type { LogLevel, RunEvent } from '../../program/run-event.ts';
import { suggest } from '../../program/suggest.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { harmless, harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import { createPathMatcher, withoutPositions } from './path-matcher.ts';
import { readRecord } from './read-record.ts';
import { untilGone } from './until-gone.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

export interface LogsOptions {
  /** An agent, with all that runs in it. */
  readonly agent?: string;
  /** This level and those above. */
  readonly level?: LogLevel;
  /** Goes on with what comes, until the run is over. */
  readonly follow?: boolean;
  readonly json?: boolean;
}

type LogEvent = Extract<RunEvent, { readonly type: 'log' | 'warning' }>;
const PAINTS = { debug: 'dim', info: 'reset', warn: 'yellow', error: 'red' } as const;

/**
 * `ensemble logs`: what agents logged, and warnings, with time, level and agent; `--json`: their events, one a line.
 * @throws UsageProblem when there is no such run, or no such agent in its program.
 */
export function showLogs(text: string, options: LogsOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const { run, events } = await readRecord(text, host, { follow: options.follow === true });
    if (options.agent !== undefined) await checkAgent(options.agent, run, host);
    const isMeant = createFilter(options);
    const draw =
      options.json === true ? (event: LogEvent) => [harmlessJson(JSON.stringify(event))] : createDrawing(createPaint(io.stdout, io.env));
    for await (const event of untilGone(events, io)) {
      if (isLog(event) && isMeant(event)) io.stdout.write(`${draw(event).join('\n')}\n`);
    }
    return EXIT.done;
  });
}

function isLog(event: RunEvent): event is LogEvent {
  return event.type === 'log' || event.type === 'warning';
}

function levelOf(event: LogEvent): LogLevel {
  return event.type === 'log' ? event.level : 'warn';
}

function createFilter({ agent, level = 'debug' }: LogsOptions): (event: LogEvent) => boolean {
  const least = LOG_LEVELS.indexOf(level);
  const matches = agent === undefined ? undefined : createPathMatcher(agent);
  return (event) => {
    if (LOG_LEVELS.indexOf(levelOf(event)) < least) return false;
    return matches === undefined || (event.agent !== undefined && matches(event.agent));
  };
}

/** The text of what several lines log is indented below its first one, so that each line that begins with a time is one message. */
function createDrawing(paint: Paint): (event: LogEvent) => readonly string[] {
  return (event) => {
    const level = levelOf(event);
    const [first = '', ...more] = harmless(event.message).split('\n');
    const code = event.type === 'warning' ? paint.dim(` [${harmlessLine(event.code)}]`) : '';
    const head = `${paint.dim(new Date(event.at).toISOString())}  ${paint[PAINTS[level]](level.padEnd(5))}  `;
    const agent = event.agent === undefined ? '' : `${paint.bold(harmlessLine(event.agent))}  `;
    return [`${head}${agent}${first}${code}`, ...more.map((line) => `    ${line}`)];
  };
}

async function checkAgent(agent: string, run: string, host: Host): Promise<void> {
  const program = await host.readProgram(run);
  if (program === undefined) return;
  const named = withoutPositions(agent);
  if (findStep(program, named) !== undefined) return;
  const near = suggest(
    named,
    Array.from(listAgents(program), ({ path }) => path),
  );
  throw new UsageProblem(`that run's ensemble has no agent "${agent}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}
