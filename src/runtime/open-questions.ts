import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import type { EventBody } from '../program/run-event.ts';
import { onAbort } from './on-abort.ts';
import type { AnswersPort, Question } from './ports.ts';

interface OpenQuestion extends Question {
  settle(answer: ApprovalAnswer): void;
}

/** The questions of one run that wait for an answer, by the path of the agent that asks: an agent asks one at a time. */
export class OpenQuestions implements AnswersPort {
  readonly #open = new Map<string, OpenQuestion>();
  /** Those that only the record of the run knows: their agents have not asked anew yet. */
  readonly #recalled = new Map<string, Question>();
  readonly #answered = new Map<string, ApprovalAnswer>();

  /** Takes in what is recorded of an earlier life of the run, event by event, before anything is asked or answered. */
  recall(event: EventBody): void {
    switch (event.type) {
      case 'run.waiting':
        if (event.reason === 'approval') this.#recalled.set(event.agent, { agent: event.agent, approvers: event.approvers });
        return;
      case 'run.answered': {
        const { approved, feedback, approver, data } = event;
        this.#recalled.delete(event.agent);
        this.#answered.set(event.agent, {
          approved,
          ...(feedback === undefined ? {} : { feedback }),
          ...(approver === undefined ? {} : { approver }),
          ...(data === undefined ? {} : { data }),
        });
        return;
      }
      case 'attempt.failed':
      case 'agent.failed':
      case 'agent.finished':
        this.#recalled.delete(event.agent);
        this.#answered.delete(event.agent);
        return;
      default:
    }
  }

  ask(question: Question, signal: AbortSignal): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const answered = this.#answered.get(question.agent);
      this.#answered.delete(question.agent);
      this.#recalled.delete(question.agent);
      if (answered !== undefined) {
        resolve(answered);
        return;
      }
      const close = (): void => {
        if (this.#open.get(question.agent) === open) this.#open.delete(question.agent);
      };
      const forget = onAbort(signal, () => {
        close();
        reject(signal.reason);
      });
      const settle = (answer: ApprovalAnswer): void => {
        forget();
        close();
        resolve(answer);
      };
      const open: OpenQuestion = { ...question, settle };
      this.#open.set(question.agent, open);
    });
  }

  /** What `answer` will give. */
  check(agent: string, { approver }: ApprovalAnswer): AnswerOutcome {
    const question = this.#open.get(agent) ?? this.#recalled.get(agent);
    if (question === undefined) return { type: 'unknown' };
    const { approvers } = question;
    if (approvers !== undefined && !approvers.some((name) => name === approver)) return { type: 'refused', approvers };
    return { type: 'taken' };
  }

  /** Hands the answer to the agent that waits for it. Who answers is compared with `approvers` letter by letter. */
  answer(agent: string, answer: ApprovalAnswer): AnswerOutcome {
    const outcome = this.check(agent, answer);
    if (outcome.type !== 'taken') return outcome;
    const open = this.#open.get(agent);
    if (open !== undefined) open.settle(answer);
    else {
      this.#recalled.delete(agent);
      this.#answered.set(agent, answer);
    }
    return outcome;
  }
}
