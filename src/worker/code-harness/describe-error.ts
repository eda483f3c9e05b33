const MAX_MESSAGE = 16 * 1024;

export interface ThrownText {
  readonly message: string;
  /** Of the innermost frame in the body's own module, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** What a body threw, as text: an error's message (with its class, unless that is plain `Error`), a thrown text as it is, anything else as JSON. */
export function describeError(thrown: unknown, module: string): ThrownText {
  try {
    if (!(thrown instanceof Error))
      return { message: cut(typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown))) };
    const name = String(thrown.name);
    const text = explainPlatform(String(thrown.message));
    const message = cut(name === 'Error' || name === '' ? text || 'Error' : `${name}: ${text}`);
    const frame = new RegExp(`${module.replace(/[.]/g, '\\.')}:(\\d+):(\\d+)`).exec(String(thrown.stack));
    return frame === null ? { message } : { message, line: Number(frame[1]), column: Number(frame[2]) };
  } catch {
    // The thrown object's own properties threw.
    return { message: 'an error that cannot be read' };
  }
}

/** The runtime tells only by this text that the isolate's way out is closed. */
function explainPlatform(message: string): string {
  if (!message.includes('not permitted to access the internet')) return message;
  return 'The code has no network. If it should have, write `network: true` in the config of the agent.';
}

function cut(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;
}
