import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers, type TriggerSettings, valuesOf } from './settings/trigger-settings.ts';

/** Two triggers of one ensemble that answer the same: only one of them would get the request, or each would start a run of its own. */
export const duplicateTrigger: Check = {
  codes: ['duplicate-trigger'],
  check(body, findings) {
    const seen = new Set<string>();
    for (const trigger of settingsOfTriggers(body, 'http', 'webhook', 'cron', 'queue', 'email')) {
      const occasions = occasionsOf(trigger);
      const same = occasions.find((occasion) => seen.has(occasion));
      for (const occasion of occasions) seen.add(occasion);
      if (same === undefined) continue;
      findings.report('duplicate-trigger', trigger.type.span, `another trigger above answers \`${same}\` already`, {
        help: 'leave one of the two out, or give it something of its own to answer',
      });
    }
  },
};

/** What a trigger answers, as far as it is constant. */
function occasionsOf({ type, fields }: TriggerSettings): readonly string[] {
  switch (type.text) {
    case 'http': {
      const path = constantText(fields.value('path'))?.text;
      const methods = valuesOf(fields.value('methods')).flatMap((value) => constantText(value)?.text ?? []);
      if (path === undefined) return [];
      return (methods.length === 0 ? ['POST'] : methods).map((method) => `${method.toUpperCase()} ${shapeOf(path)}`);
    }
    case 'webhook': {
      const path = constantText(fields.value('path'))?.text;
      return path === undefined ? [] : [`POST ${shapeOf(path)}`];
    }
    case 'cron': {
      const cron = constantText(fields.value('cron'))?.text;
      const timezone = constantText(fields.value('timezone'))?.text ?? 'UTC';
      // With an input of its own each is a run of its own.
      return cron === undefined || fields.value('input') !== undefined ? [] : [`${cron.trim().split(/\s+/).join(' ')} ${timezone}`];
    }
    case 'queue':
      return valuesOf(fields.value('queue')).flatMap((value) => constantText(value)?.text ?? []);
    default:
      return valuesOf(fields.value('addresses')).flatMap((value) => constantText(value)?.text.toLowerCase() ?? []);
  }
}

/** `/orders/:id` and `/orders/:order` are the same requests. */
function shapeOf(path: string): string {
  return path.replaceAll(/:\w+/g, ':…').replace(/(?<=.)\/$/, '');
}
