'use strict';

/** What the extension elements of Camunda 8 must say: jobs, people, forms, mappings, calls, loops. */

const { ACTIVITIES, GATEWAYS, attribute, extension, extensions, inside, localOf, tagOf, text, walk } = require('./view');

const NAME = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const IMPLEMENTED = {
  serviceTask: [ 'zeebe:taskDefinition' ],
  scriptTask: [ 'zeebe:script', 'zeebe:taskDefinition' ],
  businessRuleTask: [ 'zeebe:calledDecision', 'zeebe:taskDefinition' ]
};
const BOUND = [ 'zeebe:formDefinition', 'zeebe:calledDecision', 'zeebe:calledElement' ];

function isFeel(given) {
  return given.startsWith('=');
}

function element(each, say) {
  const { node, kind } = each;
  const job = extension(node, 'zeebe:taskDefinition');
  const wanted = kind === 'sendTask' && !node.messageRef ? [ 'zeebe:taskDefinition' ] : IMPLEMENTED[kind];
  if (wanted && wanted.filter(tag => extension(node, tag)).length !== 1) {
    say('implementation', node);
  }
  if (job) {
    if (!attribute(job, 'type')) {
      say('job-type', node);
    }
    retries(node, job, say);
    const isEvent = [ 'endEvent', 'intermediateThrowEvent' ].includes(kind);
    if (isEvent && each.trigger !== 'message') {
      say('job-place', node);
    }
  }
  const inDefinition = each.parts.some(part => extension(part.node, 'zeebe:taskDefinition'));
  if (inDefinition && each.trigger !== 'message') {
    say('job-place', node);
  }
  headers(node, job || inDefinition, say);
  listeners(each, say);
  mappings(each, say);
  properties(node, say);
  if (kind === 'userTask') {
    people(node, say);
  }
  if ([ 'userTask', 'startEvent' ].includes(kind)) {
    form(node, say);
  }
  for (const tag of BOUND) {
    const bound = extension(node, tag), binding = attribute(bound, 'bindingType') || 'latest';
    if (bound && (![ 'latest', 'deployment', 'versionTag' ].includes(binding)
        || binding === 'versionTag' && !attribute(bound, 'versionTag'))) {
      say('binding', node);
    }
  }
  what(each, say);
  if (ACTIVITIES.has(kind) && node.loopCharacteristics) {
    loop(node, node.loopCharacteristics, say);
  }
}

function retries(node, place, say) {
  const given = attribute(place, 'retries');
  if (given && !isFeel(given) && !/^[0-9]{1,4}$/.test(given)) {
    say('job-retries', node, given);
  }
}

function headers(node, job, say) {
  const container = extension(node, 'zeebe:taskHeaders');
  const keys = inside(container, 'zeebe:header').map(each => attribute(each, 'key'));
  if (keys.some(key => !key) || new Set(keys).size !== keys.length || keys.length && !job) {
    say('task-headers', node);
  }
}

function listeners({ node, kind, trigger }, say) {
  for (const each of inside(extension(node, 'zeebe:taskListeners'), 'zeebe:taskListener')) {
    const moment = attribute(each, 'eventType');
    if (![ 'creating', 'completing' ].includes(moment)) {
      say('task-listener', node, moment);
    }
    if (!attribute(each, 'type')) {
      say('job-type', node);
    }
    retries(node, each, say);
  }
  for (const each of inside(extension(node, 'zeebe:executionListeners'), 'zeebe:executionListener')) {
    const moment = attribute(each, 'eventType');
    if (![ 'start', 'end' ].includes(moment)) {
      say('execution-listener', node, moment);
    }
    if (!attribute(each, 'type')) {
      say('job-type', node);
    }
    retries(node, each, say);
    const begun = [ 'startEvent', 'boundaryEvent' ].includes(kind);
    const left = GATEWAYS.has(kind) || kind === 'endEvent' && [ 'error', 'cancel' ].includes(trigger);
    if (moment === 'start' && begun || moment === 'end' && left) {
      say('listener-place', node);
    }
  }
}

function mappings({ node, kind }, say) {
  const container = extension(node, 'zeebe:ioMapping');
  const inputs = inside(container, 'zeebe:input');
  for (const each of [ ...inputs, ...inside(container, 'zeebe:output') ]) {
    const target = attribute(each, 'target');
    if (!target || !attribute(each, 'source')) {
      say('io-mapping', node, target);
    }
    if (target && !NAME.test(target)) {
      say('variable-name', node, target);
    }
  }
  if (inputs.length && [ 'startEvent', 'boundaryEvent' ].includes(kind)) {
    say('io-mapping', node);
  }
}

function properties(node, say) {
  const names = inside(extension(node, 'zeebe:properties'), 'zeebe:property').map(each => attribute(each, 'name'));
  if (names.some(name => !name) || new Set(names).size !== names.length) {
    say('property-name', node);
  }
}

function people(node, say) {
  if (!extension(node, 'zeebe:userTask')) {
    say('user-task-implementation', node);
  }
  const assignment = extension(node, 'zeebe:assignmentDefinition'), schedule = extension(node, 'zeebe:taskSchedule');
  for (const name of [ 'candidateUsers', 'candidateGroups' ]) {
    const given = attribute(assignment, name);
    if (given && !isFeel(given) && given.split(',').some(part => !part.trim())) {
      say('candidates', node, given);
    }
  }
  for (const name of [ 'dueDate', 'followUpDate' ]) {
    const given = attribute(schedule, name);
    if (given && !isFeel(given) && !MOMENT.test(given)) {
      say('task-schedule', node, given);
    }
  }
  const priority = attribute(extension(node, 'zeebe:priorityDefinition'), 'priority');
  if (priority && !isFeel(priority) && !(/^[0-9]{1,3}$/.test(priority) && Number(priority) <= 100)) {
    say('priority', node, priority);
  }
}

function form(node, say) {
  const definition = extension(node, 'zeebe:formDefinition');
  const id = attribute(definition, 'formId'), elsewhere = attribute(definition, 'externalReference');
  if (definition && (Boolean(id) === Boolean(elsewhere) || isFeel(id))) {
    say('form-reference', node);
  }
}

function what({ node, kind }, say) {
  const script = extension(node, 'zeebe:script');
  if (script && (!attribute(script, 'expression') || !attribute(script, 'resultVariable'))) {
    say('script', node);
  }
  const decision = extension(node, 'zeebe:calledDecision');
  if (decision && (!attribute(decision, 'decisionId') || !attribute(decision, 'resultVariable'))) {
    say('called-decision', node);
  }
  for (const place of [ script, decision ]) {
    const result = attribute(place, 'resultVariable');
    if (result && !NAME.test(result)) {
      say('variable-name', node, result);
    }
  }
  if (script && attribute(script, 'expression') && !isFeel(attribute(script, 'expression'))) {
    say('expression-without-equals', node);
  }
  if (kind === 'callActivity' && !attribute(extension(node, 'zeebe:calledElement'), 'processId')) {
    say('called-element', node);
  }
}

function loop(node, characteristics, say) {
  if (localOf(characteristics) !== 'multiInstanceLoopCharacteristics') {
    return;
  }
  const definition = extension(characteristics, 'zeebe:loopCharacteristics');
  const given = name => attribute(definition, name);
  if (!given('inputCollection') || Boolean(given('outputCollection')) !== Boolean(given('outputElement'))) {
    say('loop-characteristics', node);
  }
  for (const name of [ 'inputElement', 'outputCollection' ]) {
    if (given(name) && !NAME.test(given(name))) {
      say('variable-name', node, given(name));
    }
  }
  const done = text(characteristics.completionCondition);
  if ([ given('inputCollection'), given('outputElement'), done ].some(each => each && !isFeel(each))) {
    say('expression-without-equals', node);
  }
}

/** Conditions and correlation keys are FEEL and nothing else. */
function expressions(process, say) {
  for (const flow of process.flows) {
    const condition = text(flow.node.conditionExpression);
    if (condition && !isFeel(condition)) {
      say('expression-without-equals', flow.node);
    }
  }
  for (const each of process.all) {
    const places = [ each.node.activationCondition, each.node.completionCondition ];
    places.push(...each.parts.filter(part => part.trigger === 'conditional').map(part => part.node.condition));
    places.push((each.node.loopCharacteristics || {}).loopCondition);
    const messages = [ each.node.messageRef, ...each.parts.map(part => part.node.messageRef) ].filter(Boolean);
    const keys = messages.map(message => attribute(extension(message, 'zeebe:subscription'), 'correlationKey'));
    if ([ ...places.map(text), ...keys ].some(given => given && !isFeel(given))) {
      say('expression-without-equals', each.node);
    }
  }
}

module.exports = function(view, say) {
  if (view.dialect !== 8) {
    return;
  }
  for (const process of view.processes) {
    process.all.forEach(each => element(each, say));
    expressions(process, say);
    properties(process.node, say);
    const listed = inside(extension(process.node, 'zeebe:properties'), 'zeebe:property');
    if (listed.some(each => isFeel(attribute(each, 'value')))) {
      say('process-property', process.node);
    }
    const tag = extension(process.node, 'zeebe:versionTag');
    if (tag && !attribute(tag, 'value')) {
      say('version-tag', process.node);
    }
    walk(process.node, node => {
      const tags = extensions(node).map(tagOf);
      if (new Set(tags).size !== tags.length) {
        say('extension-twice', node);
      }
    });
  }
};
