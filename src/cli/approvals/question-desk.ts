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

/** A question that nobody here answers; `why` is the rest of a sentence about it. */
export interface Unanswered {
  readonly asked: Asked;
  readonly why: string;
}

export interface DeskParts extends People {
  readonly host: Pick<Host, 'call'>;
  readonly run: string;
  readonly io: Io;
  notice(text: string): void;
  /** `unanswered` has one more. */
  giveUp(): void;
  /** The host did not take the answer. */
  fail(error: unknown): void;
}

/**
 * Answers what the agents of one run ask: with what the command line says, else by asking at the terminal, one question after another. Until `open` it only listens: of what was asked in the past
 * most is answered by now.
 */
export class QuestionDesk {
  readonly #parts: DeskParts;
  /** What is asked while the desk is closed, by agent; undefined once it is open. */
  #past: Map<string, Asked> | undefined = new Map();
  readonly #queue: Asked[] = [];
  readonly #unanswered = new Map<string, Unanswered>();
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
        if (event.reason !== 'approval') return;
        if (this.#past === undefined) this.#take(event);
        else this.#past.set(event.agent, event);
        return;
      case 'run.answered':
      case 'attempt.failed':
      case 'agent.failed':
      case 'agent.finished':
        this.#withdraw(event.agent);
        return;
      default:
    }
  }

  /** What has come so far was the past: answers what is still asked. */
  open(): void {
    const past = this.#past;
    this.#past = undefined;
    for (const asked of past?.values() ?? []) this.#take(asked);
  }

  /** Those that wait for somebody else, in the order in which they were given up. */
  get unanswered(): readonly Unanswered[] {
    return [...this.#unanswered.values()];
  }

  close(): void {
    this.#stopListening();
    this.#withdrawAll();
  }

  #take(asked: Asked): void {
    const { answers, interactive } = this.#parts;
    const answer = findAnswer(answers, asked.agent);
    if (answer !== undefined) this.#send(asked, answer);
    else if (interactive) this.#ask(asked);
    else this.#giveUp(asked, 'nobody answers');
  }

  #ask(asked: Asked): void {
    this.#queue.push(asked);
    if (this.#open === undefined) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    const { hold, io, approver } = this.#parts;
    for (let asked = this.#queue.shift(); asked !== undefined; asked = this.#queue.shift()) {
      const withdraw = new AbortController();
      this.#open = { asked, withdraw };
      const release = hold?.();
      const answer = await askPerson(asked, approver, io, withdraw.signal);
      release?.();
      this.#open = undefined;
      if (answer !== undefined) this.#send(asked, answer);
      else if (!withdraw.signal.aborted) this.#giveUp(asked, 'the input has ended');
    }
  }

  #send(asked: Asked, answer: ApprovalAnswer): void {
    const { host, run, fail } = this.#parts;
    host.call('answer', { run, agent: asked.agent, answer }).then((outcome) => {
      // `unknown`: its time was over, or somebody else answered, before the answer came, which its own events tell.
      if (outcome.type === 'refused') this.#refused(asked, answer, outcome.approvers);
    }, fail);
  }

  #refused(asked: Asked, { approver }: ApprovalAnswer, approvers: readonly string[]): void {
    const { interactive, notice } = this.#parts;
    const names = approvers.map(harmlessLine).join(', ');
    const may = approver === undefined ? `only ${names} may answer it` : `${harmlessLine(approver)} may not answer it, only ${names}`;
    const why = `${may} (--approver says who you are)`;
    if (interactive) {
      notice(`${harmlessLine(asked.agent)}: ${why}`);
      this.#ask(asked);
    } else this.#giveUp(asked, why);
  }

  #giveUp(asked: Asked, why: string): void {
    this.#unanswered.set(asked.agent, { asked, why });
    this.#parts.giveUp();
  }

  #withdraw(agent: string): void {
    this.#past?.delete(agent);
    this.#unanswered.delete(agent);
    const waiting = this.#queue.findIndex((asked) => asked.agent === agent);
    if (waiting !== -1) this.#queue.splice(waiting, 1);
    if (this.#open?.asked.agent === agent) this.#open.withdraw.abort();
  }

  #withdrawAll(): void {
    this.#past?.clear();
    this.#queue.length = 0;
    this.#open?.withdraw.abort();
  }
}
