import { defineAnswer } from './define-answer.ts';

/** `ensemble approve RUN [AGENT]`. */
export const defineApprove = defineAnswer({
  name: 'approve',
  approved: true,
  summary: 'say yes to what a run asks',
  description: 'Approves what an agent of a run asks, and the run goes on.',
  examples: `
  $ ensemble approve 01m7z5cdz229wsr8855hbdka21
  $ ensemble approve 01m7z5cdz229wsr8855hbdka21 decision --approver ann --data '{"limit":40}'
  $ ensemble approve latest 'ask[2]' --data @answer.json`,
});
