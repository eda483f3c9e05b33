import type { Failure } from '../../program/failure.ts';
import type { Program } from '../../program/program.ts';
import type { Operation } from '../operations/operation.ts';
import type { Ports } from '../ports.ts';
import type { RunInbox } from '../run-inbox.ts';
import type { BodyCall, BodyEnd } from './body-context.ts';
import type { CacheFlights } from './cache/cache-flights.ts';
import type { EventLog } from './event-log.ts';
import type { HeldOutputs } from './held-outputs.ts';
import type { Redactor } from './redact.ts';
import type { RecordedRun } from './replay/recorded-run.ts';

/** What all bodies and agents of one run share. */
export interface RunContext {
  readonly program: Program;
  /** The run's id. */
  readonly id: string;
  /** Begins the names of what it writes to state that lasts: its id, and where another program took the place of the first one, which. */
  readonly commitsAs: string;
  /** How often the state of a body was opened, by its path. */
  readonly opened: Map<string, number>;
  /** How often each agent has started, by its path. */
  readonly starts: Map<string, number>;
  readonly ports: Ports;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly log: EventLog;
  readonly redactor: Redactor;
  readonly held: HeldOutputs;
  /** Of a run that goes on from its journal. */
  readonly replay: RecordedRun | undefined;
  /** What comes to the run from outside. */
  readonly inbox: RunInbox | undefined;
  /** What the attempt of an agent that was cut short fails with, by its path; each counts once. */
  readonly verdicts: Map<string, Failure>;
  /** Of agents with a `cache`. */
  readonly cacheFlights: CacheFlights;
  /** Runs the body of an agent file or ensemble. Here, because agents run bodies and bodies run agents. */
  runBody(call: BodyCall): Promise<BodyEnd>;
}
