import type { RunEvent } from '../../program/run-event.ts';
import type { Journal } from '../../runtime/journal/journal.ts';
import { type AppendOutcome, EVENTS_PATH } from './life.ts';

const SOON_MS = 8;
/** Characters: a call takes 32 MiB, a request any size. */
const MAX_CALL = 4 * 1024 * 1024;

/** Of the object of the run. */
export interface JournalKeeper {
  /** `text`: JSON of a group, and of what is not redacted of it. */
  appendEvents(life: string, text: string): Promise<AppendOutcome>;
  fetch(url: string, init: { readonly method: 'POST'; readonly body: string }): Promise<Response>;
}

/**
 * The journal of a run whose engine is at work elsewhere than in the run's object. A group is sent once more when the answer got lost; the object takes none twice. Once another life of the run has
 * begun it takes nothing any more, and nothing follows: this life is over.
 */
export class RemoteJournal implements Journal {
  readonly #keeper: JournalKeeper;
  readonly #life: string;
  readonly #onLonely: () => Promise<void>;
  #isClosed = false;

  /** `onLonely`: the object wants a new link to this life. */
  constructor(keeper: JournalKeeper, life: string, onLonely: () => Promise<void>) {
    this.#keeper = keeper;
    this.#life = life;
    this.#onLonely = onLonely;
  }

  async append(group: readonly RunEvent[], raw: readonly RunEvent[]): Promise<void> {
    const text = JSON.stringify({ group, raw });
    let outcome: AppendOutcome;
    try {
      outcome = await this.#send(text);
    } catch {
      // The object was replaced meanwhile, or the connection to it broke.
      outcome = await this.#send(text);
    }
    if (outcome === 'gone') {
      this.close();
      throw new Error('another life of the run has begun');
    }
    if (outcome === 'lonely') await this.#onLonely();
  }

  soon(write: () => void): void {
    setTimeout(write, SOON_MS);
  }

  close(): void {
    this.#isClosed = true;
  }

  #send(text: string): Promise<AppendOutcome> {
    if (this.#isClosed) throw new Error('the journal of this life of the run is closed');
    return text.length > MAX_CALL ? this.#sendLong(text) : this.#keeper.appendEvents(this.#life, text);
  }

  async #sendLong(body: string): Promise<AppendOutcome> {
    const response = await this.#keeper.fetch(`http://run${EVENTS_PATH}?life=${this.#life}`, { method: 'POST', body });
    return (await response.text()) as AppendOutcome;
  }
}
