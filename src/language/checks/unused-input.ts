import { createSuggester } from '../../program/suggest.ts';
import { openingReads, openReads, type ParsedAgent, type ParsedBody, setReads, workReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import { propertyWords } from '../model/schema-places.ts';
import type { Check } from './check.ts';
import { isOpaque } from './state-access.ts';

/** An input that nothing reads is asked of every caller for nothing, or is read under another name by mistake. */
export const unusedInput: Check = {
  codes: ['unused-input'],
  check(body, findings, { complete }) {
    const { input, kind } = body.model;
    if (!complete || input === undefined || body.agents.length === 0) return;
    const read = inputsRead(body);
    if (read === undefined) return;
    const suggest = createSuggester();
    const declared = propertyWords(input);
    const names = new Set(declared.map(({ text }) => text));
    const undeclared = [...read].filter((name) => !names.has(name));
    for (const { text, span } of declared) {
      if (read.has(text)) continue;
      const near = suggest(text, undeclared);
      findings.report('unused-input', span, `nothing reads the input "${text}"`, {
        help: `${near === undefined ? '' : `\`input.${near}\` is read and not declared; is it meant to be the same? `}read it as \`input.${text}\`, or take it out of the ${kind === 'agent' ? 'agent file' : 'ensemble'}'s \`input\``,
      });
    }
  },
};

/** The names of the inputs that the body reads; undefined when it reads, or may read, all of them. */
function inputsRead(body: ParsedBody): ReadonlySet<string> | undefined {
  const reads = [...openReads(body), ...openingReads(body)];
  for (const agent of body.agents) {
    const seen = readsOfRunInput(agent);
    if (seen === undefined) return undefined;
    reads.push(...seen);
  }
  const names = new Set<string>();
  for (const { kind, name, path } of reads) {
    if (kind !== 'root' || name !== 'input') continue;
    const [field] = path;
    if (field === undefined) return undefined;
    names.add(field);
  }
  return names;
}

/** What an agent reads where `input` is the run's own: everywhere, or outside of its config and code if it has an `input` of its own (LANGUAGE §2). */
function readsOfRunInput(agent: ParsedAgent): readonly Read[] | undefined {
  if (agent.input === undefined) return isOpaque(agent) ? undefined : [...workReads(agent), ...setReads(agent)];
  return [...workReads(outsideOfWork(agent)), ...setReads(agent)];
}

function outsideOfWork({ config: _config, code: _code, ...rest }: ParsedAgent): ParsedAgent {
  return rest;
}
