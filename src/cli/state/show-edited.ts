import type { ScopeAddress, StateReply } from '../../program/state-calls.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { describePlace } from './describe-place.ts';
import { countKeys } from './words.ts';

type Edited = Extract<StateReply, { readonly type: 'edited' }>;

/** `set 2 keys of visits (d1 DB), which has version 7 now` */
export function showEdited(verb: string, { keys, version }: Edited, address: ScopeAddress, io: Io): void {
  const now = version === undefined ? '' : `, which has version ${version} now`;
  io.stderr.write(`${verb} ${countKeys(keys.length)} of ${harmlessLine(address.scope)} (${describePlace(address)})${now}\n`);
}
