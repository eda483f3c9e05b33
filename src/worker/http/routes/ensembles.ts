import { answerJson } from '../answer-json.ts';
import { describeEnsemble } from '../ensemble-detail.ts';
import { ENSEMBLE } from '../parameters.ts';
import { reachEnsemble } from '../reach-ensemble.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute, json } from './route.ts';

const SCOPE = 'runs:read';

export const listEnsembles = defineRoute({
  method: 'GET',
  path: '/ensembles',
  operation: 'listEnsembles',
  scopes: [SCOPE],
  summary: 'The ensembles of this Worker, as far as the key is for them.',
  parameters: {},
  query: {},
  responses: { 200: { description: 'All of them.', content: json(ref('EnsembleList')) } },
  async answer({ caller, deployment }) {
    const shown = deployment.ensembles.filter(({ id }) => caller.may(SCOPE, id));
    return answerJson({ ensembles: shown.map(describeEnsemble) });
  },
});

export const getEnsemble = defineRoute({
  method: 'GET',
  path: '/ensembles/{id}',
  operation: 'getEnsemble',
  scopes: [SCOPE],
  summary: 'One ensemble: its input, its triggers.',
  parameters: { id: ENSEMBLE },
  query: {},
  responses: { 200: { description: 'The ensemble.', content: json(ref('Ensemble')) } },
  async answer(call) {
    return answerJson(describeEnsemble(reachEnsemble(call, SCOPE, call.path.id)));
  },
});
