import { RpcTarget } from 'cloudflare:workers';
import type { AnswerOutcome, ApprovalAnswer } from '../../program/approval.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { RunInbox } from '../../runtime/run-inbox.ts';
import type { LifeLink } from './life.ts';
import type { Feeder } from './workflow-steps.ts';

/** What a wait of the platform hears. */
type Wish =
  | { readonly wish: 'answer'; readonly agent: string; readonly answer: ApprovalAnswer }
  | { readonly wish: 'signal'; readonly name: string; readonly data?: JsonValue };

/**
 * What comes to a run whose engine is at work in an instance of Workflows. An answer, and a signal that an agent waits for, come as an event of the platform for that agent's wait, one after
 * another; the rest, and what no wait can take, at once.
 */
export class EngineLink extends RpcTarget implements LifeLink {
  readonly #inbox: RunInbox;
  readonly #feederOf: (agent: string) => Feeder | undefined;
  readonly #cancel: (reason: string) => void;
  #last: Promise<unknown> = Promise.resolve();
  /** What the wish whose event came last gave. */
  #taken: Promise<AnswerOutcome | boolean> | undefined;

  constructor(inbox: RunInbox, feederOf: (agent: string) => Feeder | undefined, cancel: (reason: string) => void) {
    super();
    this.#inbox = inbox;
    this.#feederOf = feederOf;
    this.#cancel = cancel;
  }

  answer(agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome> {
    return this.#inTurn(() => this.#send(agent, { wish: 'answer', agent, answer }, () => this.#inbox.answer(agent, answer)));
  }

  signal(name: string, data: JsonValue | undefined): Promise<boolean> {
    const wish: Wish = { wish: 'signal', name, ...(data === undefined ? {} : { data }) };
    return this.#inTurn(() => this.#send(this.#inbox.takerOf(name), wish, () => this.#inbox.signal(name, data)));
  }

  pause(reason: string | undefined): Promise<boolean> {
    return this.#inbox.pause(reason);
  }

  continue(): Promise<boolean> {
    return this.#inbox.continue();
  }

  async cancel(reason: string): Promise<void> {
    this.#cancel(reason);
  }

  /** The payload of an event: of this life, or of an earlier one that ended before it could take it. */
  receive(payload: JsonValue): void {
    const wish = readWish(payload);
    if (wish === undefined) return;
    this.#taken = wish.wish === 'answer' ? this.#inbox.answer(wish.agent, wish.answer) : this.#inbox.signal(wish.name, wish.data);
    this.#taken.catch(() => undefined);
  }

  async #send<Outcome extends AnswerOutcome | boolean>(
    agent: string | undefined,
    wish: Wish,
    directly: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const feeder = agent === undefined ? undefined : this.#feederOf(agent);
    this.#taken = undefined;
    if (feeder === undefined || !(await feeder.feed(wish as unknown as JsonValue)) || this.#taken === undefined) return directly();
    // Of the wish that was sent: one is under way at a time.
    return (await this.#taken) as Outcome;
  }

  #inTurn<Outcome>(send: () => Promise<Outcome>): Promise<Outcome> {
    const sent = this.#last.then(send);
    this.#last = sent.catch(() => undefined);
    return sent;
  }
}

function readWish(payload: JsonValue): Wish | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const { wish } = payload as JsonObject;
  // Anybody who may use the account's API can send an event, so it is looked at as if it came from outside.
  if (wish === 'signal') return typeof (payload as JsonObject).name === 'string' ? (payload as unknown as Wish) : undefined;
  if (wish !== 'answer') return undefined;
  const { agent, answer } = payload as JsonObject;
  const isAnswer = typeof answer === 'object' && answer !== null && typeof (answer as JsonObject).approved === 'boolean';
  return typeof agent === 'string' && isAnswer ? (payload as unknown as Wish) : undefined;
}
