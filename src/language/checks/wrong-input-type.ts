import { isAssignable } from '../types/assignable.ts';
import { propertyOf } from '../types/property-type.ts';
import { typeOfSchema } from '../types/schema-type.ts';
import { membersOf } from '../types/type.ts';
import { isNullish, withoutUndefined } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeExactly, describeType } from './types/describe-type.ts';
import { givenField, givenInputs, writtenField } from './types/given-inputs.ts';

/** A file that an agent runs refuses an input of another type than it declares. */
export const wrongInputType: Check = {
  codes: ['wrong-input-type'],
  check(_, findings, { types }) {
    for (const { agent, callee, declared, type, written, span } of givenInputs(types)) {
      const name = agent.model.name.text;
      if (isAssignable(type, declared) === 'no' && type.kind !== 'unknown' && membersOf(type).every(({ kind }) => kind !== 'object')) {
        findings.report(
          'wrong-input-type',
          written?.span ?? span,
          `the input of "${name}" is ${describeType(type)}, and ${callee.body.model.file} takes an object`,
        );
        continue;
      }
      const plain = typeOfSchema(callee.body.model.input ?? {});
      for (const field of declared.properties.keys()) {
        const value = withoutUndefined(givenField(type, field)?.type ?? { kind: 'unknown' });
        // What the file takes before its defaults are filled in.
        const wanted = withoutUndefined(propertyOf(plain, field));
        if (value.kind === 'never' || isAssignable(value, wanted) !== 'no') continue;
        const place = writtenField(written, field)?.value ?? written?.span ?? span;
        findings.report(
          'wrong-input-type',
          place,
          `the input "${field}" of "${name}" is ${describeExactly(value)}, and ${callee.body.model.file} takes ${describeExactly(wanted)}`,
          {
            help: value.kind !== 'unknown' && membersOf(value).every(isNullish) ? 'leave it out where there is no value' : undefined,
          },
        );
      }
    }
  },
};
