import { StateMachine } from 'aws-local-stepfunctions';
import type { EnginePeer } from '../peer.ts';

type Definition = ConstructorParameters<typeof StateMachine>[0];

/** Never called: each state has a handler in this process. */
const RESOURCE = 'arn:aws:lambda:us-east-1:123456789012:function:add';

export const peer: EnginePeer = {
  name: 'Step Functions local',
  stepsOfRound: 10_000,
  build: (count) => {
    const states: Definition['States'] = {};
    const taskResourceLocalHandlers: Record<string, (input: unknown) => Promise<{ n: number }>> = {};
    for (let index = 0; index < count; index += 1) {
      states[`a${index}`] = { Type: 'Task', Resource: RESOURCE, ...(index + 1 < count ? { Next: `a${index + 1}` } : { End: true }) };
      taskResourceLocalHandlers[`a${index}`] = async (input) => ({ n: (input as { readonly n: number }).n + index });
    }
    const machine = new StateMachine({ StartAt: 'a0', States: states });
    return async (n) => {
      const { result } = machine.run({ n }, { overrides: { taskResourceLocalHandlers } });
      return (await (result as Promise<{ readonly n: number }>)).n;
    };
  },
};
