import type { AnalyzedFile } from '../analyze-file.ts';
import type { EnsembleFiles } from '../ensemble-files.ts';
import type { AgentModel, BodyModel } from '../model/body-model.ts';
import { asksEachItem, namesAskedForFailure } from '../model/failure-reads.ts';
import type { ParsedAgent, ParsedBody } from '../model/parsed-body.ts';
import type { ParsedValue } from '../model/read.ts';
import { agentStep, type StepModel } from '../model/step-model.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../model/step-places.ts';
import { BodyEnvironment } from './body-environment.ts';
import type { Environment } from './environment.ts';
import { outputOfStep, valueOfSteps } from './flow-output.ts';
import { inputTypeOf } from './input-type.ts';
import { type LexicalRoot, LOOP_OF_WHILE, loopOf, typeOfLexicalRoot } from './lexical-roots.ts';
import { outputOfOperation } from './operation-types.ts';
import { itemOf } from './property-type.ts';
import { flowResult, resultType } from './result-type.ts';
import { typeOfSchema } from './schema-type.ts';
import { stateTypeOf } from './state-type.ts';
import { orNull, typeOfValue } from './template-type.ts';
import { listOf, type Type, UNDEFINED, UNKNOWN } from './type.ts';
import { listValues, type TypedHole, type TypedValue, typeHoles } from './typed-values.ts';
import { orUndefined, unionOf } from './union.ts';

/** Files that run files that run …: further on nothing is known. */
const MAX_DEPTH = 8;

/** Agents that read later ones, which is a mistake, could wait for each other without end. */
const MAX_NESTED = 32;

const typesByBody = new WeakMap<ParsedBody, BodyTypes>();

/** The types of a file, worked out once for all who ask. */
export function typesOf(file: AnalyzedFile, ensembles: EnsembleFiles, depth = 0): BodyTypes {
  const types = typesByBody.get(file.body) ?? new BodyTypes(file, ensembles, depth);
  typesByBody.set(file.body, types);
  return types;
}

/** A name that an expression of the body may read, and what runs under it. */
interface Named {
  readonly step: StepModel;
  /** It has run wherever it may be read: nothing but a failure that ends the run can keep it from that. */
  readonly certain: boolean;
}

/**
 * The types of the names of one body: its input, its state, what each of its agents leaves behind. Everything is worked out when it is first asked for. A file that refers
 * to itself, or reads what has no meaning, has `unknown` types there; nothing throws.
 */
export class BodyTypes {
  readonly #body: ParsedBody;
  readonly #agentFiles: ReadonlyMap<number, AnalyzedFile>;
  readonly #ensembles: EnsembleFiles;
  readonly #depth: number;
  readonly #askedForFailure: ReadonlySet<string>;
  readonly #places: ReadonlyMap<AgentModel, readonly Place[]>;
  /** Of them the entries of `flow:`, and whether a condition can skip one. Asked for at each read of a result: an agent may have thousands. */
  readonly #runs = new Map<AgentModel, { readonly places: readonly Place[]; readonly mayBeSkipped: boolean }>();
  readonly #names: ReadonlyMap<string, Named>;
  readonly #results = new Map<string, Type>();
  readonly #outputs = new Map<AgentModel, Type>();
  readonly #lists = new Map<readonly StepModel[], Type>();
  readonly #work = new Map<ParsedAgent, Environment>();
  /** The first agent whose output was not yet asked for in the order of the file. */
  #next = 0;
  #nested = 0;
  #values: readonly TypedValue[] | undefined;
  #holes: readonly TypedHole[] | undefined;
  #input: Type | undefined;
  #state: Type | undefined;
  #output: Type | undefined;

  /** `depth`: how many files, each run by the one before, led here. */
  constructor({ body, agentFiles }: AnalyzedFile, ensembles: EnsembleFiles, depth: number) {
    this.#body = body;
    this.#agentFiles = agentFiles;
    this.#ensembles = ensembles;
    this.#depth = depth;
    this.#askedForFailure = namesAskedForFailure(body);
    const places = runningPlaces(body.model);
    this.#places = Map.groupBy(
      places.filter((place) => agentAt(place) !== undefined),
      agentAt,
    ) as ReadonlyMap<AgentModel, readonly Place[]>;
    this.#names = namesOf(body.model, places);
  }

  get body(): ParsedBody {
    return this.#body;
  }

  /** Every value of the body that may hold expressions. */
  get values(): readonly TypedValue[] {
    this.#values ??= listValues(this.#body, this);
    return this.#values;
  }

  /** Every expression of the body. */
  get holes(): readonly TypedHole[] {
    this.#holes ??= this.values.flatMap(typeHoles);
    return this.#holes;
  }

  /** The input of the run, or of the agent file, once its defaults are filled in. */
  get input(): Type {
    this.#input ??= inputTypeOf(this.#body.model);
    return this.#input;
  }

  /** The whole state. */
  get state(): Type {
    this.#state ??= stateTypeOf(this.#body, () => this.environment({ state: false }));
    return this.#state;
  }

  /** What the body gives. */
  get output(): Type {
    if (this.#output !== undefined) return this.#output;
    this.#output = UNKNOWN;
    this.#output = this.#bodyOutput();
    return this.#output;
  }

  /** What an agent or named step has left behind when another reads it; `unknown` for a name that is none. */
  result(name: string): Type {
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    this.#results.set(name, UNKNOWN);
    const type = this.#result(name);
    this.#results.set(name, type);
    return type;
  }

  #result(name: string): Type {
    const named = this.#names.get(name);
    if (named === undefined) return UNKNOWN;
    const { step, certain } = named;
    const agent = agentOf(step);
    if (agent === undefined && step.type === 'run') return UNKNOWN;
    const done = outputOfStep(step, this);
    const output = certain && !this.mayLackOutput(step) ? done : orUndefined(done);
    const result = agent === undefined ? flowResult(output) : resultType(agent, output);
    return certain ? result : orUndefined(result);
  }

  /** The value of a list of steps, which is that of its last. */
  valueOf(steps: readonly StepModel[]): Type {
    const known = this.#lists.get(steps);
    if (known !== undefined) return known;
    this.#lists.set(steps, UNKNOWN);
    const type = valueOfSteps(steps, this);
    this.#lists.set(steps, type);
    return type;
  }

  /** The output of an agent that ran and succeeded. */
  outputOf(agent: AgentModel): Type {
    const known = this.#outputs.get(agent);
    if (known !== undefined) return known;
    // Agents read earlier ones: taken in their order, none waits for another.
    while (this.#next < agent.index && this.#nested < MAX_NESTED) {
      const earlier = this.#body.model.agents[this.#next++];
      if (earlier !== undefined) this.outputOf(earlier);
    }
    if (this.#nested >= MAX_NESTED) return UNKNOWN;
    this.#outputs.set(agent, UNKNOWN);
    this.#nested++;
    const type = this.#outputOf(agent);
    this.#nested--;
    this.#outputs.set(agent, type);
    return type;
  }

  #outputOf(agent: AgentModel): Type {
    return agent.loop === undefined ? this.#outputOnce(agent) : listOf(orNull(this.#outputOfItem(agent)));
  }

  /** What an iteration of a loop leaves: nothing when it was skipped, or its failure is handled. */
  #outputOfItem(agent: AgentModel): Type {
    const parsed = this.#body.agents[agent.index];
    const isAsked = parsed !== undefined && asksEachItem(parsed, this.#namesOf(agent));
    const output = this.#outputOnce(agent);
    return this.#isSkippedOrHandled(agent) || isAsked ? orUndefined(output) : output;
  }

  #outputOnce(agent: AgentModel): Type {
    if (agent.outputSchema !== undefined) return typeOfSchema(agent.outputSchema);
    const parsed = this.#body.agents[agent.index];
    if (parsed === undefined) return UNKNOWN;
    const { work } = agent;
    if (work.type === 'operation') return outputOfOperation(parsed, this.workEnvironment(parsed));
    return this.fileOf(agent)?.output ?? UNKNOWN;
  }

  /** The types of the agent file or ensemble that an agent runs; undefined when it runs none that could be read. */
  fileOf({ index, work }: AgentModel): BodyTypes | undefined {
    const file = work.type === 'ensemble' ? this.#ensembles.read(work.reference.text, this.#body.model.file) : this.#agentFiles.get(index);
    return file === undefined || this.#depth > MAX_DEPTH ? undefined : typesOf(file, this.#ensembles, this.#depth + 1);
  }

  /** A skipped agent has no output, nor has a step whose failure is handled (LANGUAGE §2.1, §2.2). */
  mayLackOutput(step: StepModel): boolean {
    const agent = agentOf(step);
    if (step.name !== undefined && this.#askedForFailure.has(step.name.text)) return true;
    if (agent === undefined) return false;
    const isGiven = step.type === 'run' && step.condition !== undefined;
    return isGiven || this.#isSkippedOrHandled(agent) || this.#askedForFailure.has(agent.name.text);
  }

  #isSkippedOrHandled(agent: AgentModel): boolean {
    if (agent.condition !== undefined || agent.continueOnError || agent.onErrorSteps !== undefined) return true;
    return this.#runsOf(agent).mayBeSkipped;
  }

  /** What expressions of the agent may call it: its own name, and those that entries of `flow:` give it. */
  #namesOf(agent: AgentModel): readonly string[] {
    const places = this.#places.get(agent) ?? [];
    return [agent.name.text, ...places.flatMap(({ step }) => step.name?.text ?? [])];
  }

  #bodyOutput(): Type {
    const { model, output } = this.#body;
    if (output?.type === 'value') return typeOfValue(output.value, this.environment());
    if (output !== undefined) {
      const bodies = output.responses.map(({ body }) => (body === undefined ? UNDEFINED : typeOfValue(body, this.environment())));
      return unionOf([...bodies, UNDEFINED]);
    }
    return this.valueOf(model.flow ?? model.steps);
  }

  /** Where the names of the body are read outside of its agents. Before the state is open there is none. */
  environment({ state = true }: { readonly state?: boolean } = {}): Environment {
    return new BodyEnvironment(this, { ...(!state && { state: () => UNKNOWN }) });
  }

  /**
   * Where an agent's condition, input and cache key stand. Its loop's items are evaluated `before` it begins, its `breakWhen` at the `end` of an iteration, its `set` `after` it has
   * succeeded.
   */
  agentEnvironment(agent: ParsedAgent, moment: 'before' | 'during' | 'end' | 'after' = 'during'): Environment {
    const { model } = agent;
    const places = this.#places.get(model) ?? [];
    // Of several runs of one agent each knows itself by the agent's name; by their ids they know each other.
    const names = places.length === 1 ? this.#namesOf(model) : [model.name.text];
    return new BodyEnvironment(this, {
      lexical: (name) => unionOf(places.map((place) => this.#lexicalRoot(name, place, moment !== 'before'))),
      ...(moment === 'after' && { own: { names, type: () => onceResult(model, this.#outputOnce(model)) } }),
      ...(moment === 'end' && { own: { names, type: () => onceResult(model, this.#outputOfItem(model)) } }),
      rounds: () => loopedAround(places),
    });
  }

  /** Where an agent's config and code stand: `input` is its own, where it has one. */
  workEnvironment(agent: ParsedAgent): Environment {
    const known = this.#work.get(agent);
    if (known !== undefined) return known;
    const outer = this.agentEnvironment(agent);
    const places = this.#places.get(agent.model) ?? [];
    const environment = new BodyEnvironment(this, {
      lexical: (name) => outer.root(name),
      input: () => this.givenInput(agent),
      rounds: () => loopedAround(places),
    });
    this.#work.set(agent, environment);
    return environment;
  }

  /** What `input` is for an agent's work: its own, that of the entries of `flow:` that run it, or the body's. */
  givenInput(agent: ParsedAgent): Type {
    const outer = this.agentEnvironment(agent);
    const typeOf = (input: ParsedValue | undefined): Type => (input === undefined ? this.input : orNull(typeOfValue(input, outer)));
    const runs = this.#runsOf(agent.model).places;
    if (runs.length === 0) return typeOf(agent.input);
    return unionOf(runs.map(({ step }) => typeOf(this.#body.stepValues.get(step)?.input ?? agent.input)));
  }

  /** Whether each entry of `flow:` that runs the agent gives it an input. */
  isGivenByFlow(agent: ParsedAgent): boolean {
    const runs = this.#runsOf(agent.model).places;
    return runs.length > 0 && runs.every(({ step }) => step.type === 'run' && step.input !== undefined);
  }

  #runsOf(agent: AgentModel): { readonly places: readonly Place[]; readonly mayBeSkipped: boolean } {
    const known = this.#runs.get(agent);
    if (known !== undefined) return known;
    const places = (this.#places.get(agent) ?? []).filter(({ step }) => step.type === 'run');
    const runs = { places, mayBeSkipped: places.some(({ step }) => step.type === 'run' && step.condition !== undefined) };
    this.#runs.set(agent, runs);
    return runs;
  }

  /** Where the values of a flow step, or of an entry of `flow:`, stand; `after`: its `breakWhen`, the condition of a `while`, its `set`. */
  stepEnvironment(place: Place, moment: 'before' | 'after' = 'before'): Environment {
    const { step } = place;
    if (step.type !== 'run' || step.agent === undefined) {
      return new BodyEnvironment(this, { lexical: (name) => this.#lexicalRoot(name, place, moment === 'after') });
    }
    const { agent, name } = step;
    const own = { names: [name.text, agent.name.text], type: () => onceResult(agent, this.#outputOnce(agent)) };
    return new BodyEnvironment(this, {
      lexical: (root) => this.#lexicalRoot(root, place, true),
      ...(moment === 'after' && { own }),
    });
  }

  /** `inside`: in an iteration of the loop that the step at the place is, if it is one. */
  #lexicalRoot(name: LexicalRoot, place: Place, inside: boolean): Type {
    const isLoop = place.step.type === 'foreach' || agentAt(place)?.loop !== undefined;
    if (inside && name === 'item' && isLoop) return this.itemOf(place);
    if (inside && name === 'loop' && isLoop) return loopOf(this.itemOf(place));
    if (inside && name === 'loop' && place.step.type === 'while') return LOOP_OF_WHILE;
    return typeOfLexicalRoot(name, place, this);
  }

  /** One of what the loop at a place goes through. */
  itemOf(loop: Place): Type {
    const agent = agentAt(loop);
    const parsed = agent === undefined ? undefined : this.#body.agents[agent.index];
    const items = parsed === undefined ? this.#body.stepValues.get(loop.step)?.items : parsed.loopItems;
    if (items === undefined) return UNKNOWN;
    return elementOf(typeOfValue(items, parsed === undefined ? this.stepEnvironment(loop) : this.agentEnvironment(parsed, 'before')));
  }
}

/** What an agent with a `loop` leaves in an iteration, and any other one at all. */
function onceResult({ loop: _, ...agent }: AgentModel, output: Type): Type {
  return resultType(agent, output);
}

function elementOf(items: Type): Type {
  return items.kind === 'list' ? itemOf(items) : UNKNOWN;
}

function namesOf(model: BodyModel, places: readonly Place[]): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const agent of model.agents) if (agent.named) names.set(agent.name.text, { step: agentStep(agent), certain: false });
  for (const { step, within } of places) if (step.name !== undefined) names.set(step.name.text, { step, certain: within === undefined });
  return names;
}

function agentOf(step: StepModel): AgentModel | undefined {
  return step.type === 'agent' || step.type === 'run' ? step.agent : undefined;
}

/** The names of the agents with a `loop` that places are or lie in. */
function loopedAround(places: readonly Place[]): ReadonlySet<string> {
  const around = places.flatMap(pathTo).filter((place) => agentAt(place)?.loop !== undefined);
  return new Set(around.flatMap((place) => [agentAt(place)?.name.text, place.step.name?.text].filter((name) => name !== undefined)));
}
