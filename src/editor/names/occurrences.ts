import type { AnalyzedFile } from '../../language/analyze-file.ts';
import type { AgentModel, BodyModel, SetModel } from '../../language/model/body-model.ts';
import { Fields, isName, type Word } from '../../language/model/fields.ts';
import { allReads, type ParsedBody } from '../../language/model/parsed-body.ts';
import type { Read } from '../../language/model/read.ts';
import { everyStep, type StepModel } from '../../language/model/step-model.ts';
import type { NameKind, Occurrence } from './occurrence.ts';

/** Every place where a file names one of its agents (or named steps) or one of its state keys, each once, in order. `text` is what was analysed. */
export function findOccurrences({ body }: AnalyzedFile, text: string): readonly Occurrence[] {
  const finder = new Finder(text);
  finder.addAgents(body);
  finder.addState(body.model);
  for (const read of allReads(body)) finder.addRead(read);
  for (const { code } of body.agents) {
    if (code?.type !== 'inline') continue;
    for (const { key, span, shorthand } of code.body.stateWrites) {
      if (key !== undefined) finder.add('state', 'reference', { text: key, span }, shorthand);
    }
  }
  return finder.found();
}

class Finder {
  readonly #text: string;
  readonly #found = new Map<string, Occurrence>();

  constructor(text: string) {
    this.#text = text;
  }

  found(): readonly Occurrence[] {
    return [...this.#found.values()].sort((a, b) => (a.stretch?.start ?? 0) - (b.stretch?.start ?? 0));
  }

  addAgents({ model }: ParsedBody): void {
    if (model.single) this.add('agent', 'definition', model.name);
    for (const agent of model.agents) {
      if (!model.single) this.add('agent', 'definition', agent.name);
      this.#addAll('agent', agent.dependsOn);
    }
    for (const step of everyStep([...model.steps, ...(model.flow ?? [])])) this.#addStep(step);
  }

  #addStep(step: StepModel): void {
    if (step.type === 'agent') return;
    if (step.type === 'run') {
      this.add('agent', 'reference', step.reference);
      if (step.id !== undefined) this.add('agent', 'definition', step.id);
      this.#addAll('agent', step.dependsOn);
      this.#addAll('state', step.state?.use ?? []);
      this.#addSet(step.state?.set);
    } else if (step.name !== undefined) this.add('agent', 'definition', step.name);
  }

  addState({ state, agents }: BodyModel): void {
    for (const { name } of state.schema?.values() ?? []) this.add('state', 'definition', name);
    const initial = new Fields(state.initial);
    for (const key of state.schema?.keys() ?? []) {
      const entry = initial.entry(key);
      if (entry !== undefined) this.add('state', 'reference', entry.key);
    }
    for (const agent of agents) this.#addAccess(agent, state.schema?.has('state') === true);
  }

  #addAccess({ use, set }: AgentModel, isKey: boolean): void {
    this.#addAll(
      'state',
      use.filter(({ text }) => text !== 'state' || isKey),
    );
    this.#addSet(set);
  }

  #addSet(set: SetModel | undefined): void {
    if (set?.type === 'fields') for (const { key } of set.fields) this.add('state', 'reference', key);
    if (set?.type === 'same') this.#addAll('state', set.keys);
  }

  #addAll(kind: NameKind, words: readonly Word[]): void {
    for (const word of words) this.add(kind, 'reference', word);
  }

  addRead({ kind, name, path, span, shorthand }: Read): void {
    if (kind === 'agent') {
      this.add('agent', 'reference', { text: name, span }, shorthand);
      return;
    }
    const [key] = path;
    if (name !== 'state' || key === undefined) return;
    const member = memberAfter(this.#text, span.start + name.length, key);
    const stretch = member === undefined ? undefined : { start: member, end: member + key.length };
    this.#put({ kind: 'state', name: key, role: 'reference', stretch, line: span.line, shorthand: false });
  }

  /** A word that is the name, or begins with it; its place is where the name really stands in it. */
  add(kind: NameKind, role: Occurrence['role'], { text: name, span }: Word, shorthand = false): void {
    if (kind === 'agent' && !isName(name)) return;
    const start = this.#text.startsWith(name, span.start) ? span.start : span.start + 1;
    if (!this.#text.startsWith(name, start)) {
      // The name of a file that says none is that of the file.
      if (role === 'reference') this.#put({ kind, name, role, stretch: undefined, line: span.line, shorthand: false });
      return;
    }
    const stretch = { start, end: start + name.length };
    this.#put({ kind, name, role, stretch, line: span.line, shorthand });
  }

  #put(occurrence: Occurrence): void {
    const { kind, name, stretch, line } = occurrence;
    const identity = `${kind} ${name} ${stretch === undefined ? `line ${line}` : stretch.start}`;
    const before = this.#found.get(identity);
    if (before === undefined || occurrence.role === 'definition') this.#found.set(identity, occurrence);
  }
}

/** Where `key` stands in `.key`, `?.key` or `["key"]` behind an offset; undefined when nothing of the kind stands there. */
function memberAfter(text: string, offset: number, key: string): number | undefined {
  const member = /\s*(?:\?\.|\.)\s*|\s*(?:\?\.\s*)?\[\s*\\?["'`]/y;
  member.lastIndex = offset;
  const found = member.exec(text);
  const start = member.lastIndex;
  return found !== null && text.startsWith(key, start) && !/[\w$]/.test(text.charAt(start + key.length)) ? start : undefined;
}
