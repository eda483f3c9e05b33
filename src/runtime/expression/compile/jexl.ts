import { toKey } from '../coerce.ts';
import { checkList, spend } from '../limits.ts';
import { readIndex, readOwn } from '../own.ts';
import type { Compiler } from './environment.ts';
import { ownReader } from './own-reader.ts';
import { stepsOf } from './steps.ts';

/** Jexl's `subject[.price > 10]`: a subject that is no list counts as a list of one, undefined as an empty one. */
export const compileJexlFilter: Compiler<'jexlFilter'> = (node, environment) => {
  const subject = environment.compile(node.subject);
  const inner = environment.with([node.name]);
  const place = inner.placeOf(node.name);
  const test = inner.compile(node.test);
  const steps = stepsOf(node.test);
  return (scope, locals) => {
    const value = subject(scope, locals);
    const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    checkList(list.length);
    const result: unknown[] = [];
    for (const item of list) {
      spend(steps);
      locals[place] = item;
      if (test(scope, locals)) result.push(item);
    }
    return result;
  };
};

/** Jexl's `.name`: of a list it reads the first item's. */
export const compileJexlMember: Compiler<'jexlMember'> = (node, environment) => {
  const object = environment.compile(node.object);
  if (node.property.type === 'literal') {
    const read = ownReader(String(node.property.value));
    return (scope, locals) => {
      const value = object(scope, locals);
      return read(Array.isArray(value) ? value[0] : value);
    };
  }
  const property = environment.compile(node.property);
  return (scope, locals) => {
    const value = object(scope, locals);
    return readOwn(Array.isArray(value) ? value[0] : value, toKey(property(scope, locals)));
  };
};

/** Jexl's `subject[value]`: `true` keeps the subject, `false` gives undefined, anything else is a key. */
export const compileJexlIndex: Compiler<'jexlIndex'> = (node, environment) => {
  const object = environment.compile(node.object);
  const property = environment.compile(node.property);
  return (scope, locals) => {
    const value = object(scope, locals);
    const key = property(scope, locals);
    if (typeof key === 'boolean') return key ? value : undefined;
    return readIndex(value, key);
  };
};
