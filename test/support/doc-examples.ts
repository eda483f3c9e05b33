import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../src/program/json.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { type Fence, listFences } from './markdown.ts';

/** An ensemble in a page and what the page says of its run. */
export interface DocExample {
  /** `docs/flow/parallel.md:7` */
  readonly name: string;
  readonly text: string;
  readonly input: JsonValue;
  /** What it prints, or the code of the failure that it ends with. */
  readonly ends: { readonly output: JsonValue } | { readonly failure: string };
  /** `listOutcomes` of its run, where the page shows it. */
  readonly journal?: string;
}

export interface DocPage {
  readonly examples: readonly DocExample[];
  /** Agent files and ensembles that the examples use, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The examples of a page, by its path in the repository. One is a fence `yaml ensemble [input=JSON]`; the fence after it (`json output`, `text output` or `text failure`) says how
 * it ends, and one after that (`text journal`) may say what happened. A fence such as `yaml agents/name.yaml` is a file beside them.
 */
export function readDocPage(page: string): DocPage {
  const fences = listFences(readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8'));
  const files = fences.flatMap(({ info, text }) => {
    const path = /^yaml ((?:agents|ensembles)\/\S+)$/.exec(info)?.[1];
    return path === undefined ? [] : [[path, text] as const];
  });
  const examples = fences.flatMap((fence, i) => {
    if (!fence.info.startsWith('yaml ensemble')) return [];
    if (fence.info.startsWith('yaml ensembles/')) return [];
    const name = `${page}:${fence.line}`;
    const journal = fences[i + 2];
    return [
      {
        name,
        text: fence.text,
        input: JSON.parse(/ input=(.+)$/.exec(fence.info)?.[1] ?? '{}') as JsonValue,
        ends: readEnd(fences[i + 1], name),
        ...(journal?.info === 'text journal' && { journal: journal.text.trimEnd() }),
      },
    ];
  });
  return { examples, files: Object.fromEntries(files) };
}

function readEnd(fence: Fence | undefined, name: string): DocExample['ends'] {
  switch (fence?.info) {
    case 'json output':
      return { output: JSON.parse(fence.text) as JsonValue };
    case 'text output':
      return { output: fence.text.replace(/\n$/, '') };
    case 'text failure':
      return { failure: fence.text.trim() };
    default:
      throw new Error(`${name}: no output follows the example`);
  }
}

/** A run as a page shows it: what ended and how, and what was decided, a line each. */
export function listOutcomes(events: readonly RunEvent[]): string {
  return events
    .flatMap((event) => {
      switch (event.type) {
        case 'agent.finished':
          return [`${event.agent} ${event.cached === true ? 'cached' : 'finished'}`];
        case 'agent.failed':
          return [`${event.agent} failed ${event.failure.code}`];
        case 'agent.skipped':
          return [`${event.agent} skipped`];
        case 'step.finished':
          return [`${event.step} finished`];
        case 'step.failed':
          return [`${event.step} failed ${event.failure.code}`];
        case 'step.decided':
          return [`${event.step} took ${event.took}`];
        case 'run.compensating':
          return [`compensating ${event.agents.join(', ')}`];
        default:
          return [];
      }
    })
    .join('\n');
}
