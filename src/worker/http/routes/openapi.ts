import { answerTagged } from '../tagged-answer.ts';
import { defineRoute, json } from './route.ts';

export const getOpenApi = defineRoute({
  method: 'GET',
  path: '/openapi.json',
  operation: 'getOpenApi',
  scopes: [],
  summary: 'This document: the API, and each ensemble of this Worker that the key may start, with its input.',
  parameters: {},
  query: {},
  headers: { 'if-none-match': 'The `ETag` of an earlier answer.' },
  responses: {
    200: { description: 'An OpenAPI 3.1 document.', content: json({ type: 'object' }), headers: { ETag: 'Of this document.' } },
    304: { description: 'The document is the one that the client has.' },
  },
  async answer({ request, caller, deployment, routes }) {
    // Nothing but this route needs it, and the schemas in it are as much as all the rest of the API.
    const { describeApi } = await import('../openapi.ts');
    const ensembles = deployment.ensembles.filter(({ id }) => caller.may('runs:start', id));
    return answerTagged(request, JSON.stringify(describeApi(routes, deployment.version, ensembles)), 'application/json');
  },
});
