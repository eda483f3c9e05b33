/** What tells whether a host is of use to anybody. */
export interface IdleSigns {
  /** How long nobody may be connected before it is asked whether it is busy. */
  readonly idleMs: number;
  clients(): number;
  /** Whether it has something to do without clients: a run at work, or one that goes on soon. */
  isBusy(): Promise<boolean>;
  /** Whether commands can still find it: its data folder may be gone, or another host have taken its place. */
  isKnown(): boolean;
}

const LOOK_EVERY_MS = 1_000;

/** Calls `leave` once, when the host is no longer of use. Returns a function that ends the watch. */
export function watchIdle(signs: IdleSigns, leave: (why: string) => void): () => void {
  let quietSince = performance.now();
  let asking = false;
  const end = () => clearInterval(timer);
  const look = async (): Promise<void> => {
    if (asking) return;
    if (!signs.isKnown()) {
      end();
      return leave('its data folder is gone');
    }
    if (signs.clients() > 0) quietSince = performance.now();
    if (performance.now() - quietSince < signs.idleMs) return;
    asking = true;
    const busy = await signs.isBusy().catch(() => false);
    asking = false;
    quietSince = performance.now();
    if (busy || signs.clients() > 0) return;
    end();
    leave('nobody has used it for a while');
  };
  const timer = setInterval(() => void look(), Math.min(LOOK_EVERY_MS, Math.max(10, signs.idleMs / 4)));
  return end;
}
