import { describe, expect, test } from 'vitest';
import { fold } from '../../../src/runtime/journal/fold.ts';
import { RunInbox } from '../../../src/runtime/run-inbox.ts';
import { eventsOf, outline, startRun } from './support/test-run.ts';

/** Lets everything that waits for nothing go on. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const wait = (name: string) => `
ensemble: paid
agents:
  - { name: ${name}, operation: wait, config: { for_signal: paid, timeout: 1h } }
output: \${${name}.output.data}
`;
const TWO = `
ensemble: two
agents:
  - type: parallel
    steps:
      - { name: first, operation: wait, config: { for_signal: paid } }
      - { name: second, operation: wait, config: { for_signal: paid } }
  - { name: third, operation: wait, config: { for_signal: paid } }
output: ["\${first.output.data}", "\${second.output.data}", "\${third.output.data}"]
`;

describe('a run that waits for signals', () => {
  test('gives each to one agent, the one that waits longest, and keeps what came early', async () => {
    const inbox = new RunInbox();
    const run = startRun(TWO, { inbox });
    await settle();
    for (const data of [1, 2, 3]) expect(await inbox.signal('paid', data)).toBe(true);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [1, 2, 3] });
    expect(eventsOf(run, 'run.signalled').map(({ agent }) => agent)).toEqual(['first', 'second', undefined]);
    expect(await inbox.signal('paid', 4)).toBe(false);
  });

  test('redacts what a signal brings', async () => {
    const inbox = new RunInbox();
    const run = startRun(wait('pay'), { inbox, env: { CARD_KEY: '4000-1234' }, secrets: ['CARD_KEY'] });
    await settle();
    await inbox.signal('paid', { card: '4000-1234' });
    await run.done;
    expect(JSON.stringify(run.events)).not.toContain('4000-1234');
  });

  test.each([1, 2, 3, 4, 5, 6])('goes on after a crash behind event %i as if there had been none', async (kept) => {
    const whole = new RunInbox();
    const before = startRun(TWO, { inbox: whole });
    await settle();
    await whole.signal('paid', 1);
    await settle();
    const recorded = before.events.slice(0, kept);
    const inbox = new RunInbox();
    const run = startRun(TWO, { inbox, recorded });
    const known = recorded.filter(({ type }) => type === 'run.signalled').length;
    await settle();
    for (const data of [1, 2, 3].slice(known)) await inbox.signal('paid', data);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [1, 2, 3] });
  });
});

describe('a run that goes on with another file', () => {
  test('gives nothing to agents that are not there any more, and ends them', async () => {
    const old = new RunInbox();
    const before = startRun(wait('old'), { inbox: old });
    await settle();
    const inbox = new RunInbox();
    const run = startRun(wait('later'), { inbox, recorded: before.events, isReplaced: true });
    await until(() => outline(run).includes('run.waiting later'));
    const now = fold([...before.events, ...run.events]);
    expect([...now.waiting.keys()]).toEqual(['later']);
    expect(now.agents.get('old')).toMatchObject({ status: 'failed', failure: { code: 'CANCELLED' } });
    await inbox.signal('paid', 7);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: 7 });
    expect(outline(run).slice(0, 2)).toEqual(['run.resumed', 'agent.failed old']);

    // And so does every later life.
    const later = [
      ...before.events,
      ...run.events.filter(({ type }) => type !== 'run.signalled' && type !== 'agent.finished' && type !== 'run.finished'),
    ];
    const third = new RunInbox();
    const again = startRun(wait('later'), { inbox: third, recorded: later });
    await until(() => outline(again).includes('run.resumed'));
    await third.signal('paid', 8);
    expect(await again.done).toMatchObject({ status: 'succeeded', output: 8 });
  });
});
