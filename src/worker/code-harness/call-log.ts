import type { LogLevel } from '../../program/run-event.ts';
import { renderLogLine } from './log-text.ts';
import type { HarnessLog } from './protocol.ts';

/** A body that logs in a loop fills neither memory nor journal: what comes after these limits is counted, not kept. */
const MAX_LINES = 10_000;
const MAX_LENGTH = 1024 * 1024;

/** What one call has logged. */
export class CallLog {
  readonly #lines: HarnessLog[] = [];
  #length = 0;
  #dropped = 0;
  #taken = 0;

  add(level: LogLevel, values: readonly unknown[]): void {
    if (this.#lines.length >= MAX_LINES || this.#length >= MAX_LENGTH) {
      this.#dropped += 1;
      return;
    }
    const text = renderLogLine(values);
    const room = MAX_LENGTH - this.#length;
    const message = text.length <= room ? text : `${text.slice(0, room)}… (${text.length - room} characters left out)`;
    this.#length += message.length;
    this.#lines.push({ level, message });
  }

  /** What was logged since the last call. */
  take(): readonly HarnessLog[] {
    const lines = this.#lines.slice(this.#taken);
    this.#taken = this.#lines.length;
    return lines;
  }

  /** The rest, when the call is over. */
  takeLast(): readonly HarnessLog[] {
    const lines = this.take();
    if (this.#dropped === 0) return lines;
    return [...lines, { level: 'warn', message: `… and ${this.#dropped} more lines that were not kept` }];
  }
}
