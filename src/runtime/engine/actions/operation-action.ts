import type { OperationAction } from '../../../program/program.ts';
import { failure } from '../../failure.ts';
import type { Operation, OperationContext } from '../../operations/operation.ts';
import type { ActionContext, PreparedAction } from './action.ts';

/** Evaluates the config once, for all tries: they send the same request, whatever `Date.now()` or `crypto.randomUUID()` say meanwhile. */
export function prepareOperation(
  action: OperationAction,
  { context, path, start, step, prepared, scope, record }: ActionContext,
): PreparedAction {
  const { run } = context;
  const operation = run.operations.get(action.operation);
  if (operation === undefined) throw failure('UNSUPPORTED', `This version of Ensemble has no operation \`${action.operation}\`.`);
  const config = prepared.config?.(scope) ?? {};
  const { ports, log } = run;
  // Of the first try that a resumed run makes alone: it is the one that was cut short.
  let waited = record?.waited;
  const call: Omit<OperationContext, 'signal'> = {
    ports,
    agent: path,
    start,
    idempotencyKey: `${run.id}/${path}`,
    outputSchema: step.outputSchema,
    redact: (text) => run.redactor.text(text),
    log: (level, message) => log.add({ type: 'log', agent: path, level, message }),
    warn: (code, message) => log.add({ type: 'warning', code, message, agent: path }),
    waits(waiting) {
      log.add({ type: 'run.waiting', agent: path, ...waiting });
      return log.flush();
    },
  };
  return {
    call: (signal) => {
      if (!operation.effect) return operation.run(config, { ...call, signal });
      // Rule 1 of DESIGN §3: no effect before the record that explains it.
      const writing = log.flush();
      const tried = { ...call, ...untilAborted(call, signal), ...(waited === undefined ? {} : { waited }), signal };
      waited = undefined;
      return writing === undefined ? operation.run(config, tried) : runAfter(writing, operation, config, tried);
    },
    given: () => ({ operation: action.operation, config, ...(step.outputSchema === undefined ? {} : { output: step.outputSchema }) }),
  };
}

/** A call of the outside that cannot be cut off may go on after its try was given up, even after the run: nothing that it says then is told. */
function untilAborted({ log, warn }: Pick<OperationContext, 'log' | 'warn'>, signal: AbortSignal): Pick<OperationContext, 'log' | 'warn'> {
  return {
    log: (level, message) => {
      if (!signal.aborted) log(level, message);
    },
    warn: (code, message) => {
      if (!signal.aborted) warn(code, message);
    },
  };
}

async function runAfter(writing: Promise<void>, operation: Operation, ...[config, context]: Parameters<Operation['run']>) {
  await writing;
  context.signal.throwIfAborted();
  return operation.run(config, context);
}
