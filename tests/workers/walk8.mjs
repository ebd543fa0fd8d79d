// What the official Node client of Camunda 8 (9.x) does in one case after another, every request and answer validated strictly.
// Prints one JSON line per step; test_cluster_api.py says what must stand there.
import createCamundaClient from '@camunda8/orchestration-cluster-api';

const [server, folder] = process.argv.slice(2);
const client = createCamundaClient({
  config: { CAMUNDA_REST_ADDRESS: server, CAMUNDA_AUTH_STRATEGY: 'NONE', CAMUNDA_SDK_VALIDATION: 'strict' },
});
const now = { consistency: { waitUpToMs: 0 } };
const say = (step, found) => console.log(JSON.stringify({ step, ...found }));
const start = (permitNo) =>
  client.createProcessInstance({
    processDefinitionId: 'permit',
    variables: { permitNo, townshipCode: 'JA-01' },
    businessId: `B-${permitNo}`,
  });
const jobOf = async (instance) => {
  const { jobs } = await client.activateJobs({
    type: 'permit-measure',
    worker: 'walk8',
    timeout: 60_000,
    maxJobsToActivate: 50,
    requestTimeout: 10_000,
  });
  return jobs.find((job) => job.processInstanceKey === instance.processInstanceKey);
};
const tasksOf = (instance) =>
  client.searchUserTasks({ filter: { processInstanceKey: instance.processInstanceKey }, sort: [{ field: 'creationDate' }] }, now);
const stateOf = async (instance) =>
  (await client.getProcessInstance({ processInstanceKey: instance.processInstanceKey }, now)).state;

const topology = await client.getTopology();
const license = await client.getLicense();
const me = await client.getAuthentication();
say('session', { version: topology.gatewayVersion, license: license.validLicense, me: me.username });

const names = ['permit.bpmn', 'quick.bpmn', 'permit.form', 'fee.dmn'].map((name) => `${folder}/${name}`);
const made = await client.deployResourcesFromFiles(names);
say('deploy', {
  processes: made.processes.map((each) => each.processDefinitionId).sort(),
  decisions: made.decisions.map((each) => each.decisionDefinitionId),
  forms: made.forms.map((each) => each.formId),
});

const definitions = await client.searchProcessDefinitions({ filter: { processDefinitionId: 'permit', isLatestVersion: true } }, now);
const definition = definitions.items[0];
const xml = await client.getProcessDefinitionXml({ processDefinitionKey: definition.processDefinitionKey }, now);
say('definition', { name: definition.name, found: definitions.page.totalItems, isXml: xml.includes('permit-measure') });

const one = await start('N-1');
const job = await jobOf(one);
await client.completeJob({ jobKey: job.jobKey, variables: { area: 40 } });
const [task] = (await tasksOf(one)).items;
await client.assignUserTask({ userTaskKey: task.userTaskKey, assignee: 'ja-01-handler', allowOverride: true });
const form = await client.getUserTaskForm({ userTaskKey: task.userTaskKey }, now);
const seen = await client.searchUserTaskVariables({ userTaskKey: task.userTaskKey }, now);
await client.completeUserTask({ userTaskKey: task.userTaskKey, variables: { area: 41, granted: true } });
const closed = await client.getUserTask({ userTaskKey: task.userTaskKey }, now);
await client.publishMessage({
  name: 'permit-paid',
  correlationKey: 'N-1',
  timeToLive: 60_000,
  variables: { receipt: 'R-1' },
});
const kept = await client.searchVariables({ filter: { processInstanceKey: one.processInstanceKey, name: 'area' } }, now);
say('case', {
  header: job.customHeaders.unit,
  what: job.variables.what,
  task: task.elementId,
  groups: task.candidateGroups,
  form: form.formId,
  variables: seen.items.length > 0,
  closed: closed.state,
  area: kept.items.map((each) => each.value),
  state: await stateOf(one),
});

const two = await start('N-2');
await client.failJob({ jobKey: (await jobOf(two)).jobKey, retries: 0, errorMessage: 'the tape is torn' });
const [incident] = (await client.searchIncidents({ filter: { processInstanceKey: two.processInstanceKey } }, now)).items;
const stood = await client.getProcessInstance({ processInstanceKey: two.processInstanceKey }, now);
await client.resolveIncident({ incidentKey: incident.incidentKey });
const again = await jobOf(two);
await client.throwJobError({ jobKey: again.jobKey, errorCode: 'CANNOT', errorMessage: 'no way in' });
const stays = await client.searchElementInstances({ filter: { processInstanceKey: two.processInstanceKey } }, now);
say('incident', {
  type: incident.errorType,
  hadIncident: stood.hasIncident,
  ends: stays.items.filter((each) => each.type === 'END_EVENT').map((each) => each.elementId),
  state: await stateOf(two),
});

const fee = await client.evaluateDecision({ decisionDefinitionId: 'fee', variables: { area: 200 } });
say('decision', { output: fee.output, rules: fee.evaluatedDecisions[0].matchedRules.map((each) => each.ruleId) });

const three = await start('N-3');
await client.broadcastSignal({ signalName: 'flood' });
await client.cancelProcessInstance({ processInstanceKey: three.processInstanceKey });
let refusal = '';
try {
  await client.cancelProcessInstance({ processInstanceKey: three.processInstanceKey });
} catch (error) {
  refusal = `${error.status ?? error.response?.status ?? ''} ${error.message}`;
}
say('cancel', { state: await stateOf(three), refusal });

const worker = client.createJobWorker({
  jobType: 'quick-double',
  maxParallelJobs: 5,
  jobTimeoutMs: 30_000,
  jobHandler: (job) => job.complete({ doubled: job.variables.n * 2 }),
});
const awaited = await client.createProcessInstance({
  processDefinitionId: 'quick',
  variables: { n: 7 },
  awaitCompletion: true,
  fetchVariables: ['half'],
  requestTimeout: 20_000,
});
say('worker', { half: awaited.variables.half });
worker.stop();
