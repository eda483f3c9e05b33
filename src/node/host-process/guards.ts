import { openWatchdog } from './open-watchdog.ts';
import type { CreateGuard } from './runtime-guard.ts';

/** Who watches over every workerd, in a host process and in one that a command opens for itself. */
export const GUARDS: readonly CreateGuard[] = [openWatchdog];
