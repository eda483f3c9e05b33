import { createSuggester } from '../../program/suggest.ts';
import { allReads } from '../model/parsed-body.ts';
import type { BodyTypes } from '../types/body-types.ts';
import type { Check } from './check.ts';
import { givenInputs, writtenField } from './types/given-inputs.ts';

/** A file is given a field that it does not declare and nothing in it reads: a slip in the name, most likely. */
export const unknownInput: Check = {
  codes: ['unknown-input'],
  check(_, findings, { types }) {
    const suggest = createSuggester();
    const reads = new Map<BodyTypes, ReadonlySet<string> | undefined>();
    for (const { agent, callee, declared, type, written, span } of givenInputs(types)) {
      if (written === undefined || type.kind !== 'object' || declared.lists === 'some' || declared.properties.size === 0) continue;
      if (!reads.has(callee)) reads.set(callee, readsOfInput(callee));
      const read = reads.get(callee);
      if (read === undefined) continue;
      for (const name of type.properties.keys()) {
        if (declared.properties.has(name) || read.has(name)) continue;
        const names = [...declared.properties.keys()];
        const near = suggest(name, names);
        const place = writtenField(written, name)?.key ?? written.span ?? span;
        findings.report(
          'unknown-input',
          place,
          `"${agent.model.name.text}" is given the input "${name}", which ${callee.body.model.file} does not declare`,
          {
            help: `${near === undefined ? '' : `did you mean "${near}"? `}it declares ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`,
          },
        );
      }
    }
  },
};

/** The fields of its input that a file reads; undefined when it may read any of them. */
function readsOfInput({ body }: BodyTypes): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { kind, name, path } of allReads(body)) {
    if (kind !== 'root' || name !== 'input') continue;
    const [field] = path;
    if (field === undefined) return undefined;
    names.add(field);
  }
  const handsOn = body.agents.some(
    ({ model, code, input }) => code?.type === 'script' || (model.work.type !== 'operation' && input === undefined),
  );
  return handsOn ? undefined : names;
}
