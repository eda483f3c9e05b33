import type { RootName } from '../../program/expression.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { EnsembleFiles } from '../ensemble-files.ts';
import type { AgentModel, BodyModel } from '../model/body-model.ts';
import { namesAskedForFailure } from '../model/failure-reads.ts';
import type { ParsedAgent, ParsedBody } from '../model/parsed-body.ts';
import type { ParsedValue } from '../model/read.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../model/step-places.ts';
import type { Environment } from './environment.ts';
import { inputTypeOf } from './input-type.ts';
import { outputOfOperation } from './operation-types.ts';
import { itemOf } from './property-type.ts';
import { loopOutput, resultType } from './result-type.ts';
import { typeOfSchema } from './schema-type.ts';
import { stateTypeOf } from './state-type.ts';
import { orNull, typeOfValue } from './template-type.ts';
import { INTEGER, listOf, recordOf, STRING, shapeOf, type Type, UNDEFINED, UNKNOWN } from './type.ts';
import { listValues, type TypedHole, type TypedValue, typeHoles } from './typed-values.ts';
import { orUndefined, unionOf } from './union.ts';

const ENV = recordOf(STRING);
const RUN = shapeOf({ id: STRING, ensemble: STRING, started_at: INTEGER, attempt: INTEGER });

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
  readonly agent?: AgentModel;
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
  readonly #names: ReadonlyMap<string, Named>;
  readonly #results = new Map<string, Type>();
  readonly #outputs = new Map<AgentModel, Type>();
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
    if (named?.agent === undefined) return UNKNOWN;
    const { agent, certain } = named;
    const done = this.outputOf(agent);
    const result = resultType(agent, certain && !this.#mayLackOutput(agent) ? done : orUndefined(done));
    return certain ? result : orUndefined(result);
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
    if (agent.loop !== undefined) return agent.outputSchema === undefined ? loopOutput(this.#outputOnce(agent)) : listOf(UNKNOWN);
    return this.#outputOnce(agent);
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

  /** A skipped agent has no output, nor has one whose failure is handled (LANGUAGE §2.1, §2.2). */
  #mayLackOutput(agent: AgentModel): boolean {
    if (agent.condition !== undefined || agent.continueOnError || agent.onErrorSteps !== undefined) return true;
    return this.#askedForFailure.has(agent.name.text);
  }

  #bodyOutput(): Type {
    const { model, output } = this.#body;
    if (output?.type === 'value') return typeOfValue(output.value, this.environment());
    if (output !== undefined) {
      const bodies = output.responses.map(({ body }) => (body === undefined ? UNDEFINED : typeOfValue(body, this.environment())));
      return unionOf([...bodies, UNDEFINED]);
    }
    const last = (model.flow ?? model.steps).at(-1);
    if (last?.name === undefined || last.type !== 'agent') return last === undefined ? UNDEFINED : UNKNOWN;
    const result = this.result(last.name.text);
    return result.kind === 'object' ? (result.properties.get('output')?.type ?? UNKNOWN) : UNKNOWN;
  }

  /** Where the names of the body are read outside of its agents. Before the state is open there is none. */
  environment({ state = true }: { readonly state?: boolean } = {}): Environment {
    return new BodyEnvironment(this, { ...(!state && { state: () => UNKNOWN }) });
  }

  /** Where an agent's condition, input, cache key and `loop.breakWhen` stand. Its `set` is evaluated when it has succeeded, its loop's items before it begins. */
  agentEnvironment(agent: ParsedAgent, moment: 'before' | 'during' | 'after' = 'during'): Environment {
    const { model } = agent;
    const places = this.#places.get(model) ?? [];
    return new BodyEnvironment(this, {
      item: () =>
        moment !== 'before' && agent.loopItems !== undefined ? this.#ownItem(agent) : unionOf(places.map((place) => this.itemAt(place))),
      ...(moment === 'after' && { own: { name: model.name.text, type: () => resultType(model, this.outputOf(model)) } }),
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
      item: () => outer.root('item'),
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
    const runs = this.#runsOf(agent);
    if (runs.length === 0) return typeOf(agent.input);
    return unionOf(runs.map(({ step }) => typeOf(this.#body.stepValues.get(step)?.input ?? agent.input)));
  }

  /** Whether each entry of `flow:` that runs the agent gives it an input. */
  isGivenByFlow(agent: ParsedAgent): boolean {
    const runs = this.#runsOf(agent);
    return runs.length > 0 && runs.every(({ step }) => step.type === 'run' && step.input !== undefined);
  }

  #runsOf({ model }: ParsedAgent): readonly Place[] {
    return (this.#places.get(model) ?? []).filter(({ step }) => step.type === 'run');
  }

  /** Where the values of a flow step, or of an entry of `flow:`, stand. */
  stepEnvironment(place: Place, moment: 'before' | 'after' = 'before'): Environment {
    const { step } = place;
    const agent = step.type === 'run' ? step.agent : undefined;
    const own = step.name?.text;
    return new BodyEnvironment(this, {
      item: () =>
        moment === 'after' && step.type === 'foreach' ? this.#itemOf(this.#body.stepValues.get(step)?.items, place) : this.itemAt(place),
      ...(moment === 'after' &&
        agent !== undefined &&
        own !== undefined && { own: { name: own, type: () => resultType(agent, this.outputOf(agent)) } }),
    });
  }

  #ownItem(agent: ParsedAgent): Type {
    return agent.loopItems === undefined ? UNKNOWN : elementOf(typeOfValue(agent.loopItems, this.agentEnvironment(agent, 'before')));
  }

  /** The type of `item` in the innermost loop around a place. */
  itemAt(place: Place): Type {
    for (const { within } of pathTo(place).toReversed()) {
      if (within === undefined) continue;
      const { step } = within.place;
      if (step.type === 'foreach' || (step.type === 'map-reduce' && within.block.kind === 'map'))
        return this.#itemOf(this.#body.stepValues.get(step)?.items, within.place);
      const agent = agentAt(within.place);
      const parsed = agent === undefined ? undefined : this.#body.agents[agent.index];
      if (parsed?.loopItems !== undefined) return this.#ownItem(parsed);
    }
    return UNKNOWN;
  }

  #itemOf(items: ParsedValue | undefined, place: Place): Type {
    return items === undefined ? UNKNOWN : elementOf(typeOfValue(items, this.stepEnvironment(place)));
  }
}

function elementOf(items: Type): Type {
  return items.kind === 'list' ? itemOf(items) : UNKNOWN;
}

function namesOf(model: BodyModel, places: readonly Place[]): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const agent of model.agents) if (agent.named) names.set(agent.name.text, { agent, certain: false });
  for (const place of places) {
    const { step, within } = place;
    if (step.name === undefined) continue;
    const agent = agentAt(place);
    names.set(step.name.text, { ...(agent !== undefined && { agent }), certain: within === undefined && step.type === 'agent' });
  }
  return names;
}

/** The names of the agents with a `loop` that places are or lie in. */
function loopedAround(places: readonly Place[]): ReadonlySet<string> {
  const around = places.flatMap(pathTo).filter((place) => agentAt(place)?.loop !== undefined);
  return new Set(around.flatMap((place) => [agentAt(place)?.name.text, place.step.name?.text].filter((name) => name !== undefined)));
}

interface Special {
  readonly input?: () => Type;
  readonly state?: () => Type;
  readonly item?: () => Type;
  /** The agent whose own result is there already. */
  readonly own?: { readonly name: string; readonly type: () => Type };
  /** Agents in whose `loop` something stands: what it reads of them may be of one round. */
  readonly rounds?: () => ReadonlySet<string>;
}

class BodyEnvironment implements Environment {
  readonly #types: BodyTypes;
  readonly #special: Special;
  readonly #roots = new Map<RootName, Type>();
  #rounds: ReadonlySet<string> | undefined;
  #own: Type | undefined;

  constructor(types: BodyTypes, special: Special) {
    this.#types = types;
    this.#special = special;
  }

  root(name: RootName): Type {
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const type = this.#root(name);
    this.#roots.set(name, type);
    return type;
  }

  #root(name: RootName): Type {
    const { input, state, item } = this.#special;
    switch (name) {
      case 'input':
        return input?.() ?? this.#types.input;
      case 'state':
        return state?.() ?? this.#types.state;
      case 'env':
        return ENV;
      case 'run':
        return RUN;
      case 'item':
        return item?.() ?? UNKNOWN;
      case 'index':
        return INTEGER;
      case 'loop':
        return shapeOf({ item: this.root('item'), index: INTEGER });
      case 'mapResults':
        return listOf(UNKNOWN);
      case 'trigger':
      case 'error':
        return UNKNOWN;
      default:
        return name satisfies never;
    }
  }

  agent(name: string): Type {
    const { own, rounds } = this.#special;
    this.#rounds ??= rounds?.() ?? new Set();
    if (this.#rounds.has(name)) return UNKNOWN;
    if (own?.name !== name) return this.#types.result(name);
    this.#own ??= own.type();
    return this.#own;
  }
}
