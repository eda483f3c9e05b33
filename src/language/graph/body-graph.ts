import type { AnalyzedFile } from '../analyze-file.ts';
import type { AgentModel } from '../model/body-model.ts';
import { outputReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import {
  type AgentStepModel,
  type Block,
  blocksOf,
  everyStep,
  type FlowRunModel,
  type FlowStepModel,
  type StepModel,
} from '../model/step-model.ts';
import type { Edges } from './edges.ts';
import type { AgentNode, BlockNode, FlowNode, GraphNode } from './graph.ts';
import { flowDetail, sourceOf, triggerFacts, workFacts } from './node-facts.ts';
import type { NodeIds } from './node-ids.ts';
import { accessOf, readKeys } from './step-access.ts';

/** What the bodies of one graph share. */
export interface GraphSite {
  readonly edges: Edges;
  readonly ids: NodeIds;
  /** Paths of the agent files that are drawn already. */
  readonly drawn: Set<string>;
}

/** Why a block comes after the step that holds it, or after the block before it. */
const WHY: Readonly<Partial<Record<Block['kind'], string>>> = {
  onError: 'when it fails',
  compensate: 'to undo it',
  catch: 'when one fails',
};
/** Flow steps whose one list of steps needs no frame of its own. */
const PLAIN: ReadonlySet<StepModel['type']> = new Set(['parallel', 'foreach', 'while']);

/** Draws one body: the whole file, or an agent file inside the agent that runs it (`prefix` is then `agent/`). */
export class BodyGraph {
  readonly #file: AnalyzedFile;
  readonly #site: GraphSite;
  readonly #prefix: string;
  readonly #steps: readonly StepModel[];
  readonly #idOf = new Map<AgentModel | StepModel, string>();
  readonly #named = new Map<string, string>();
  readonly #states = new Map<string, string>();
  #input: string | undefined;

  constructor(file: AnalyzedFile, site: GraphSite, prefix: string) {
    const { model } = file.body;
    this.#file = file;
    this.#site = site;
    this.#prefix = prefix;
    this.#steps = model.flow ?? model.steps;
    for (const step of everyStep(this.#steps)) {
      const name = step.name?.text;
      const id = this.#newId(name ?? step.type);
      this.#idOf.set(keyOf(step), id);
      if (name !== undefined && !this.#named.has(name)) this.#named.set(name, id);
    }
    for (const key of model.state.schema?.keys() ?? []) this.#state(key);
  }

  /** The nodes of the whole file: triggers, input, state, steps, output. */
  drawFile(): readonly GraphNode[] {
    const { body } = this.#file;
    const hasInput = body.model.input !== undefined || body.model.triggers.length > 0;
    if (hasInput) this.#inputId();
    const triggers = body.model.triggers.map((trigger) => ({ ...triggerFacts(trigger), id: this.#newId('trigger') }));
    for (const { id } of triggers) this.#site.edges.data(id, this.#inputId(), undefined);
    const steps = this.#draw(this.#steps, body.model.concurrency === 1);
    const output = this.#drawOutput();
    return [...triggers, ...this.#inputNode(), ...this.#stateNodes(), ...steps, ...output];
  }

  /** The nodes inside the agent that runs the file: what it is given and gives back is the agent's own. */
  drawInside(): readonly GraphNode[] {
    const steps = this.#draw(this.#steps, this.#file.body.model.concurrency === 1);
    return [...this.#stateNodes(), ...steps];
  }

  #draw(steps: readonly StepModel[], inOrder: boolean): readonly GraphNode[] {
    let previous: string | undefined;
    return steps.flatMap((step) => {
      const id = this.#id(step);
      if (inOrder && previous !== undefined) this.#site.edges.order(previous, id);
      previous = id;
      return step.type === 'agent' || step.type === 'run' ? this.#drawAgent(step, id) : [this.#drawFlow(step, id)];
    });
  }

  #drawAgent(step: AgentStepModel | FlowRunModel, id: string): readonly GraphNode[] {
    this.#connect(step, id);
    const { agent } = step;
    const name = step.name.text;
    const condition = sourceOf((step.type === 'run' ? step.condition : undefined) ?? agent?.condition);
    const loop = sourceOf(agent?.loop?.items);
    const file = agent === undefined ? undefined : this.#file.agentFiles.get(agent.index);
    const children = file === undefined ? undefined : this.#drawAgentFile(file, id);
    const node: AgentNode = {
      id,
      kind: 'agent',
      name,
      ...(agent !== undefined && workFacts(agent.work, agent.name.text)),
      ...(condition !== undefined && { condition }),
      ...(loop !== undefined && { loop }),
      ...(children !== undefined && { children }),
    };
    for (const { text } of step.type === 'run' ? step.dependsOn : step.agent.dependsOn) {
      const from = this.#named.get(text);
      if (from !== undefined && from !== id) this.#site.edges.order(from, id);
    }
    return [node, ...blocksOf(step).flatMap((block) => this.#drawBlock(block, id, id))];
  }

  #drawAgentFile(file: AnalyzedFile, id: string): readonly GraphNode[] | undefined {
    const { file: path } = file.body.model;
    if (this.#site.drawn.has(path)) return undefined;
    this.#site.drawn.add(path);
    const inside = new BodyGraph(file, this.#site, `${id}/`).drawInside();
    return inside.length === 0 ? undefined : inside;
  }

  #drawFlow(step: FlowStepModel, id: string): FlowNode {
    this.#connect(step, id);
    const detail = flowDetail(step);
    return {
      id,
      kind: 'flow',
      type: step.type,
      ...(step.name !== undefined && { name: step.name.text }),
      ...(detail !== undefined && { detail }),
      children: PLAIN.has(step.type)
        ? blocksOf(step).flatMap(({ steps }) => this.#draw(steps, step.type !== 'parallel'))
        : this.#drawBlocks(step, id),
    };
  }

  /** The blocks of a step that has several. Those of `try` and `map-reduce` follow one another; of the others only one runs. */
  #drawBlocks(step: FlowStepModel, id: string): readonly BlockNode[] {
    const inOrder = step.type === 'try' || step.type === 'map-reduce';
    let first: string | undefined;
    return blocksOf(step).flatMap((block) => {
      const drawn = this.#drawBlock(block, id, inOrder ? first : undefined);
      first ??= drawn[0]?.id;
      return drawn;
    });
  }

  #drawBlock({ kind, label, steps }: Block, id: string, after: string | undefined): readonly BlockNode[] {
    if (steps.length === 0) return [];
    const own = this.#site.ids.create(`${id}.${label === undefined ? kind : `${kind} ${label.text}`}`);
    if (after !== undefined) this.#site.edges.order(after, own, WHY[kind]);
    const value = label === undefined ? {} : { value: label.text };
    return [{ id: own, kind: 'block', block: kind, ...value, children: this.#draw(steps, true) }];
  }

  #drawOutput(): readonly GraphNode[] {
    const { body } = this.#file;
    const last = this.#steps.at(-1);
    if (body.output === undefined && last === undefined) return [];
    const id = this.#newId('output');
    const reads = outputReads(body.output);
    if (body.output === undefined && last !== undefined) this.#site.edges.data(this.#id(last), id, 'output');
    this.#connectReads(reads, id);
    if (reads.some(({ kind, name }) => kind === 'root' && name === 'input')) this.#site.edges.data(this.#inputId(), id, undefined);
    for (const key of readKeys(reads, body.model)) this.#site.edges.read(this.#state(key), id);
    return [{ id, kind: 'output' }];
  }

  #connect(step: StepModel, id: string): void {
    const access = accessOf(step, this.#file.body);
    if (access.readsInput && this.#prefix === '') this.#site.edges.data(this.#inputId(), id, undefined);
    this.#connectReads(access.reads, id);
    for (const key of access.stateReads) this.#site.edges.read(this.#state(key), id);
    for (const key of access.stateWrites) this.#site.edges.write(id, this.#state(key));
  }

  #connectReads(reads: readonly Read[], to: string): void {
    for (const { kind, name, path } of reads) {
      const from = kind === 'agent' ? this.#named.get(name) : undefined;
      if (from !== undefined) this.#site.edges.data(from, to, path[0]);
    }
  }

  #inputId(): string {
    this.#input ??= this.#newId('input');
    return this.#input;
  }

  #inputNode(): readonly GraphNode[] {
    return this.#input === undefined ? [] : [{ id: this.#input, kind: 'input' }];
  }

  #state(key: string): string {
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const id = this.#newId(`state.${key}`);
    this.#states.set(key, id);
    return id;
  }

  #stateNodes(): readonly GraphNode[] {
    return [...this.#states].map(([key, id]) => ({ id, kind: 'state', key }));
  }

  #id(step: StepModel): string {
    const id = this.#idOf.get(keyOf(step));
    if (id === undefined) throw new Error(`a ${step.type} step is drawn that is not in the body`);
    return id;
  }

  #newId(name: string): string {
    return this.#site.ids.create(this.#prefix + name);
  }
}

/** The step of a `compensate` is made anew each time that it is asked for; its agent is one. */
function keyOf(step: StepModel): AgentModel | StepModel {
  return step.type === 'agent' ? step.agent : step;
}
