import type { HttpTriggerPlan, WebhookTriggerPlan } from '../../../program/trigger.ts';
import { methodsOf } from '../../../program/trigger-conflicts.ts';
import { comparePaths, matchTriggerPath, parseTriggerPath, type TriggerPath } from '../../../program/trigger-path.ts';
import type { DeployedEnsemble, Deployment } from '../../deployment.ts';

export interface TriggerRoute {
  readonly ensemble: DeployedEnsemble;
  readonly trigger: HttpTriggerPlan | WebhookTriggerPlan;
  readonly methods: readonly string[];
  readonly path: TriggerPath;
}

/** A route that a request's path has, with what its parameters stand for. */
export interface MatchedRoute extends TriggerRoute {
  readonly params: readonly (readonly [string, string])[];
}

/** The routes of a deployment that answer a path, the one that says most first; methods are not looked at. */
export function matchRoutes(deployment: Deployment, pathname: string): readonly MatchedRoute[] {
  return routesOf(deployment).flatMap((route) => {
    const params = matchTriggerPath(route.path, pathname);
    return params === undefined ? [] : { ...route, params };
  });
}

const known = new WeakMap<Deployment, readonly TriggerRoute[]>();

function routesOf(deployment: Deployment): readonly TriggerRoute[] {
  const routes = known.get(deployment) ?? buildRoutes(deployment);
  known.set(deployment, routes);
  return routes;
}

function buildRoutes({ ensembles }: Deployment): readonly TriggerRoute[] {
  const routes = ensembles.flatMap((ensemble) =>
    ensemble.triggers.flatMap((trigger): readonly TriggerRoute[] =>
      trigger.type === 'http' || trigger.type === 'webhook'
        ? [{ ensemble, trigger, methods: methodsOf(trigger), path: parseTriggerPath(trigger.path) }]
        : [],
    ),
  );
  return routes.toSorted((a, b) => comparePaths(a.path, b.path));
}
