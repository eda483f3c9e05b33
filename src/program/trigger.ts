import type { Template } from './expression.ts';

/** What starts runs of a deployed ensemble (LANGUAGE §8). What the platform or a router has to know is constant; secrets are templates over `env`. */
export type TriggerPlan = HttpTriggerPlan | WebhookTriggerPlan | CronTriggerPlan | QueueTriggerPlan | EmailTriggerPlan;
export type TriggerType = TriggerPlan['type'];

/** `public` and no `auth`: anyone may start a run. One of the two is always there. */
interface Guarded {
  readonly auth?: AuthPlan;
  readonly public: boolean;
}

/** How a caller proves itself. `secret` gives text; what gives none lets nobody in. */
export interface AuthPlan {
  readonly type: 'bearer' | 'signature' | 'basic';
  readonly secret: Template;
}

export interface HttpTriggerPlan extends Guarded {
  readonly type: 'http';
  /** `/orders/:id` */
  readonly path: string;
  /** In capitals. */
  readonly methods: readonly string[];
  /** The origins that may read the answer in a browser; `*` = any. Empty = none. */
  readonly cors: readonly string[];
}

export interface WebhookTriggerPlan extends Guarded {
  readonly type: 'webhook';
  readonly path: string;
}

export interface CronTriggerPlan {
  readonly type: 'cron';
  /** Five fields; weekdays as Cloudflare numbers them (1 = Sunday). */
  readonly cron: string;
  /** An IANA name. */
  readonly timezone: string;
  readonly input?: Template;
}

export interface QueueTriggerPlan {
  readonly type: 'queue';
  /** The name of the queue, as the platform knows it. */
  readonly queue: string;
  /** How many messages a run takes; 1 = the message itself is its input. */
  readonly batchSize: number;
}

export interface EmailTriggerPlan extends Guarded {
  readonly type: 'email';
  /** In small letters, domains in ASCII. */
  readonly addresses: readonly string[];
}
