import type { Span } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';
import type { Findings } from '../model/findings.ts';
import type { FoundVersion } from './find-version.ts';

/** Why a version that is asked for cannot be had. */
export type VersionTrouble = Exclude<FoundVersion, { readonly type: 'found' | 'missing' }>;

interface Described {
  readonly rule: RuleName;
  readonly message: string;
  readonly help: string;
}

const NAMES = { agent: 'agent file', ensemble: 'ensemble' } as const;
type FileKind = keyof typeof NAMES;

export function reportVersion(trouble: VersionTrouble, kind: FileKind, span: Span, findings: Findings): void {
  const { rule, message, help } = describeVersion(trouble, kind);
  findings.report(rule, span, message, { help });
}

/** The trouble in words, and what may help. */
export function describeVersion(trouble: VersionTrouble, kind: FileKind): Described {
  switch (trouble.type) {
    case 'invalid-range':
      return {
        rule: 'invalid-version',
        message: trouble.range === '' ? 'nothing stands behind the @' : `"${trouble.range}" is neither a version nor a range of versions`,
        help: 'behind the @ stands a version such as 1.2.0, or a range such as ^1.2, ~1.2.0 or >=1.2 <3',
      };
    case 'no-version': {
      const { name, range, versions } = trouble;
      const known = versions.map(({ version, file }) => `${version} (${file.path})`).join(', ');
      return {
        rule: kind === 'agent' ? 'missing-agent-version' : 'missing-ensemble-version',
        message: `no version of the ${NAMES[kind]} "${name}" satisfies ${range}`,
        help: known === '' ? 'no file of that name has a `version` such as 1.2.0' : `there is ${known}`,
      };
    }
    case 'same-version': {
      const { name, version, files } = trouble;
      return {
        rule: 'ambiguous-version',
        message: `${files.length} files are version ${version} of the ${NAMES[kind]} "${name}"`,
        help: `give them different versions: ${files.map(({ path }) => path).join(', ')}`,
      };
    }
    default:
      return trouble satisfies never;
  }
}
