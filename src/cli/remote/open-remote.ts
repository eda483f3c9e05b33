import type { TellNotice } from '../../node/host-notice.ts';
import { RemoteHost } from '../../node/remote/remote-host.ts';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import type { Io } from '../io.ts';

/** The host of a deployed Worker. Nothing is asked yet, and nothing on this machine is opened. An interrupt ends what is only waited for; from now on it does not end the process by itself. */
export function openRemote(target: RemoteTarget, notice: TellNotice, io: Io): RemoteHost {
  return new RemoteHost({ ...target, notice, onInterrupt: (listener) => io.onInterrupt(listener) });
}
