import type { JsonValue } from '../../program/json.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { setOwn } from '../own-property.ts';
import type { AgentSnapshot, Decision, PendingSet, RunSnapshot, StateSnapshot, StepSnapshot, WaitingSnapshot } from './run-snapshot.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;
type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
interface StateDraft extends Writable<Omit<StateSnapshot, 'tainted'>> {
  readonly values: { [key: string]: JsonValue };
  readonly writtenAt: { [key: string]: number };
  readonly tainted: Set<string>;
  readonly pending: PendingSet[];
}
interface StepDraft extends StepSnapshot {
  readonly decided: Decision[];
}
interface Draft extends Writable<Omit<RunSnapshot, 'agents' | 'flow' | 'compensating' | 'states' | 'waiting'>> {
  waiting: Map<string, WaitingSnapshot>;
  agents: Map<string, AgentSnapshot>;
  flow: Map<string, StepDraft>;
  compensating: Map<string, readonly string[]>;
  states: Map<string, StateDraft>;
}
type Folds = { readonly [Type in RunEvent['type']]?: (draft: Draft, event: Event<Type>) => void };

const EMPTY: RunSnapshot = {
  run: '',
  nextSeq: 0,
  status: 'running',
  format: 0,
  ensemble: '',
  file: '',
  program: '',
  input: null,
  order: [],
  attempt: 1,
  paused: false,
  startedAt: 0,
  waiting: new Map(),
  agents: new Map(),
  flow: new Map(),
  compensating: new Map(),
  states: new Map(),
};

/**
 * What the events say about the run. Pure: folding a prefix and then the rest onto it gives what folding all of them gives, and neither argument
 * changes. Events that only tell (`log`, `warning`) change nothing but `nextSeq`. One pass, whatever the number of events.
 */
export function fold(events: Iterable<RunEvent>, onto: RunSnapshot = EMPTY): RunSnapshot {
  const states = [...onto.states].map(([path, state]) => [path, draftOf(state)] as const);
  const flow = [...onto.flow].map(([path, step]): [string, StepDraft] => [path, { ...step, decided: [...step.decided] }]);
  const draft: Draft = {
    ...onto,
    waiting: new Map(onto.waiting),
    agents: new Map(onto.agents),
    flow: new Map(flow),
    compensating: new Map(onto.compensating),
    states: new Map(states),
  };
  for (const event of events) {
    draft.nextSeq = event.seq + 1;
    // The table's entry for a type takes events of that type: TypeScript cannot relate the two by itself.
    const apply = FOLDS[event.type] as ((draft: Draft, event: RunEvent) => void) | undefined;
    apply?.(draft, event);
  }
  return { ...draft, states: new Map([...draft.states].map(([path, state]) => [path, { ...state, tainted: [...state.tainted] }])) };
}

const FOLDS: Folds = {
  'run.started': (draft, { run, at, format, ensemble, file, program, input, trigger, agents, attempt }) => {
    Object.assign(draft, { run, startedAt: at, format, ensemble, file, program, input, order: agents, attempt, status: 'running' });
    if (trigger !== undefined) draft.trigger = trigger;
  },
  'run.resumed': (draft, { attempt, program, agents }) => {
    draft.attempt = attempt;
    if (program !== undefined) draft.program = program;
    if (agents !== undefined) draft.order = agents;
  },
  'run.forked': (draft, { at, values = {} }) => {
    const state = draft.states.get('');
    if (state === undefined) return;
    for (const [key, value] of Object.entries(values)) {
      setOwn(state.values, key, value);
      setOwn(state.writtenAt, key, at);
      state.tainted.delete(key);
    }
    state.pending.push({ agent: '', at, values, writes: values, tainted: [] });
  },
  'run.paused': (draft) => {
    draft.paused = true;
    draft.status = 'paused';
  },
  'run.continued': (draft) => {
    draft.paused = false;
    draft.status = draft.waiting.size > 0 ? 'waiting' : 'running';
  },
  'run.waiting': (draft, { agent, reason, at, until, prompt, signal }) => {
    const facts = {
      ...(until === undefined ? {} : { until }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(signal === undefined ? {} : { signal }),
    };
    draft.waiting.set(agent, { reason, at, ...facts });
    if (!draft.paused) draft.status = 'waiting';
  },
  'run.finished': (draft, { at, status, output, response, failure, agent, steps, usage }) => {
    Object.assign(draft, { status, finishedAt: at, steps });
    if (output !== undefined) draft.output = output;
    if (response !== undefined) draft.response = response;
    if (failure !== undefined) draft.failure = failure;
    if (agent !== undefined) draft.failedAgent = agent;
    if (usage !== undefined) draft.usage = usage;
  },
  'agent.started': (draft, { agent, at, compensates }) => {
    draft.agents.set(agent, { status: 'running', attempts: 1, at, tainted: false, ...(compensates === undefined ? {} : { compensates }) });
  },
  'attempt.failed': (draft, { agent }) => stopWaiting(draft, agent),
  'attempt.started': (draft, { agent, attempt }) => {
    const known = draft.agents.get(agent);
    if (known !== undefined) draft.agents.set(agent, { ...known, attempts: attempt });
  },
  'agent.finished': (draft, event) => {
    const { type: _type, seq: _seq, run: _run, agent, log_count: _logs, at, ...result } = event;
    stopWaiting(draft, agent);
    draft.agents.set(agent, { ...result, status: 'finished', ...begunAs(draft, agent, at) });
  },
  'agent.failed': (draft, event) => {
    const { type: _type, seq: _seq, run: _run, agent, at, ...result } = event;
    stopWaiting(draft, agent);
    draft.agents.set(agent, { ...result, status: 'failed', ...begunAs(draft, agent, at) });
  },
  'agent.skipped': (draft, { agent, at }) => {
    draft.agents.set(agent, { status: 'skipped', attempts: 0, at, tainted: false });
  },
  'step.started': (draft, { step, kind, at, items, branches }) => {
    const facts = { ...(items === undefined ? {} : { items }), ...(branches === undefined ? {} : { branches }) };
    draft.flow.set(step, { status: 'running', kind, at, ...facts, decided: [], tainted: false });
  },
  'step.decided': (draft, { step, took, saw, round }) => {
    const decision = { took, ...(saw === undefined ? {} : { saw }), ...(round === undefined ? {} : { round }) };
    draft.flow.get(step)?.decided.push(decision);
  },
  'step.finished': (draft, event) => {
    const { type: _type, seq: _seq, run: _run, step, at: _at, ...result } = event;
    const known = draft.flow.get(step);
    if (known !== undefined) draft.flow.set(step, { ...known, ...result, status: 'finished' });
  },
  'step.failed': (draft, event) => {
    const { type: _type, seq: _seq, run: _run, step, at: _at, agent, ...result } = event;
    const known = draft.flow.get(step);
    if (known === undefined) return;
    draft.flow.set(step, { ...known, ...result, status: 'failed', ...(agent === undefined ? {} : { failedAgent: agent }) });
  },
  'run.compensating': (draft, { agents, agent = '' }) => {
    draft.compensating.set(agent, agents);
  },
  'state.loaded': (draft, { agent = '', scope, backend, version, values, initial = {}, written_at = {}, tainted = [] }) => {
    const loaded: StateSnapshot = { scope, backend, values: { ...initial, ...values }, writtenAt: written_at, tainted, pending: [] };
    draft.states.set(agent, draftOf(version === undefined ? loaded : { ...loaded, version }));
  },
  'state.set': (draft, { agent, at, values, writes, tainted }) => {
    const state = draft.states.get(ownerOf(agent));
    if (state === undefined) return;
    for (const [key, value] of Object.entries(values)) {
      setOwn(state.values, key, value);
      setOwn(state.writtenAt, key, at);
    }
    for (const key of Object.keys(values)) state.tainted.delete(key);
    for (const key of tainted) state.tainted.add(key);
    state.pending.push({ agent, at, values, writes, tainted });
  },
  'state.committed': (draft, { agent = '', version }) => {
    const state = draft.states.get(agent);
    if (state === undefined) return;
    if (version !== undefined) state.version = version;
    state.pending.length = 0;
  },
};

/** A run waits as long as one of its agents does. */
function stopWaiting(draft: Draft, agent: string): void {
  if (draft.waiting.delete(agent) && draft.waiting.size === 0 && !draft.paused) draft.status = 'running';
}

/** What its first event said of an agent. */
function begunAs({ agents }: Draft, agent: string, at: number): Pick<AgentSnapshot, 'at' | 'compensates'> {
  const known = agents.get(agent);
  return { at: known?.at ?? at, ...(known?.compensates === undefined ? {} : { compensates: known.compensates }) };
}

function draftOf(state: StateSnapshot): StateDraft {
  return {
    ...state,
    values: { ...state.values },
    writtenAt: { ...state.writtenAt },
    tainted: new Set(state.tainted),
    pending: [...state.pending],
  };
}

/** The path of the body that a step belongs to: `outer[3]` for `outer[3]/inner[0]`, `''` at the top. */
function ownerOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
