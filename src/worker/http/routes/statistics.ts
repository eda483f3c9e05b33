import { statistics } from '../../calls/statistics.ts';
import { findDeployed } from '../../deployment.ts';
import { answerJson } from '../answer-json.ts';
import { mayReachName } from '../may-reach.ts';
import { moment, text } from '../parameters.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute, json } from './route.ts';

const SCOPE = 'runs:read';

export const getStatistics = defineRoute({
  method: 'GET',
  path: '/statistics',
  operation: 'getStatistics',
  scopes: [SCOPE],
  summary: 'How often runs and their agents did what, and how long that took.',
  parameters: {},
  query: {
    ensemble: text('Of one ensemble: its id, or the name that its file gives itself.'),
    since: moment('Of runs that started then or later.'),
  },
  responses: { 200: { description: 'By ensemble.', content: json(ref('Statistics')) } },
  async answer(call) {
    const { ensemble, since } = call.query;
    const filter = {
      ...(ensemble === undefined ? {} : { ensemble: findDeployed(ensemble)?.file ?? ensemble }),
      ...(since === undefined ? {} : { since }),
    };
    const { ensembles } = await statistics(filter, call.env);
    return answerJson({ ensembles: ensembles.filter((one) => mayReachName(call, SCOPE, one.ensemble)) });
  },
});
