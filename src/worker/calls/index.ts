import type { HostCallName } from '../../program/host-calls.ts';
import type { AnswerCall } from './call.ts';
import { alive, answer, cancel, pause, resume, signal, start } from './control.ts';
import { forget } from './forget.ts';
import { fork } from './fork.ts';
import { runs } from './runs.ts';
import { settle } from './settle.ts';
import { state } from './state.ts';
import { statistics } from './statistics.ts';

/** Every call that a host may make, by its name; undefined where nothing answers it yet. */
export const CALLS: { readonly [Name in HostCallName]: AnswerCall<Name> | undefined } = {
  start,
  cancel,
  pause,
  resume,
  answer,
  signal,
  fork,
  runs,
  statistics,
  forget,
  alive,
  state,
  settle,
};
