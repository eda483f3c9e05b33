import type { Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import { readInside } from '../../node/project/read-inside.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { findStep } from '../../program/find-step.ts';
import { hashProgram } from '../../program/hash.ts';
import type { Program } from '../../program/program.ts';
import { type ReplayResult, replayProgram } from '../../runtime/engine/replay/replay-program.ts';
import { readPresentProgram } from '../control/present-program.ts';
import { renderLine } from '../diagnostics/render-line.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { countOf } from '../reporters/words.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { renderSpan, showDiagnostics } from '../run/show-diagnostics.ts';
import { withHost } from '../run/with-host.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { type Difference, drawReplayDifference, eventDifferences, pathOf, type ShownPlace } from './draw-replay.ts';
import { readProjectVariables } from './project-variables.ts';
import { readEvents } from './read-record.ts';

export interface ReplayOptions {
  readonly withCurrent?: boolean;
  readonly var?: readonly string[];
  readonly json?: boolean;
}

/**
 * `ensemble replay`: goes through a run again from its journal, in this process and without effects. `done` when nothing is different, `problemsInFile` (1) when something is, or when the present
 * file has errors.
 * @throws UsageProblem for a run that is not there; ProjectProblem when there is no program to replay it with.
 */
export function showReplay(text: string, options: ReplayOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host, project) => {
    const { run, events } = await readEvents(text, host);
    const variables = readProjectVariables(project, options.var ?? [], io);
    const chosen = await chooseProgram(run, options, { host, project }, io);
    if (chosen === undefined) return EXIT.problemsInFile;
    const { program, isPresent } = chosen;
    const result = await replayProgram({ program, programHash: await hashProgram(program), events, ...variables });
    const place = result.type === 'different' ? placeOf(result, program, { isPresent, project }, io) : undefined;
    if (options.json === true) showJson(run, result, place, io);
    else if (result.type === 'different') io.stdout.write(drawReplayDifference(result, place, createPaint(io.stdout, io.env)));
    else io.stdout.write(`the same: ${countOf(result.events, 'event')}${result.type === 'ended' ? ', as far as the run has got' : ''}\n`);
    return result.type === 'different' ? EXIT.problemsInFile : EXIT.done;
  });
}

interface Chosen {
  readonly program: Program;
  /** The files say what it says, places included. */
  readonly isPresent: boolean;
}

/** Undefined when the present file has errors: they are on stderr then. */
async function chooseProgram(
  run: string,
  { withCurrent }: ReplayOptions,
  { host, project }: { readonly host: Host; readonly project: Project },
  io: Io,
): Promise<Chosen | undefined> {
  const stored = await host.readProgram(run);
  if (stored === undefined) throw new ProjectProblem(`an earlier version of Ensemble compiled the run ${run}; this one cannot replay it`);
  const present = readPresentProgram(stored.file, project);
  if (withCurrent !== true) {
    const isPresent = present.type === 'compiled' && (await hashProgram(present.program)) === (await hashProgram(stored));
    return { program: stored, isPresent };
  }
  if (present.type === 'compiled') return { program: present.program, isPresent: true };
  if (present.type === 'missing') throw new ProjectProblem(`${harmlessLine(stored.file)} is gone`);
  showDiagnostics(present.errors, project.root, io);
  return undefined;
}

/** The step of what comes, or else of what is recorded, in its file. */
function placeOf(
  { expected, found }: Difference,
  program: Program,
  { isPresent, project }: { readonly isPresent: boolean; readonly project: Project },
  { cwd }: Io,
): ShownPlace | undefined {
  const path = pathOf(found) ?? pathOf(expected);
  const step = path === undefined ? undefined : findStep(program, path);
  if (step === undefined) return undefined;
  const { file } = step;
  const span = { file, ...step.step.place };
  const text = isPresent ? readInside(project.root, file)?.text : undefined;
  const frame = text === undefined ? undefined : renderLine(file, text, span);
  return { place: renderSpan(span, { root: project.root, cwd }), ...(frame === undefined ? {} : { frame }) };
}

function showJson(run: string, result: ReplayResult, shown: ShownPlace | undefined, io: Io): void {
  const { type, ...facts } = result;
  const details = result.type === 'different' && result.expected !== undefined && result.found !== undefined;
  const value = {
    run,
    same: type !== 'different',
    ...facts,
    ...(details ? { differences: eventDifferences(result.expected, result.found) } : {}),
    ...(shown === undefined ? {} : { place: shown.place }),
  };
  printJson(value, io);
}
