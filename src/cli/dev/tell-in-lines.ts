import type { DevEvent, Served } from '../../node/dev/dev-event.ts';
import type { Project } from '../../node/find-project.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import type { Io } from '../io.ts';
import { failureLine } from '../reporters/words.ts';
import { noticeText } from '../run/notice-text.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { drawServed, drawTable } from './draw-served.ts';

export interface LinesOptions {
  readonly project: Project;
  /** Whether crons fire by time. */
  readonly cron: boolean;
}

/** What `ensemble dev` has to tell, for a person: a table of what is served, then a line for each request and each run. Mistakes go to stderr. */
export function tellInLines(io: Io, { project, cron }: LinesOptions): (event: DevEvent) => void {
  const paint = createPaint(io.stdout, io.env);
  const line = (text: string) => io.stdout.write(`${paint.dim(timeOf(io.now()))}  ${text}\n`);
  const problem = (text: string, serving: boolean) => {
    io.stderr.write(`${createPaint(io.stderr, io.env).red('error:')} ${harmless(text)}\n${still(serving)}\n`);
  };
  // What the table says that was shown last.
  let shown = '';
  return (event) => {
    switch (event.type) {
      case 'ready':
        io.stdout.write(`${drawServed(event, { now: io.now(), cron, paint }).join('\n')}\n`);
        shown = triggersOf(event);
        return;
      case 'reloaded': {
        line(`${paint.green('reloaded')} ${harmlessLine(event.changed.join(', '))}`.trimEnd());
        if (triggersOf(event) !== shown) io.stdout.write(`${drawTable(event, { now: io.now(), cron }).join('\n')}\n`);
        shown = triggersOf(event);
        return;
      }
      case 'refused':
        showDiagnostics(event.diagnostics, project.root, io);
        io.stderr.write(`${still(event.serving)}\n`);
        return;
      case 'problem':
        return problem(event.message, event.serving);
      case 'notice':
        return line(harmlessLine(noticeText(event.notice, io.cwd)));
      case 'request': {
        const { method, path, status, duration_ms } = event;
        return line(`${method} ${harmlessLine(path)}  ${paintStatus(status, paint)}  ${formatDuration(duration_ms)}`);
      }
      case 'run':
        return line(runText(event.run, paint));
      case 'cron':
        return line(`cron ${event.cron}`);
      case 'log':
        return line(paint.yellow(harmless(event.line)));
      default:
        return event satisfies never;
    }
  };
}

function triggersOf({ manifest }: Served): string {
  return JSON.stringify(manifest.ensembles.map(({ id, triggers }) => [id, triggers]));
}

function still(serving: boolean): string {
  return serving ? 'What was served before still is; watching for changes.' : 'Nothing is served yet; watching for changes.';
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function paintStatus(status: number, paint: Paint): string {
  if (status >= 500) return paint.red(String(status));
  return status >= 400 ? paint.yellow(String(status)) : paint.green(String(status));
}

function runText({ run, ensemble, status, duration_ms, agent, failure }: RunSummary, paint: Paint): string {
  const took = duration_ms === undefined ? '' : ` in ${formatDuration(duration_ms)}`;
  const why = failure === undefined ? '' : `  ${agent === undefined ? '' : `${harmlessLine(agent)} `}${failureLine(failure)}`;
  const colour = status === 'succeeded' ? paint.green : status === 'failed' ? paint.red : paint.cyan;
  return `run ${run}  ${harmlessLine(ensemble)}  ${colour(status)}${took}${why}`;
}
