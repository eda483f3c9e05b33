import type { Expression, Pattern, SpreadElement } from '../../../program/expression.ts';
import { type Environment, type Locals, NO_LOCALS } from '../environment.ts';
import { typeOfJson } from '../json-type.ts';
import { propertyOf } from '../property-type.ts';
import { truthOf } from '../truth.ts';
import { BOOLEAN, listOf, membersOf, type Property, STRING, type Type, UNDEFINED, UNKNOWN } from '../type.ts';
import { isNullish, mayBe, orUndefined, unionOf, withoutUndefined } from '../union.ts';
import { addSpread, elementType, indexType, jexlIndexType, jexlItems, jexlSubject, spreadItems, textOf } from './access.ts';
import { builtinType, constantType } from './builtins.ts';
import type { Call } from './call.ts';
import { filterType } from './filters.ts';
import { ANY_OF, methodType } from './methods.ts';
import { binaryType, logicalType, unaryType } from './operators.ts';
import { hasMethod, receiverOf, receiversOf } from './receiver.ts';

/** Functions within functions are looked at again for each call around them: past this many nodes, types are unknown. */
const MAX_NODES = 20_000;

/** The types of an expression and of everything in it. */
export interface TypedExpression {
  readonly type: Type;
  /** The type of a node of it; `unknown` for a node that is none, and for functions and regular expressions. */
  typeOf(node: Expression): Type;
}

/** Works out the type of an expression, of both dialects, at a place where names mean what `environment` says. Never throws. */
export function inferType(expression: Expression, environment: Environment): TypedExpression {
  const inference = new Inference(environment);
  const type = inference.infer(expression, NO_LOCALS);
  return { type, typeOf: (node) => inference.types.get(node) ?? UNKNOWN };
}

type Node<Type extends Expression['type']> = Extract<Expression, { type: Type }>;

class Inference {
  readonly types = new Map<Expression, Type>();
  readonly #environment: Environment;
  #nodes = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  infer(node: Expression, locals: Locals): Type {
    const type = ++this.#nodes > MAX_NODES ? UNKNOWN : this.#inferNode(node, locals);
    this.types.set(node, type);
    return type;
  }

  #inferNode(node: Expression, locals: Locals): Type {
    switch (node.type) {
      case 'literal':
        return typeOfJson(node.value);
      case 'undefined':
        return UNDEFINED;
      case 'constant':
        return constantType(node.name);
      case 'root':
        return this.#environment.root(node.name);
      case 'agent':
        return this.#environment.agent(node.name);
      case 'parameter':
        return locals.get(node.name) ?? UNKNOWN;
      case 'template':
        for (const value of node.values) this.infer(value, locals);
        return STRING;
      case 'array':
        return this.#array(node, locals);
      case 'object':
        return this.#object(node, locals);
      case 'member':
        return propertyOf(this.infer(node.object, locals), node.property);
      case 'index':
        return indexType(this.infer(node.object, locals), this.infer(node.property, locals));
      case 'chain':
        return this.#chain(node, locals);
      case 'call':
        return this.#call(node, locals);
      case 'builtin':
        return builtinType(node.name, this.#arguments(node.arguments, locals));
      case 'filter': {
        const input = this.infer(node.input, locals);
        return filterType(node.name, input, this.#arguments(node.arguments, locals));
      }
      case 'unary':
        return unaryType(node.operator, this.infer(node.operand, locals));
      case 'binary': {
        const left = this.infer(node.left, locals);
        return binaryType(node.operator, left, this.infer(node.right, locals));
      }
      case 'logical': {
        const left = this.infer(node.left, locals);
        return logicalType(node.operator, left, this.infer(node.right, locals));
      }
      case 'conditional':
        return this.#conditional(node, locals);
      case 'jexlFilter':
        return this.#jexlFilter(node, locals);
      case 'jexlMember':
        return this.#jexlMember(node, locals);
      case 'jexlIndex': {
        const object = this.infer(node.object, locals);
        return jexlIndexType(object, this.infer(node.property, locals));
      }
      case 'regex':
      case 'arrow':
      case 'builtinReference':
        return UNKNOWN;
      default:
        return node satisfies never;
    }
  }

  #array({ items }: Node<'array'>, locals: Locals): Type {
    const types = items.map((item) => (item.type === 'spread' ? spreadItems(this.infer(item.value, locals)) : this.infer(item, locals)));
    const spread = items.some(({ type }) => type === 'spread');
    return spread ? listOf(unionOf(types)) : { kind: 'list', items: unionOf(types), tuple: types };
  }

  #object({ entries }: Node<'object'>, locals: Locals): Type {
    const properties = new Map<string, Property>();
    // The types of properties whose names are not known.
    const others: Type[] = [];
    for (const entry of entries) {
      if (entry.type === 'spread') {
        addSpread(this.infer(entry.value, locals), properties, others);
        continue;
      }
      const key = typeof entry.key === 'string' ? entry.key : textOf(this.infer(entry.key, locals));
      const type = this.infer(entry.value, locals);
      if (key === undefined) {
        others.push(type);
        for (const [name, known] of properties) properties.set(name, { ...known, type: unionOf([known.type, type]) });
      } else if (key !== '__proto__') properties.set(key, { type, optional: false });
    }
    return others.length === 0
      ? { kind: 'object', properties, lists: 'all', others: UNKNOWN }
      : { kind: 'object', properties, lists: 'some', others: unionOf(others) };
  }

  /** A `?.` on nothing ends the whole chain with undefined. */
  #chain({ expression }: Node<'chain'>, locals: Locals): Type {
    const type = this.infer(expression, locals);
    for (let link = expression; link.type === 'member' || link.type === 'index' || link.type === 'call'; link = link.object) {
      if (link.optional && mayBe(this.types.get(link.object) ?? UNKNOWN, isNullish)) return orUndefined(type);
      if (link.type === 'call' && link.optionalCall) return orUndefined(type);
    }
    return type;
  }

  #call(node: Node<'call'>, locals: Locals): Type {
    const receiver = node.object.type === 'regex' ? undefined : this.infer(node.object, locals);
    const call = this.#arguments(node.arguments, locals);
    if (receiver === undefined) return node.method === 'test' ? BOOLEAN : UNKNOWN;
    const members = receiver.kind === 'unknown' ? receiversOf(node.method).map((kind) => ANY_OF[kind]) : membersOf(receiver);
    const types = members.flatMap((member) => {
      const kind = receiverOf(member);
      // On anything else the call fails, or is none.
      return kind === undefined || !hasMethod(kind, node.method) ? [] : [methodType(kind, member, node.method, call)];
    });
    if (types.length > 0) return unionOf(types);
    // A mistake that is told where it is; what follows from it is not.
    return UNKNOWN;
  }

  #arguments(nodes: readonly (Expression | SpreadElement)[], locals: Locals): Call {
    const spreadAt = nodes.findIndex(({ type }) => type === 'spread');
    const isBehindSpread = (index: number): boolean => spreadAt !== -1 && index >= spreadAt;
    const types = nodes.map((node) => (node.type === 'spread' ? this.infer(node.value, locals) : this.infer(node, locals)));
    return {
      nodes,
      count: spreadAt === -1 ? nodes.length : undefined,
      argument: (index) => (isBehindSpread(index) ? UNKNOWN : (types[index] ?? UNDEFINED)),
      callback: (index, ...parameters) => {
        const node = nodes[index];
        if (node === undefined || isBehindSpread(index)) return UNKNOWN;
        if (node.type === 'arrow') return this.#arrow(node, parameters, locals);
        return node.type === 'builtinReference' ? builtinType(node.name, calledWith(parameters)) : UNKNOWN;
      },
    };
  }

  #arrow({ parameters, body }: Node<'arrow'>, given: readonly Type[], locals: Locals): Type {
    const inner = new Map(locals);
    for (const [index, parameter] of parameters.entries()) this.#bind(parameter, given[index] ?? UNDEFINED, inner);
    return this.infer(body, inner);
  }

  #bind(pattern: Pattern, given: Type, locals: Map<string, Type>): void {
    const type = pattern.default === undefined ? given : this.#orDefault(given, pattern.default, locals);
    switch (pattern.type) {
      case 'name':
        locals.set(pattern.name, type);
        return;
      case 'objectPattern':
        for (const { key, value } of pattern.entries) this.#bind(value, propertyOf(type, key), locals);
        if (pattern.rest !== undefined) locals.set(pattern.rest, UNKNOWN);
        return;
      case 'arrayPattern':
        pattern.items.forEach((item, index) => {
          if (item !== null) this.#bind(item, elementType(type, index), locals);
        });
        if (pattern.rest !== undefined) this.#bind(pattern.rest, listOf(UNKNOWN), locals);
        return;
      default:
        pattern satisfies never;
    }
  }

  #orDefault(given: Type, byDefault: Expression, locals: Locals): Type {
    const type = this.infer(byDefault, locals);
    return mayBe(given, ({ kind }) => kind === 'undefined') ? unionOf([withoutUndefined(given), type]) : given;
  }

  #conditional(node: Node<'conditional'>, locals: Locals): Type {
    const test = truthOf(this.infer(node.test, locals));
    const [then, otherwise] = [this.infer(node.then, locals), this.infer(node.else, locals)];
    return test === undefined ? unionOf([then, otherwise]) : test ? then : otherwise;
  }

  #jexlFilter(node: Node<'jexlFilter'>, locals: Locals): Type {
    const subject = this.infer(node.subject, locals);
    const items = subject.kind === 'unknown' ? UNKNOWN : unionOf(membersOf(subject).map(jexlItems));
    this.infer(node.test, new Map(locals).set(node.name, items));
    return listOf(items);
  }

  #jexlMember(node: Node<'jexlMember'>, locals: Locals): Type {
    const object = this.infer(node.object, locals);
    const key = textOf(this.infer(node.property, locals));
    return key === undefined ? UNKNOWN : propertyOf(jexlSubject(object), key);
  }
}

function calledWith(parameters: readonly Type[]): Call {
  return { nodes: [], count: parameters.length, argument: (index) => parameters[index] ?? UNDEFINED, callback: () => UNKNOWN };
}
