import { defineAnswer } from './define-answer.ts';

/** `ensemble reject RUN [AGENT]`. */
export const defineReject = defineAnswer({
  name: 'reject',
  approved: false,
  summary: 'say no to what a run asks',
  description: 'Rejects what an agent of a run asks, and the run goes on: what a no means its ensemble says.',
  examples: `
  $ ensemble reject 01m7z5cdz229wsr8855hbdka21 --feedback 'it was a gift'
  $ ensemble reject 01m7z5cdz229wsr8855hbdka21 decision --approver ann`,
});
