import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { EventBody, RunEvent } from '../../program/run-event.ts';
import type { ReplayDifference } from '../../runtime/engine/replay/replay-program.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import { valueLines } from './cut-text.ts';
import { diffJson, type JsonDifference } from './diff-json.ts';

export type Difference = Omit<ReplayDifference, 'type'>;

/** Where the step of the difference stands. */
export interface ShownPlace {
  /** `file:line:column` */
  readonly place: string;
  /** The line with carets; absent when the file is not what the program was compiled from. */
  readonly frame?: string | undefined;
}

const EXTENT = { lines: 12, columns: 100 } as const;
/** Properties that are measured, or count events: never the same twice. */
const MEASURED: ReadonlySet<string> = new Set(['/seq', '/at', '/run', '/duration_ms']);

/** A difference as text: which event, where in the file, why, and what of it is not the same. */
export function drawReplayDifference(difference: Difference, shown: ShownPlace | undefined, paint: Paint): string {
  const { seq, expected, found, why } = difference;
  const { bold, dim, red, green } = paint;
  const differences = expected === undefined || found === undefined ? [] : eventDifferences(expected, found);
  const lines = [
    `${red('different')} ${dim(`at event ${seq}:`)} ${bold(eventName(expected ?? found))}`,
    ...(shown === undefined ? [] : [`  ${harmlessLine(shown.place)}`, ...(shown.frame === undefined ? [] : [shown.frame])]),
    harmlessLine(why),
    ...(differences.length > 0 && eventName(expected) === eventName(found) ? [] : sidesOf(expected, found, paint)),
    ...differences.flatMap(({ path, before, after }) => [
      bold(harmlessLine(path)),
      ...sideLines('- recorded', before, red),
      ...sideLines('+ now', after, green),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What two events of the same kind say differently, as JSON pointers into them. */
export function eventDifferences(expected: RunEvent, found: EventBody): readonly JsonDifference[] {
  if (expected.type !== found.type) return [];
  // Events are JSON.
  const all = diffJson(expected as unknown as JsonObject, found as unknown as JsonObject, '');
  return [...all].filter(({ path }) => !MEASURED.has(path));
}

function sidesOf(expected: RunEvent | undefined, found: EventBody | undefined, { red, green }: Paint): readonly string[] {
  return [red(`  - recorded: ${eventName(expected)}`), green(`  + now:      ${eventName(found)}`)];
}

function sideLines(sign: string, value: JsonValue | undefined, colour: (text: string) => string): readonly string[] {
  if (value === undefined) return [];
  return valueLines(value, EXTENT).map((line, i) => colour(`  ${i === 0 ? sign : ' '.repeat(sign.length)} ${line}`));
}

/** `agent.finished of fetch[3]` */
function eventName(event: EventBody | undefined): string {
  if (event === undefined) return 'nothing';
  const path = pathOf(event);
  return path === undefined ? event.type : `${event.type} of ${harmlessLine(path)}`;
}

/** The path of the agent or step that an event is about. */
export function pathOf(event: EventBody | undefined): string | undefined {
  if (event === undefined || event.type === 'run.finished') return undefined;
  return 'step' in event ? event.step : 'agent' in event ? event.agent : undefined;
}
