import type { LocatedMapping } from '../../document/located.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';
import { settingsOf } from './agent-settings.ts';
import { responseBlocks } from './response-blocks.ts';

/** `headers:` of an http agent or of a response. */
export interface WrittenHeaders {
  readonly headers: LocatedMapping;
  /** How a message names whose they are. */
  readonly owner: string;
  readonly isRequest: boolean;
}

/** Every mapping of headers in the file. */
export function writtenHeaders(body: ParsedBody): readonly WrittenHeaders[] {
  const requests = settingsOf(body, 'http').map(({ name, fields }) => ({
    headers: fields.mapping('headers'),
    owner: `"${name}"`,
    isRequest: true,
  }));
  const responses = responseBlocks(body).map((block) => ({
    headers: new Fields(block).mapping('headers'),
    owner: 'the response',
    isRequest: false,
  }));
  return [...requests, ...responses].flatMap(({ headers, ...rest }) => (headers === undefined ? [] : [{ headers, ...rest }]));
}
