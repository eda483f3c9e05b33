import { agentReadBeforeRun } from './agent-read-before-run.ts';
import { bodyWithGet } from './body-with-get.ts';
import type { Check } from './check.ts';
import { configBesideAgentFile } from './config-beside-agent-file.ts';
import { constantCondition } from './constant-condition.ts';
import { duplicateAgent } from './duplicate-agent.ts';
import { duplicateHeader } from './duplicate-header.ts';
import { invalidHeader } from './invalid-header.ts';
import { invalidMethod } from './invalid-method.ts';
import { invalidName } from './invalid-name.ts';
import { invalidStatus } from './invalid-status.ts';
import { invalidStorageKey } from './invalid-storage-key.ts';
import { invalidUrl } from './invalid-url.ts';
import { kvTtlTooShort } from './kv-ttl-too-short.ts';
import { missingConfig } from './missing-config.ts';
import { missingScript } from './missing-script.ts';
import { outOfPlaceRoot } from './out-of-place-root.ts';
import { reservedName } from './reserved-name.ts';
import { retryCombination } from './retry-combination.ts';
import { setStateWithoutSet } from './set-state-without-set.ts';
import { severalSqlStatements } from './several-sql-statements.ts';
import { splicedSql } from './spliced-sql.ts';
import { sqlParams } from './sql-params.ts';
import { sqlStatement } from './sql-statement.ts';
import { stateDefaultType } from './state-default-type.ts';
import { stateReadWithoutUse } from './state-read-without-use.ts';
import { stateUndeclaredKey } from './state-undeclared-key.ts';
import { unknownOperation } from './unknown-operation.ts';
import { unsupportedFeature } from './unsupported-feature.ts';
import { zeroTimeout } from './zero-timeout.ts';

/** Every rule that a body is checked against. */
export const CHECKS: readonly Check[] = [
  agentReadBeforeRun,
  bodyWithGet,
  configBesideAgentFile,
  constantCondition,
  duplicateAgent,
  duplicateHeader,
  invalidHeader,
  invalidMethod,
  invalidName,
  invalidStatus,
  invalidStorageKey,
  invalidUrl,
  kvTtlTooShort,
  missingConfig,
  missingScript,
  outOfPlaceRoot,
  reservedName,
  retryCombination,
  setStateWithoutSet,
  severalSqlStatements,
  splicedSql,
  sqlParams,
  sqlStatement,
  stateDefaultType,
  stateReadWithoutUse,
  stateUndeclaredKey,
  unknownOperation,
  unsupportedFeature,
  zeroTimeout,
];
