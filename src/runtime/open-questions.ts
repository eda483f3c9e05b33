import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import { onAbort } from './on-abort.ts';
import type { AnswersPort, Question } from './ports.ts';

interface OpenQuestion extends Question {
  settle(answer: ApprovalAnswer): void;
}

/** The questions of one run that wait for an answer, by the path of the agent that asks: an agent asks one at a time. */
export class OpenQuestions implements AnswersPort {
  readonly #open = new Map<string, OpenQuestion>();

  ask(question: Question, signal: AbortSignal): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
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

  /** Hands the answer to the agent that waits for it. Who answers is compared with `approvers` letter by letter. */
  answer(agent: string, answer: ApprovalAnswer): AnswerOutcome {
    const question = this.#open.get(agent);
    if (question === undefined) return { type: 'unknown' };
    const { approvers } = question;
    if (approvers !== undefined && !approvers.some((name) => name === answer.approver)) return { type: 'refused', approvers };
    question.settle(answer);
    return { type: 'taken' };
  }
}
