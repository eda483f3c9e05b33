/** What tells whether a host is of use to anybody. */
export interface IdleSigns {
  /** How long nobody may be connected before it is asked whether it is busy. */
  readonly idleMs: number;
  /** Connections that are open. */
  clients(): number;
  /** Connections that there have been. */
  visits(): number;
  /** Whether it has something to do without clients: a run at work, or one that goes on soon. An error when that cannot be said at the moment. */
  isBusy(): Promise<boolean>;
  /** Whether commands can still find it: its data folder may be gone, or another host have taken its place. */
  isKnown(): boolean;
}

const LOOK_EVERY_MS = 1_000;

/** Calls `leave` once, when the host is no longer of use. Returns a function that ends the watch. */
export function watchIdle(signs: IdleSigns, leave: (why: string) => void): () => void {
  let quietSince = performance.now();
  let visits = signs.visits();
  let asking = false;
  /** Whether anybody is connected, or has been since this was asked last. */
  const wasVisited = (): boolean => {
    const before = visits;
    visits = signs.visits();
    return visits !== before || signs.clients() > 0;
  };
  const end = () => clearInterval(timer);
  const look = async (): Promise<void> => {
    if (asking) return;
    if (!signs.isKnown()) {
      end();
      return leave('its data folder is gone');
    }
    if (wasVisited()) quietSince = performance.now();
    if (performance.now() - quietSince < signs.idleMs) return;
    asking = true;
    // A runtime that is being started anew is about to go on with its runs; one that cannot be started ends its host by itself.
    const busy = await signs.isBusy().catch(() => true);
    asking = false;
    quietSince = performance.now();
    // Who came meanwhile may have left a run at work of which the answer knew nothing.
    if (wasVisited() || busy) return;
    end();
    leave('nobody has used it for a while');
  };
  const timer = setInterval(() => void look(), Math.min(LOOK_EVERY_MS, Math.max(10, signs.idleMs / 4)));
  return end;
}
