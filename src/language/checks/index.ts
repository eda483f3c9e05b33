import { agentFileName } from './agent-file-name.ts';
import { agentMayNotRun } from './agent-may-not-run.ts';
import { agentReadBeforeRun } from './agent-read-before-run.ts';
import { bodyWithGet } from './body-with-get.ts';
import { cachedEffect } from './cached-effect.ts';
import type { Check } from './check.ts';
import { codeNeverReturns } from './code-never-returns.ts';
import { configBesideAgentFile } from './config-beside-agent-file.ts';
import { confusingName } from './confusing-name.ts';
import { constantCondition } from './constant-condition.ts';
import { constantStepCondition } from './constant-step-condition.ts';
import { constantTrigger } from './constant-trigger.ts';
import { cronWeekdayNumber } from './cron-weekday-number.ts';
import { deprecatedSpelling } from './deprecated-spelling.ts';
import { duplicateAgent } from './duplicate-agent.ts';
import { duplicateHeader } from './duplicate-header.ts';
import { duplicateTrigger } from './duplicate-trigger.ts';
import { emptyEnsemble } from './empty-ensemble.ts';
import { emptyStep } from './empty-step.ts';
import { endlessLoop } from './endless-loop.ts';
import { engineLimit } from './engine-limit.ts';
import { ensembleCycle } from './ensemble-cycle.ts';
import { fetchWithoutNetwork } from './fetch-without-network.ts';
import { httpStatusInOutput } from './http-status-in-output.ts';
import { impossibleSchema } from './impossible-schema.ts';
import { inputDefaultType } from './input-default-type.ts';
import { invalidAllowedHost } from './invalid-allowed-host.ts';
import { invalidBatchSize } from './invalid-batch-size.ts';
import { invalidCron } from './invalid-cron.ts';
import { invalidEmail } from './invalid-email.ts';
import { invalidHeader } from './invalid-header.ts';
import { invalidMethod } from './invalid-method.ts';
import { invalidName } from './invalid-name.ts';
import { invalidOrigin } from './invalid-origin.ts';
import { invalidSchema } from './invalid-schema.ts';
import { invalidStatus } from './invalid-status.ts';
import { invalidStorageKey } from './invalid-storage-key.ts';
import { invalidTime } from './invalid-time.ts';
import { invalidTimezone } from './invalid-timezone.ts';
import { invalidTriggerPath } from './invalid-trigger-path.ts';
import { invalidUrl } from './invalid-url.ts';
import { kvScopeRace } from './kv-scope-race.ts';
import { kvTtlTooShort } from './kv-ttl-too-short.ts';
import { literalSecret } from './literal-secret.ts';
import { missingBinding } from './missing-binding.ts';
import { missingConfig } from './missing-config.ts';
import { missingCronInput } from './missing-cron-input.ts';
import { missingEnsemble } from './missing-ensemble.ts';
import { missingInput } from './missing-input.ts';
import { missingScript } from './missing-script.ts';
import { openTrigger } from './open-trigger.ts';
import { openUrlHost } from './open-url-host.ts';
import { outOfPlaceRoot } from './out-of-place-root.ts';
import { outputNeverSet } from './output-never-set.ts';
import { outputSchemaNeverMet } from './output-schema-never-met.ts';
import { parallelStateWriters } from './parallel-state-writers.ts';
import { programTooLarge } from './program-too-large.ts';
import { publicWithAuth } from './public-with-auth.ts';
import { reducerType } from './reducer-type.ts';
import { repeatedFlowAgent } from './repeated-flow-agent.ts';
import { requiredWithoutProperty } from './required-without-property.ts';
import { reservedName } from './reserved-name.ts';
import { retryCombination } from './retry-combination.ts';
import { schemaSpelling } from './schema-spelling.ts';
import { scriptWithoutDefault } from './script-without-default.ts';
import { setStateWithoutSet } from './set-state-without-set.ts';
import { severalSqlStatements } from './several-sql-statements.ts';
import { slowPattern } from './slow-pattern.ts';
import { splicedSql } from './spliced-sql.ts';
import { sqlParams } from './sql-params.ts';
import { sqlStatement } from './sql-statement.ts';
import { stateDefaultType } from './state-default-type.ts';
import { stateNeverRead } from './state-never-read.ts';
import { stateNeverSet } from './state-never-set.ts';
import { stateReadWithoutUse } from './state-read-without-use.ts';
import { stateSetType } from './state-set-type.ts';
import { stateUndeclaredKey } from './state-undeclared-key.ts';
import { timeoutCombination } from './timeout-combination.ts';
import { triggerRead } from './trigger-read.ts';
import { undeclaredInput } from './undeclared-input.ts';
import { undeclaredProperty } from './undeclared-property.ts';
import { undeclaredVariable } from './undeclared-variable.ts';
import { undefinedName } from './undefined-name.ts';
import { unknownDependency } from './unknown-dependency.ts';
import { unknownFlowAgent } from './unknown-flow-agent.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownOperation } from './unknown-operation.ts';
import { unknownProperty } from './unknown-property.ts';
import { unneededSet } from './unneeded-set.ts';
import { unneededUse } from './unneeded-use.ts';
import { unreachableStep } from './unreachable-step.ts';
import { unsupportedFeature } from './unsupported-feature.ts';
import { unusedFlowAgent } from './unused-flow-agent.ts';
import { unusedInput } from './unused-input.ts';
import { unusedStateKey } from './unused-state-key.ts';
import { waitCombination } from './wait-combination.ts';
import { wrongConfigType } from './wrong-config-type.ts';
import { wrongFilterInput } from './wrong-filter-input.ts';
import { wrongInputType } from './wrong-input-type.ts';
import { wrongMethod } from './wrong-method.ts';
import { wrongOperand } from './wrong-operand.ts';
import { zeroTimeout } from './zero-timeout.ts';

/** Every rule that a body is checked against. */
export const CHECKS: readonly Check[] = [
  agentFileName,
  agentMayNotRun,
  agentReadBeforeRun,
  bodyWithGet,
  cachedEffect,
  codeNeverReturns,
  configBesideAgentFile,
  confusingName,
  constantCondition,
  constantStepCondition,
  constantTrigger,
  cronWeekdayNumber,
  deprecatedSpelling,
  duplicateAgent,
  duplicateHeader,
  duplicateTrigger,
  emptyEnsemble,
  emptyStep,
  endlessLoop,
  engineLimit,
  ensembleCycle,
  fetchWithoutNetwork,
  httpStatusInOutput,
  impossibleSchema,
  inputDefaultType,
  openUrlHost,
  invalidAllowedHost,
  invalidBatchSize,
  invalidCron,
  invalidEmail,
  invalidHeader,
  invalidMethod,
  invalidName,
  invalidOrigin,
  invalidSchema,
  invalidStatus,
  invalidStorageKey,
  invalidTime,
  invalidTimezone,
  invalidTriggerPath,
  invalidUrl,
  kvScopeRace,
  kvTtlTooShort,
  literalSecret,
  missingBinding,
  missingConfig,
  missingCronInput,
  missingEnsemble,
  missingInput,
  missingScript,
  openTrigger,
  outOfPlaceRoot,
  outputNeverSet,
  outputSchemaNeverMet,
  parallelStateWriters,
  programTooLarge,
  publicWithAuth,
  reducerType,
  repeatedFlowAgent,
  requiredWithoutProperty,
  reservedName,
  retryCombination,
  schemaSpelling,
  scriptWithoutDefault,
  setStateWithoutSet,
  severalSqlStatements,
  slowPattern,
  splicedSql,
  sqlParams,
  sqlStatement,
  stateDefaultType,
  stateNeverRead,
  stateNeverSet,
  stateReadWithoutUse,
  stateSetType,
  stateUndeclaredKey,
  timeoutCombination,
  triggerRead,
  undeclaredInput,
  undeclaredProperty,
  undeclaredVariable,
  undefinedName,
  unknownDependency,
  unknownFlowAgent,
  unknownInput,
  unknownOperation,
  unknownProperty,
  unneededSet,
  unneededUse,
  unreachableStep,
  unsupportedFeature,
  unusedFlowAgent,
  unusedInput,
  unusedStateKey,
  waitCombination,
  wrongConfigType,
  wrongFilterInput,
  wrongInputType,
  wrongMethod,
  wrongOperand,
  zeroTimeout,
];
