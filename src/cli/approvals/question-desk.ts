import type { Host } from '../../node/host.ts';
import type { ApprovalAnswer } from '../../program/approval.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { type Asked, askPerson } from './ask-person.ts';
import { findAnswer, type GivenAnswers } from './given-answers.ts';

/** Who answers what agents ask. */
export interface People {
  readonly answers: GivenAnswers;
  /** Who answers, as `approvers` may name them. */
  readonly approver: string | undefined;
  /** Someone sits at the terminal. */
  readonly interactive: boolean;
  /** Keeps other output from the terminal until the returned function is called. */
  hold?(): () => void;
}

export interface DeskParts extends People {
  readonly host: Pick<Host, 'call'>;
  readonly run: string;
  readonly io: Io;
  notice(text: string): void;
  /** Nobody can answer this; `why` is the rest of a sentence about it. */
  giveUp(asked: Asked, why: string): void;
  /** The host did not take the answer. */
  fail(error: unknown): void;
}

/** Answers what the agents of one run ask: with what the command line says, else by asking at the terminal, one question after another. */
export class QuestionDesk {
  readonly #parts: DeskParts;
  readonly #queue: Asked[] = [];
  /** The question at the terminal. */
  #open: { readonly asked: Asked; readonly withdraw: AbortController } | undefined;
  readonly #stopListening: () => void;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#stopListening = parts.io.onInterrupt(() => this.#withdrawAll());
  }

  event(event: RunEvent): void {
    switch (event.type) {
      case 'run.waiting':
        if (event.reason === 'approval') this.#take(event);
        return;
      case 'attempt.failed':
      case 'agent.failed':
      case 'agent.finished':
        this.#withdraw(event.agent);
        return;
      default:
    }
  }

  close(): void {
    this.#stopListening();
    this.#withdrawAll();
  }

  #take(asked: Asked): void {
    const { answers, interactive, giveUp } = this.#parts;
    const answer = findAnswer(answers, asked.agent);
    if (answer !== undefined) this.#send(asked, answer);
    else if (interactive) this.#ask(asked);
    else giveUp(asked, 'nobody answers');
  }

  #ask(asked: Asked): void {
    this.#queue.push(asked);
    if (this.#open === undefined) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    const { hold, io, approver, giveUp } = this.#parts;
    for (let asked = this.#queue.shift(); asked !== undefined; asked = this.#queue.shift()) {
      const withdraw = new AbortController();
      this.#open = { asked, withdraw };
      const release = hold?.();
      const answer = await askPerson(asked, approver, io, withdraw.signal);
      release?.();
      this.#open = undefined;
      if (answer !== undefined) this.#send(asked, answer);
      else if (!withdraw.signal.aborted) giveUp(asked, 'the input has ended');
    }
  }

  #send(asked: Asked, answer: ApprovalAnswer): void {
    const { host, run, fail } = this.#parts;
    host.call('answer', { run, agent: asked.agent, answer }).then((outcome) => {
      // `unknown`: its time was over before the answer came, which its own events tell.
      if (outcome.type === 'refused') this.#refused(asked, answer, outcome.approvers);
    }, fail);
  }

  #refused(asked: Asked, { approver }: ApprovalAnswer, approvers: readonly string[]): void {
    const { interactive, notice, giveUp } = this.#parts;
    const names = approvers.map(harmlessLine).join(', ');
    const may = approver === undefined ? `only ${names} may answer it` : `${harmlessLine(approver)} may not answer it, only ${names}`;
    const why = `${may} (--approver says who you are)`;
    if (interactive) {
      notice(`${harmlessLine(asked.agent)}: ${why}`);
      this.#ask(asked);
    } else giveUp(asked, why);
  }

  #withdraw(agent: string): void {
    const waiting = this.#queue.findIndex((asked) => asked.agent === agent);
    if (waiting !== -1) this.#queue.splice(waiting, 1);
    if (this.#open?.asked.agent === agent) this.#open.withdraw.abort();
  }

  #withdrawAll(): void {
    this.#queue.length = 0;
    this.#open?.withdraw.abort();
  }
}
