import { isPattern } from '../expression/longest-text.ts';
import { isExponential } from '../expression/regex-ambiguity.ts';
import { placeOf } from '../model/schema-places.ts';
import { isMapping, listAuthorSchemas } from './author-schemas.ts';
import type { Check } from './check.ts';

/** JavaScript's regular expressions backtrack, and nothing stops one: a caller could keep a run busy for years with a text of forty characters. */
export const slowPattern: Check = {
  codes: ['slow-pattern'],
  check(body, findings) {
    for (const node of listAuthorSchemas(body).flatMap(({ nodes }) => nodes)) {
      const { pattern, patternProperties } = node.schema;
      const patterns: readonly (readonly [keyword: string, text: string])[] = [
        ...(typeof pattern === 'string' ? [['pattern', pattern] as const] : []),
        ...(isMapping(patternProperties) ? Object.keys(patternProperties).map((key) => ['patternProperties', key] as const) : []),
      ];
      for (const [keyword, text] of patterns) {
        if (!isPattern(text) || !isExponential(text, 'u')) continue;
        findings.report(
          'slow-pattern',
          placeOf(node, keyword),
          `the pattern ${text} can take exponential time on a text that does not match${node.where}`,
          {
            help: 'what is repeated must not itself match in several ways: `(a+)+` is `a+`, `(\\w+\\s?)*` is `[\\w\\s]*`',
          },
        );
      }
    }
  },
};
