// Made by `yimen modeler plugin` out of modeler/rules and the tables of the server; change those instead.
(function() {
'use strict';
const modules = {
"./camunda7": function(module, exports, require) {
'use strict';

/** What of Camunda 7 is not carried out here: Java, scripts of other languages, connectors, late listeners. */

const { CAMUNDA_7, attribute, camunda7, extensions, localOf, namesCamunda7, prefixOf, walk } = require('./view');

const JAVA = [ 'class', 'delegateExpression' ];
const LANGUAGES = new Set([ '', 'juel', 'feel', 'FEEL' ]);
const LISTENERS = new Set([ 'executionListener', 'taskListener' ]);
const TASK_MOMENTS = [ 'create', 'complete' ];

module.exports = function(view, say) {
  for (const process of view.processes) {
    walk(process.node, node => {
      const own = extensions(node).filter(each => CAMUNDA_7.has(prefixOf(each)));
      if (view.dialect === 8) {
        if (own.length || namesCamunda7(node)) {
          say('dialect', node);
        }
        return;
      }
      if (extensions(node).some(each => prefixOf(each) === 'zeebe')) {
        say('dialect', node);
      }
      const tags = own.map(localOf);
      if (tags.includes('connector')) {
        say('connector', node);
      }
      const listens = own.filter(each => LISTENERS.has(localOf(each)));
      const late = listens.find(each => localOf(each) === 'taskListener' && !TASK_MOMENTS.includes(attribute(each, 'event')));
      if (late) {
        say('task-listener', node, attribute(late, 'event'));
      }
      const isJava = JAVA.some(name => camunda7(node, name) || listens.some(each => attribute(each, name)));
      if (isJava || tags.includes('field')) {
        say('java-code', node);
      }
      if (localOf(node) === 'scriptTask' && (!LANGUAGES.has(attribute(node, 'scriptFormat')) || camunda7(node, 'resource'))) {
        say('foreign-script', node);
      }
    });
  }
};
},
"./camunda8": function(module, exports, require) {
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
},
"./events": function(module, exports, require) {
'use strict';

/** What may trigger where, what belongs to what: events, compensation, transactions, links. */

const { ACTIVITIES, attribute, camunda7, extension, localOf, text } = require('./view');

const WAITING = [ 'message', 'timer', 'signal', 'conditional' ];
const RAISED = [ 'error', 'escalation' ];
const SEVERAL = [ 'multiple', 'parallelMultiple' ];
const SENT = [ 'message', 'signal', 'escalation', 'compensation' ];
const STARTS = {
  process: [ ...WAITING, 'none', 'multiple' ],
  subProcess: [ 'none' ],
  transaction: [ 'none' ],
  eventSubProcess: [ ...WAITING, ...RAISED, ...SEVERAL, 'compensation' ]
};
const CATCHES = {
  intermediateCatchEvent: [ ...WAITING, ...SEVERAL, 'link' ],
  boundaryEvent: [ ...WAITING, ...RAISED, ...SEVERAL, 'compensation', 'cancel' ]
};
const THROWS = {
  intermediateThrowEvent: [ ...SENT, 'none', 'link', 'multiple' ],
  endEvent: [ ...SENT, 'none', 'error', 'cancel', 'terminate', 'multiple' ]
};
const REFERENCES = {
  message: [ 'messageRef', 'name' ], signal: [ 'signalRef', 'name' ],
  error: [ 'errorRef', 'errorCode' ], escalation: [ 'escalationRef', 'escalationCode' ]
};
const LAST = new Set([ 'error', 'cancel', 'compensation' ]);
// The places of ISO 8601 that a timer may hold; which of them are real dates only the server says.
const TIMES = {
  timeDate: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?(\[[\w/+-]+\])?$/,
  timeDuration: /^-?P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/,
  timeCycle: /^(R\d*\/.+|@\w+.*|\S+( \S+){4,6})$/
};

function kindOfScope(process, element) {
  const scope = process.elements.get(element.scope);
  return scope ? scope.kind : 'process';
}

function triggers(process, dialect, say) {
  for (const element of process.all) {
    const { kind, node, trigger } = element;
    if (kind === 'startEvent') {
      const scope = kindOfScope(process, element);
      if (STARTS[scope] && !STARTS[scope].includes(trigger)) {
        say('start-trigger', node);
      }
      if (!element.interrupting && scope !== 'eventSubProcess') {
        say('non-interrupting', node);
      }
      const byHand = scope === 'process' && trigger === 'none';
      if (!byHand && extension(node, 'zeebe:formDefinition')) {
        say('start-form', node);
      }
    }
    if (CATCHES[kind] && !CATCHES[kind].includes(trigger)) {
      say('catch-trigger', node);
    }
    if (THROWS[kind] && !THROWS[kind].includes(trigger)) {
      say('throw-trigger', node);
    }
    const catches = kind === 'startEvent' || kind === 'boundaryEvent';
    if (catches && !element.interrupting && element.parts.some(part => LAST.has(part.trigger))) {
      say('non-interrupting', node);
    }
    if (element.parts.length > 1) {
      const raised = kind === 'boundaryEvent' || kind === 'startEvent' && kindOfScope(process, element) === 'eventSubProcess';
      const allowed = THROWS[kind] ? SENT : trigger === 'multiple' && raised ? [ ...WAITING, ...RAISED ] : WAITING;
      if (element.parts.some(part => !allowed.includes(part.trigger))) {
        say('several-triggers', node);
      }
    }
    if (kind === 'boundaryEvent') {
      const host = process.elements.get(node.attachedToRef);
      if (!host || !ACTIVITIES.has(host.kind) || host.scope !== element.scope) {
        say('boundary-host', node);
      }
    }
  }
}

function references(process, dialect, say) {
  for (const element of process.all) {
    const { kind, node } = element;
    const throws = Boolean(THROWS[kind]);
    const startsProcess = kind === 'startEvent' && kindOfScope(process, element) === 'process';
    const hasJob = throws && [ node, ...element.parts.map(part => part.node) ].some(
      place => extension(place, 'zeebe:taskDefinition') || camunda7(place, 'type') || camunda7(place, 'topic')
        || camunda7(place, 'expression') || camunda7(place, 'class') || camunda7(place, 'delegateExpression')
    );
    for (const part of element.parts) {
      const names = REFERENCES[part.trigger];
      if (names) {
        const may = part.trigger === 'message' && (hasJob || dialect === 7 && throws);
        refer(element, part.trigger, part.node[names[0]], {
          dialect, throws, startsProcess, keyed: !startsProcess && !hasJob, optional: may || !throws && RAISED.includes(part.trigger)
        }, say);
      }
    }
    const receives = kind === 'receiveTask';
    const sends = kind === 'sendTask' && node.messageRef;
    if (receives || sends) {
      const keyed = receives ? !element.startsInstance : !extension(node, 'zeebe:taskDefinition');
      refer(element, 'message', node.messageRef, { dialect, throws: sends, keyed, startsProcess: element.startsInstance }, say);
    }
  }
}

function refer({ node }, trigger, target, { dialect, throws, keyed, optional, startsProcess }, say) {
  if (!target) {
    if (!optional) {
      say(`${trigger}-reference`, node);
    }
    return;
  }
  const [ , name ] = REFERENCES[trigger];
  const given = attribute(target, name);
  const isCoded = RAISED.includes(trigger);
  if (!given && !(isCoded && !throws && dialect === 7)) {
    say(isCoded ? `${trigger}-code` : `${trigger}-name`, node);
  }
  if (isCoded && !throws && (dialect === 8 ? given.startsWith('=') : /[$#]\{/.test(given))) {
    say(`${trigger}-code`, node);
  }
  if (trigger === 'message' && keyed && dialect === 8 && !attribute(extension(target, 'zeebe:subscription'), 'correlationKey')) {
    say('correlation-key', node);
  }
  if (startsProcess && !isCoded && given.startsWith('=') && readsVariables(given)) {
    say('start-expression', node);
  }
}

/** Whether a FEEL text names anything but functions and words of FEEL itself. */
function readsVariables(feel) {
  const bare = feel.slice(1).replace(/"([^"\\]|\\.)*"/g, ' ').replace(/@\s/g, ' ');
  const names = bare.match(/[\p{L}_][\p{L}\p{N}_]*(?!\s*\()\b/gu) || [];
  return names.some(name => ![ 'true', 'false', 'null', 'and', 'or', 'if', 'then', 'else', 'not', 'in' ].includes(name)
    && !new RegExp(`\\b${name}\\s*\\(`, 'u').test(bare));
}

function timers(process, dialect, say) {
  for (const element of process.all) {
    for (const part of element.parts.filter(each => each.trigger === 'timer')) {
      const given = Object.keys(TIMES).filter(name => part.node[name]);
      if (given.length !== 1 || !text(part.node[given[0]])) {
        say('timer', element.node);
        continue;
      }
      const [ kind ] = given, value = text(part.node[kind]);
      const isExpression = dialect === 8 ? value.startsWith('=') : /[$#]\{/.test(value);
      if (!isExpression && !TIMES[kind].test(value)) {
        say('timer', element.node, value);
      }
      const isStart = element.kind === 'startEvent' && kindOfScope(process, element) === 'process';
      const goesOn = [ 'startEvent', 'boundaryEvent' ].includes(element.kind) && !element.interrupting;
      const fits = isStart ? kind !== 'timeDuration' : goesOn || dialect === 7 || kind !== 'timeCycle';
      if (!fits) {
        say('timer-place', element.node);
      }
    }
    const isConditional = element.parts.filter(each => each.trigger === 'conditional');
    if (isConditional.some(part => !text(part.node.condition))) {
      say('condition', element.node);
    }
  }
}

function ambiguous(process, dialect, say) {
  const seen = new Map();
  for (const element of process.all) {
    for (const place of placesOf(process, element)) {
      const waits = element.kind === 'receiveTask'
        ? [ { trigger: 'message', what: element.node.messageRef } ]
        : element.parts.map(part => ({ trigger: part.trigger, what: part.node[(REFERENCES[part.trigger] || [])[0]] }));
      for (const { trigger, what } of waits.filter(each => [ 'message', 'error', 'escalation' ].includes(each.trigger))) {
        const key = [ place, trigger, what ? attribute(what, REFERENCES[trigger][1]) : '' ].join('\u0000');
        if (seen.has(key) && seen.get(key) !== element && (what || trigger !== 'message')) {
          say('ambiguous-catch', element.node);
        } else {
          seen.set(key, element);
        }
      }
    }
  }
}

function placesOf(process, element) {
  if (element.kind === 'boundaryEvent' && element.node.attachedToRef) {
    return [ `boundary ${element.node.attachedToRef.id}` ];
  }
  if (element.kind === 'startEvent') {
    const scope = process.elements.get(element.scope);
    return [ scope ? `scope ${scope.scope.id}` : `process ${process.id}` ];
  }
  if ([ 'intermediateCatchEvent', 'receiveTask' ].includes(element.kind)) {
    return element.incoming.map(flow => process.elements.get(flow.source))
      .filter(source => source && source.kind === 'eventBasedGateway').map(source => `gateway ${source.id}`);
  }
  return [];
}

function compensation(process, dialect, say) {
  const caught = process.of('boundaryEvent').filter(each => each.trigger === 'compensation');
  const handlerOf = event => process.associations.filter(each => each.sourceRef === event.node)
    .map(each => process.elements.get(each.targetRef)).find(Boolean);
  const seen = new Set();
  for (const event of caught) {
    const handler = handlerOf(event);
    if (event.outgoing.length) {
      say('compensation-flow', event.node);
    }
    if (!handler || !ACTIVITIES.has(handler.kind) || handler.scope !== event.scope) {
      say('compensation-handler', event.node);
    } else if (!handler.forCompensation) {
      say('compensation-handler', handler.node);
    }
    if (seen.has(event.node.attachedToRef)) {
      say('compensation-handler', event.node);
    }
    seen.add(event.node.attachedToRef);
  }
  const ledTo = new Set(caught.map(handlerOf));
  for (const handler of process.all.filter(each => each.forCompensation)) {
    if (handler.incoming.length || handler.outgoing.length) {
      say('compensation-flow', handler.node);
    }
    if (handler.kind !== 'eventSubProcess' && !ledTo.has(handler)) {
      say('compensation-handler', handler.node);
    }
  }
  const holding = new Set();
  for (const event of process.of('boundaryEvent', 'startEvent').filter(each => each.trigger === 'compensation')) {
    for (let scope = event.scope; scope && !holding.has(scope); scope = (process.elements.get(scope) || {}).scope) {
      holding.add(scope);
    }
  }
  for (const element of process.of('intermediateThrowEvent', 'endEvent')) {
    for (const part of element.parts.filter(each => each.trigger === 'compensation' && each.node.activityRef)) {
      const activity = part.node.activityRef, undone = caught.some(each => each.node.attachedToRef === activity);
      const known = process.elements.get(activity);
      if (!known || !seenFrom(process, element).has(known.scope) || !undone && !holding.has(activity)) {
        say('compensation-activity', element.node);
      }
    }
  }
}

function seenFrom(process, element) {
  const reached = new Set([ element.scope ]);
  let scope = process.elements.get(element.scope);
  while (scope && scope.kind === 'eventSubProcess') {
    reached.add(scope.scope);
    scope = process.elements.get(scope.scope);
  }
  return reached;
}

function transactions(process, dialect, say) {
  const hosts = [];
  for (const event of process.of('boundaryEvent').filter(each => each.trigger === 'cancel')) {
    const host = process.elements.get(event.node.attachedToRef);
    if (host && host.kind !== 'transaction' || hosts.includes(host)) {
      say('cancel-event', event.node);
    }
    hosts.push(host);
  }
  for (const end of process.of('endEvent').filter(each => each.trigger === 'cancel')) {
    const scope = process.elements.get(end.scope);
    if (!scope || scope.kind !== 'transaction') {
      say('cancel-event', end.node);
    } else if (!hosts.includes(scope)) {
      say('cancel-event', scope.node);
    }
  }
}

function links(process, dialect, say) {
  const ends = process.all.filter(each => each.trigger === 'link' && /^intermediate/.test(each.kind));
  const nameOf = element => attribute(element.parts[0].node, 'name').replace(/\s+/g, ' ');
  for (const element of ends) {
    const isCatch = element.kind === 'intermediateCatchEvent';
    const others = ends.filter(each => each.kind !== element.kind && each.scope === element.scope && nameOf(each) === nameOf(element));
    const first = ends.find(each => each.kind === element.kind && each.scope === element.scope && nameOf(each) === nameOf(element));
    const tied = nameOf(element) || (element.parts[0].node.target || element.parts[0].node.source || []).length !== 0;
    if (!tied || !others.length || isCatch && first !== element || (isCatch ? element.incoming : element.outgoing).length) {
      say('link-event', element.node);
    }
  }
}

function messageFlows(view, say) {
  for (const collaboration of view.collaborations) {
    for (const flow of collaboration.messageFlows || []) {
      const source = poolOf(flow.sourceRef), target = poolOf(flow.targetRef);
      if (source && source === target) {
        say('message-flow', flow);
      }
    }
  }
}

function poolOf(node) {
  let here = node;
  while (here && ![ 'process', 'participant' ].includes(localOf(here))) {
    here = here.$parent;
  }
  return here && localOf(here) === 'participant' ? here.processRef || here : here;
}

const CHECKS = [ triggers, references, timers, ambiguous, compensation, transactions, links ];

module.exports = function(view, say) {
  view.processes.forEach(process => CHECKS.forEach(check => check(process, view.dialect, say)));
  messageFlows(view, say);
};
},
"./file": function(module, exports, require) {
'use strict';

/** What concerns a file as a whole: an executable process, names, formats of text. */

const { attribute, localOf, walk } = require('./view');

module.exports = function(view, say) {
  if (view.hasProcess && !view.processes.length) {
    say('no-executable-process', view.roots.find(each => localOf(each) === 'process'));
  }
  for (const { node } of view.processes) {
    if (attribute(node, 'processType') === 'Public') {
      say('process-type', node);
    }
    walk(node, each => {
      if (attribute(each, 'name').length > 1000) {
        say('name-length', each);
      }
      const format = attribute(each, 'textFormat');
      if (format && !/^[\w.+-]+\/[\w.+-]+$/.test(format)) {
        say('text-format', each.id ? each : each.$parent, format);
      }
    });
  }
};
},
"./flows": function(module, exports, require) {
'use strict';

/** Flows, gateways, scopes, loops: as the server judges them before it takes a diagram into use. */

const { ACTIVITIES, GATEWAYS, attribute, localOf, text } = require('./view');

const CHOOSING = new Set([ 'exclusiveGateway', 'inclusiveGateway', 'complexGateway', ...ACTIVITIES ]);
const SCOPES = [ 'subProcess', 'transaction' ];
const AWAITED = new Set([ 'message', 'timer', 'signal', 'conditional', 'multiple' ]);
const INTERMEDIATE = new Set([ 'intermediateCatchEvent', 'intermediateThrowEvent' ]);
const NO_BEGINNING = new Set([ 'startEvent', 'boundaryEvent', 'eventSubProcess' ]);

function begins(element) {
  const isLink = element.kind === 'intermediateCatchEvent' && element.trigger === 'link';
  return !element.incoming.length && !element.forCompensation && !isLink && !NO_BEGINNING.has(element.kind);
}

/** A node that is not carried out, which is told there, or that stands in another process. */
function isDrawnOtherwise(node) {
  return node.$instanceOf && node.$instanceOf('bpmn:FlowNode');
}

function flowEnds(process, dialect, say) {
  for (const flow of process.flows) {
    const source = process.elements.get(flow.source), target = process.elements.get(flow.target);
    if ([ flow.source, flow.target ].some(end => end && !process.elements.has(end) && !isDrawnOtherwise(end))) {
      say('flow-end', flow.node);
    }
    if (!source || !target) {
      continue;
    }
    if (source.scope !== target.scope) {
      say('flow-scope', flow.node);
    }
    if (target.kind === 'startEvent') {
      say('flow-into-start', flow.node);
    }
    if (source.kind === 'endEvent') {
      say('flow-out-of-end', flow.node);
    }
    if (target.kind === 'boundaryEvent') {
      say('flow-into-boundary', flow.node);
    }
    if (source.kind === 'eventSubProcess' || target.kind === 'eventSubProcess') {
      say('event-sub-process-flow', flow.node);
    }
  }
  for (const element of process.all) {
    const wrong = (element.node.incoming || []).some(flow => flow.targetRef && flow.targetRef !== element.node)
      || (element.node.outgoing || []).some(flow => flow.sourceRef && flow.sourceRef !== element.node);
    if (wrong) {
      say('flow-contradiction', element.node);
    }
  }
}

function conditions(process, dialect, say) {
  for (const flow of process.flows) {
    const source = process.elements.get(flow.source), condition = flow.node.conditionExpression;
    if (!source || !condition) {
      continue;
    }
    if (!text(condition) && !attribute(condition, 'resource')) {
      say('condition', flow.node);
    }
    if (source.kind === 'parallelGateway') {
      say('condition-place-unused', flow.node);
    } else if (!CHOOSING.has(source.kind)) {
      say('condition-place', flow.node);
    }
    if (source.node.default === flow.node) {
      say('default-flow', flow.node);
    }
  }
  for (const gateway of process.of('exclusiveGateway', 'inclusiveGateway')) {
    const bare = gateway.outgoing.filter(flow => !flow.node.conditionExpression && gateway.node.default !== flow.node);
    const taken = dialect === 7 && (gateway.kind === 'inclusiveGateway' || bare.length === 1 && !gateway.node.default);
    if (gateway.outgoing.length > 1 && !taken) {
      bare.forEach(flow => say('condition-missing', flow.node));
    }
  }
  for (const element of process.all) {
    if (element.node.default && !element.outgoing.some(flow => flow.node === element.node.default)) {
      say('default-flow', element.node);
    }
  }
}

function gateways(process, dialect, say) {
  for (const gateway of process.all.filter(each => GATEWAYS.has(each.kind))) {
    const incoming = gateway.incoming.length, outgoing = gateway.outgoing.length;
    if (!outgoing) {
      say('gateway-without-outgoing', gateway.node);
    }
    const direction = attribute(gateway.node, 'gatewayDirection');
    if (direction === 'Converging' && outgoing > 1 || direction === 'Diverging' && incoming > 1
        || direction === 'Mixed' && (incoming < 2 || outgoing < 2)) {
      say('gateway-direction', gateway.node);
    }
    if (gateway.kind === 'complexGateway' && incoming > 1 && !text(gateway.node.activationCondition)) {
      say('activation-condition', gateway.node);
    }
    if (gateway.kind === 'eventBasedGateway') {
      eventGateway(process, dialect, gateway, say);
    }
  }
}

function eventGateway(process, dialect, gateway, say) {
  const targets = gateway.outgoing.map(flow => process.elements.get(flow.target)).filter(Boolean);
  if (gateway.outgoing.length === 1) {
    say('event-gateway', gateway.node);
  }
  for (const target of targets) {
    const isTask = target.kind === 'receiveTask' && dialect === 7;
    const isEvent = target.kind === 'intermediateCatchEvent' && AWAITED.has(target.trigger);
    if (!isTask && !isEvent || target.incoming.length > 1 || isTask && process.boundaries(target.node).length) {
      say('event-gateway', target.node);
    }
    const creates = target.kind !== 'intermediateCatchEvent' || [ 'message', 'signal' ].includes(target.trigger);
    if (gateway.startsInstance && !creates) {
      say('instantiate', target.node);
    }
  }
  if (gateway.startsInstance && (gateway.incoming.length || gateway.scope !== process.node)) {
    say('instantiate', gateway.node);
  }
}

function scopes(process, dialect, say) {
  const all = [ process.node, ...process.of(...SCOPES).map(each => each.node) ];
  for (const scope of all) {
    const within = process.within(scope);
    const starts = within.filter(each => each.kind === 'startEvent');
    const isBegun = starts.length || within.some(each => each.startsInstance);
    const plain = starts.filter(each => each.trigger === 'none');
    plain.slice(1, 2).forEach(each => say('start-events', each.node));
    if (!starts.length && !within.some(begins)) {
      say('no-start', scope);
    }
    if (!isBegun && within.some(each => each.kind === 'endEvent') && within.some(begins)) {
      say('end-without-start', scope);
    }
    for (const element of within) {
      if ((isBegun || INTERMEDIATE.has(element.kind)) && begins(element) && !element.startsInstance) {
        say('no-incoming', element.node);
      }
    }
  }
  for (const scope of process.of('eventSubProcess')) {
    if (process.within(scope.node).filter(each => each.kind === 'startEvent').length !== 1) {
      say('event-sub-process-start', scope.node);
    }
    if (scope.node.loopCharacteristics) {
      say('event-sub-process-loop', scope.node);
    }
  }
  for (const scope of process.of('adHocSubProcess')) {
    const within = process.within(scope.node);
    within.filter(each => [ 'startEvent', 'endEvent' ].includes(each.kind)).forEach(each => say('ad-hoc', each.node));
    if (!within.some(each => ACTIVITIES.has(each.kind))) {
      say('ad-hoc', scope.node);
    }
  }
  for (const event of process.all.filter(each => INTERMEDIATE.has(each.kind))) {
    if (!event.outgoing.length && !(event.trigger === 'link' && event.kind === 'intermediateThrowEvent')) {
      say('no-outgoing', event.node);
    }
  }
}

function loops(process, dialect, say) {
  const isCount = (given, least) => !given || /^[=$#]/.test(given) || /^[0-9]{1,9}$/.test(given) && Number(given) >= least;
  for (const element of process.all.filter(each => ACTIVITIES.has(each.kind) || each.kind === 'eventSubProcess')) {
    const node = element.node, loop = node.loopCharacteristics;
    for (const name of [ 'startQuantity', 'completionQuantity' ]) {
      if (attribute(node, name) && !/^[1-9][0-9]{0,2}$/.test(attribute(node, name))) {
        say('token-quantity', node, name);
      }
    }
    if (element.kind === 'receiveTask' && element.startsInstance && (element.incoming.length || element.scope !== process.node)) {
      say('instantiate', node);
    }
    if (loop && localOf(loop) === 'standardLoopCharacteristics') {
      const maximum = attribute(loop, 'loopMaximum');
      if (!isCount(maximum, 1)) {
        say('loop-count', node);
      } else if (!maximum && !text(loop.loopCondition)) {
        say('loop-without-end', node);
      }
    } else if (loop) {
      if (!isCount(text(loop.loopCardinality), 0)) {
        say('loop-count', node);
      }
      if (attribute(loop, 'behavior') === 'Complex' && !(loop.complexBehaviorDefinition || []).length) {
        say('loop-behaviour', node);
      }
    }
  }
}

function reachable(process, say) {
  const starts = scope => {
    const within = process.within(scope);
    const drawn = within.filter(each => each.kind === 'startEvent' || each.startsInstance);
    return [ ...(drawn.length ? drawn : within.filter(begins)), ...within.filter(each => each.kind === 'eventSubProcess') ];
  };
  const reached = new Set(), waiting = starts(process.node);
  while (waiting.length) {
    const element = waiting.pop();
    if (reached.has(element)) {
      continue;
    }
    reached.add(element);
    waiting.push(...element.outgoing.map(flow => process.elements.get(flow.target)).filter(Boolean));
    waiting.push(...process.boundaries(element.node));
    process.associations.filter(each => each.sourceRef === element.node && element.trigger === 'compensation')
      .map(each => process.elements.get(each.targetRef)).filter(Boolean).forEach(each => waiting.push(each));
    if (element.trigger === 'link') {
      const name = attribute(element.parts[0].node, 'name');
      waiting.push(...process.within(element.scope)
        .filter(each => each.trigger === 'link' && attribute(each.parts[0].node, 'name') === name));
    }
    if (element.node.flowElements) {
      waiting.push(...starts(element.node));
    }
  }
  process.all.filter(each => !reached.has(each)).forEach(each => say('unreachable', each.node));
}

const CHECKS = [ flowEnds, conditions, gateways, scopes, loops ];

module.exports = function(view, say) {
  view.processes.forEach(process => CHECKS.forEach(check => check(process, view.dialect, say)));
};

/** Warn of what no token comes to; it can only be said of a diagram that is otherwise right. */
module.exports.reachable = function(view, say) {
  view.processes.forEach(process => reachable(process, say));
};
},
"./lint": function(module, exports, require) {
'use strict';

/**
 * The rules as bpmnlint and Camunda Modeler take them. A diagram is judged once; each rule tells what was found under its name.
 */

const { reachable } = require('./flows');
const { localOf, read } = require('./view');

const GROUPS = [
  require('./file'), require('./words'), require('./flows'), require('./events'), require('./camunda8'), require('./camunda7'),
  require('./ours')
];
const judged = new WeakMap();

function judge(definitions, tables) {
  if (!judged.has(definitions)) {
    const found = new Map(), view = read(definitions);
    const say = (rule, node, detail) => {
      const place = placeOf(node, definitions);
      const entries = found.get(rule) || [];
      if (!entries.some(each => each.id === place.id && each.detail === detail)) {
        found.set(rule, [ ...entries, { id: place.id, name: place.name, detail } ]);
      }
    };
    GROUPS.forEach(check => check(view, say, tables));
    if (![ ...found.keys() ].some(rule => tables.rules[rule].severity === 'error')) {
      reachable(view, say);
    }
    judged.set(definitions, found);
    // All rules of one look run without a pause; before the next look the diagram may have been changed.
    Promise.resolve().then(() => judged.delete(definitions));
    return found;
  }
  return judged.get(definitions);
}

/** What can be marked for a node: the nearest one around it that has an id. */
function placeOf(node, definitions) {
  let here = node;
  while (here && !String(here.id || '').trim()) {
    here = here.$parent;
  }
  return here || definitions;
}

/** A plug-in of `tables`: `{ config, resolver }`. */
module.exports = function(tables) {
  const rules = {};
  for (const [ name, { zh, en } ] of Object.entries(tables.rules)) {
    rules[name] = () => ({
      check(node, reporter) {
        if (localOf(node) !== 'definitions') {
          return;
        }
        for (const { id, detail } of judge(node, tables).get(name) || []) {
          reporter.report(id, detail ? `${detail}: ${zh} ${en}` : `${zh} ${en}`);
        }
      }
    });
  }
  const config = {
    rules: Object.fromEntries(Object.entries(tables.rules).map(([ name, { severity } ]) => [ `yimen/${name}`, severity ]))
  };
  const resolver = {
    resolveRule(pkg, name) {
      if (pkg !== 'bpmnlint-plugin-yimen' || !rules[name]) {
        throw new Error(`cannot resolve rule <${ name }> from <${ pkg }>`);
      }
      return rules[name];
    },
    resolveConfig(pkg, name) {
      throw new Error(`cannot resolve config <${ name }> in <${ pkg }>`);
    }
  };
  return { config, resolver };
};
},
"./ours": function(module, exports, require) {
'use strict';

/** The words of our own catalogue: job types with their headers and inputs, extension properties, clocks, four eyes. */

const { attribute, extension, extensions, inside, localOf, prefixOf, walk } = require('./view');

module.exports = function(view, say, { catalogue }) {
  for (const process of view.processes) {
    const named = new Set(process.all.map(each => each.id));
    unknown(process.node, propertiesOf(process.node), catalogue.properties.process);
    for (const each of process.all) {
      const own = propertiesOf(each.node);
      unknown(each.node, own, [ ...catalogue.properties.anywhere, ...(catalogue.properties[each.kind] || []) ]);
      const edge = own.get('edge');
      if (edge !== undefined && !catalogue.edges.includes(edge)) {
        say('clock-edge', each.node, edge);
      }
      const stage = own.get('recusal');
      if (each.kind === 'userTask' && stage !== undefined && !catalogue.stages.includes(stage)) {
        say('recusal-stage', each.node, stage);
      }
      const others = (own.get('notBy') || '').split(',').map(part => part.trim()).filter(Boolean);
      if (each.kind === 'userTask' && others.some(other => !other.startsWith('=') && !named.has(other))) {
        say('four-eyes', each.node);
      }
      jobs(each.node);
    }
  }

  function unknown(node, own, known) {
    [ ...own.keys() ].filter(name => name && !known.includes(name)).forEach(name => say('property-known', node, name));
  }

  function jobs(node) {
    walk(node, place => {
      if (place === node || localOf(place).endsWith('EventDefinition')) {
        const definition = extension(place, 'zeebe:taskDefinition');
        definition && job(node, attribute(definition, 'type'), place, false);
      }
    });
    [ 'executionListener', 'taskListener' ].flatMap(tag => inside(extension(node, `zeebe:${tag}s`), `zeebe:${tag}`))
      .forEach(each => job(node, attribute(each, 'type'), node, true));
  }

  function job(node, type, place, listens) {
    const known = catalogue.jobs[type];
    if (!type || type.startsWith('=') || !known && !catalogue.families.includes(type.split('.')[0])) {
      return;
    }
    if (!known || known.listener !== listens) {
      say('job-known', node, type);
      return;
    }
    const headers = new Map(inside(extension(place, 'zeebe:taskHeaders'), 'zeebe:header')
      .map(each => [ attribute(each, 'key'), attribute(each, 'value') ]));
    const inputs = inside(extension(node, 'zeebe:ioMapping'), 'zeebe:input').map(each => attribute(each, 'target').split('.')[0]);
    const lacks = [ ...known.required, ...known.inputs ]
      .filter(word => !inputs.includes(word) && !(known.required.includes(word) && headers.get(word)));
    const strange = listens ? [] : [ ...headers.keys() ].filter(word => ![ ...known.required, ...known.optional ].includes(word));
    const odd = Object.entries(known.oneOf).filter(([ word, values ]) => headers.get(word) && !values.includes(headers.get(word)));
    for (const word of [ ...lacks, ...strange, ...odd.map(([ name ]) => name) ]) {
      say('job-words', node, word);
    }
  }
};

/** The extension properties of a node by name, of either dialect. */
function propertiesOf(node) {
  const found = new Map();
  for (const each of extensions(node).filter(entry => localOf(entry) === 'properties')) {
    inside(each).filter(entry => localOf(entry) === 'property' && prefixOf(entry) === prefixOf(each))
      .forEach(entry => found.set(attribute(entry, 'name'), attribute(entry, 'value')));
  }
  return found;
}
},
"./view": function(module, exports, require) {
'use strict';

/**
 * A diagram as the rules see it: executable processes with their elements, flows and scopes, read from the tree that
 * Camunda Modeler (bpmn-moddle) holds. Extension elements are found whether the tree knows their schema or not.
 */

const ACTIVITIES = new Set([
  'task', 'userTask', 'manualTask', 'serviceTask', 'sendTask', 'receiveTask', 'scriptTask', 'businessRuleTask',
  'callActivity', 'subProcess', 'transaction', 'adHocSubProcess'
]);
const GATEWAYS = new Set([
  'exclusiveGateway', 'parallelGateway', 'inclusiveGateway', 'eventBasedGateway', 'complexGateway'
]);
const EVENTS = new Set([
  'startEvent', 'intermediateCatchEvent', 'intermediateThrowEvent', 'boundaryEvent', 'endEvent'
]);
const CAMUNDA_7 = new Set([ 'camunda', 'operaton', 'activiti' ]);
const EDITORS = new Set([ 'modeler', 'bioc', 'color', 'xsi', 'xmlns', 'xml' ]);

/** The tag of a node as it stands in a file: `bpmn:userTask`. */
function tagOf(node) {
  const [ prefix, name ] = node.$type.includes(':') ? node.$type.split(':') : [ '', node.$type ];
  return `${prefix}:${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function prefixOf(node) {
  return tagOf(node).split(':')[0];
}

function localOf(node) {
  return tagOf(node).split(':')[1];
}

function extensions(node) {
  return node.extensionElements && node.extensionElements.values || [];
}

/** The extension element of that tag, undefined where there is none. */
function extension(node, tag) {
  return extensions(node).find(each => tagOf(each) === tag);
}

/** The elements inside an extension element, of one tag if given. */
function inside(node, tag) {
  const found = [];
  for (const [ name, value ] of Object.entries(node || {})) {
    if (!name.startsWith('$') || name === '$children') {
      for (const each of Array.isArray(value) ? value : [ value ]) {
        if (each && typeof each === 'object' && each.$type && each.$parent !== undefined) {
          found.push(each);
        }
      }
    }
  }
  if (node && node.$children) {
    found.push(...node.$children.filter(each => each.$type && !found.includes(each)));
  }
  return tag ? found.filter(each => tagOf(each) === tag) : found;
}

/** An attribute as text without spaces around; '' where it is not there. `name` may carry the prefix of a dialect. */
function attribute(node, name) {
  if (!node) {
    return '';
  }
  const short = name.includes(':') ? name.split(':')[1] : name;
  const attrs = node.$attrs || {};
  let value = attrs[name];
  if (value === undefined && name.includes(':')) {
    const [ prefix ] = name.split(':');
    const known = propertiesOf(node).some(each => each.ns && each.ns.prefix === prefix && each.ns.localName === short);
    value = known ? node.get(name) : undefined;
  } else if (value === undefined) {
    value = node[short];
  }
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value).trim();
}

/** The properties that the schema of a node knows. */
function propertiesOf(node) {
  return node.$descriptor && node.$descriptor.properties || [];
}

/** Whether a BPMN element carries an attribute of Camunda 7; the Web Modeler's mark is none. */
function namesCamunda7(node) {
  const named = Object.keys(node.$attrs || {}).filter(name => !name.endsWith(':diagramRelationId'));
  return named.some(name => CAMUNDA_7.has(name.split(':')[0])) || propertiesOf(node).some(
    each => each.ns && CAMUNDA_7.has(each.ns.prefix) && Object.hasOwn(node, each.ns.localName) && each.ns.localName !== 'diagramRelationId'
  );
}

/** A word of Camunda 7 on a BPMN element, under whichever of its names. */
function camunda7(node, name) {
  for (const prefix of CAMUNDA_7) {
    const value = attribute(node, `${prefix}:${name}`);
    if (value) {
      return value;
    }
  }
  return '';
}

/** The text of an expression; comments are no part of a body. */
function text(expression) {
  return expression ? String(expression.body || expression.$body || '').trim() : '';
}

function isExecutable(process) {
  return process.isExecutable === true || process.isExecutable === 'true';
}

/** Every node below `node`, itself first, as far as it is contained and not only referred to. */
function walk(node, visit) {
  visit(node);
  for (const property of propertiesOf(node)) {
    if (property.isReference || property.isAttr || property.isVirtual) {
      continue;
    }
    const value = node[property.ns ? property.ns.localName : property.name];
    for (const each of Array.isArray(value) ? value : [ value ]) {
      if (each && each.$type && each.$parent === node) {
        walk(each, visit);
      }
    }
  }
}

const TRIGGERS = {
  messageEventDefinition: 'message',
  timerEventDefinition: 'timer',
  signalEventDefinition: 'signal',
  errorEventDefinition: 'error',
  escalationEventDefinition: 'escalation',
  compensateEventDefinition: 'compensation',
  cancelEventDefinition: 'cancel',
  conditionalEventDefinition: 'conditional',
  linkEventDefinition: 'link',
  terminateEventDefinition: 'terminate'
};

function triggersOf(node) {
  return [ ...(node.eventDefinitions || []), ...(node.eventDefinitionRef || []) ]
    .filter(each => TRIGGERS[localOf(each)])
    .map(each => ({ trigger: TRIGGERS[localOf(each)], node: each }));
}

function readElement(node, scope) {
  const tag = localOf(node);
  const parts = EVENTS.has(tag) ? triggersOf(node) : [];
  const together = node.parallelMultiple === true;
  return {
    id: node.id,
    node,
    kind: tag === 'subProcess' && node.triggeredByEvent ? 'eventSubProcess' : tag,
    tag,
    scope,
    parts,
    trigger: parts.length > 1 ? (together ? 'parallelMultiple' : 'multiple') : parts.length ? parts[0].trigger : 'none',
    interrupting: tag === 'boundaryEvent' ? node.cancelActivity !== false : node.isInterrupting !== false,
    forCompensation: node.isForCompensation === true,
    startsInstance: node.instantiate === true,
    incoming: [],
    outgoing: []
  };
}

function readScope(process, scopeNode, scope) {
  for (const node of scopeNode.flowElements || []) {
    const tag = localOf(node);
    if (tag === 'sequenceFlow') {
      process.flows.push({ id: node.id, node, scope, source: node.sourceRef, target: node.targetRef });
    } else if (ACTIVITIES.has(tag) || GATEWAYS.has(tag) || EVENTS.has(tag)) {
      process.elements.set(node, readElement(node, scope));
      if (node.flowElements) {
        readScope(process, node, node);
      }
    }
  }
  for (const artifact of scopeNode.artifacts || []) {
    if (localOf(artifact) === 'association') {
      process.associations.push(artifact);
    }
  }
}

function readProcess(node) {
  const process = { id: node.id, node, elements: new Map(), flows: [], associations: [] };
  readScope(process, node, node);
  for (const flow of process.flows) {
    const source = process.elements.get(flow.source), target = process.elements.get(flow.target);
    source && source.outgoing.push(flow);
    target && target.incoming.push(flow);
  }
  process.all = [ ...process.elements.values() ];
  process.of = (...kinds) => process.all.filter(each => kinds.includes(each.kind));
  process.within = scope => process.all.filter(each => each.scope === scope);
  process.boundaries = host => process.all.filter(each => each.kind === 'boundaryEvent' && each.node.attachedToRef === host);
  return process;
}

/** `8` or `7`: what the file names, else whose words it uses. */
function dialectOf(definitions) {
  const platform = attribute(definitions, 'modeler:executionPlatform');
  if (platform) {
    return platform === 'Camunda Platform' ? 7 : 8;
  }
  let seen = 0, juel = attribute(definitions, 'exporter') === 'Camunda Modeler';
  walk(definitions, node => {
    const prefixes = extensions(node).map(prefixOf);
    if (prefixes.includes('zeebe')) {
      seen = 8;
    } else if (!seen && (namesCamunda7(node) || prefixes.some(prefix => CAMUNDA_7.has(prefix)))) {
      seen = 7;
    }
    juel = juel || text(node).includes('${') || Boolean(node.script || attribute(node, 'calledElement'));
  });
  return seen || (juel ? 7 : 8);
}

function read(definitions) {
  const roots = definitions.rootElements || [];
  const processes = roots.filter(each => localOf(each) === 'process');
  return {
    definitions,
    dialect: dialectOf(definitions),
    roots,
    processes: processes.filter(isExecutable).map(readProcess),
    collaborations: roots.filter(each => localOf(each) === 'collaboration'),
    hasProcess: processes.length > 0
  };
}

module.exports = {
  ACTIVITIES, CAMUNDA_7, EDITORS, EVENTS, GATEWAYS,
  attribute, camunda7, extension, extensions, inside, isExecutable, localOf, namesCamunda7, prefixOf, propertiesOf,
  read, tagOf, text, walk
};
},
"./words": function(module, exports, require) {
'use strict';

/** Nothing is accepted that is not carried out: elements, attributes and extensions against the tables of the server. */

const { CAMUNDA_7, EDITORS, extensions, inside, isExecutable, localOf, prefixOf, propertiesOf, tagOf, walk } = require('./view');

const LISTS = [ 'flowElements', 'artifacts', 'rootElements', 'eventDefinitions', 'participants', 'messageFlows', 'lanes' ];
const DI = new Set([ 'bpmndi', 'di', 'dc' ]);

module.exports = function(view, say, tables) {
  const dialect = view.dialect === 8 ? tables.camunda8 : tables.camunda7;
  const prefixes = view.dialect === 8 ? new Set([ 'zeebe' ]) : CAMUNDA_7;
  const known = { ...tables.bpmn, ...dialect.bpmnTags };

  /** Look at a node; whether what lies below it is looked at, too. */
  function look(node) {
    const tag = localOf(node), row = known[tag];
    if (!row) {
      return;
    }
    attributes(node, tag, row);
    for (const each of extensions(node).filter(each => !EDITORS.has(prefixOf(each)))) {
      const allowed = (dialect.extensions[tag] || []).includes(localOf(each)) && prefixes.has(prefixOf(each));
      if (!allowed) {
        say('unsupported-extension', node, tagOf(each));
      } else {
        extensionAttributes(node, each);
      }
    }
    for (const list of LISTS) {
      for (const child of node[list] || []) {
        const name = localOf(child);
        const may = [ ...row.children, ...(dialect.children[tag] || []) ];
        if (prefixOf(child) !== 'bpmn' || !may.includes(name)) {
          say('unsupported-element', child.id ? child : node, tagOf(child));
        }
      }
    }
  }

  function attributes(node, tag, row) {
    const fixed = { ...row.fixed, ...(dialect.fixed[tag] || {}) };
    const plain = [ 'id', ...row.attributes, ...(dialect.plain[tag] || []) ];
    const own = [ ...dialect.everywhere, ...(dialect.attributes[tag] || []) ];
    for (const [ prefix, name, value ] of given(node)) {
      if (EDITORS.has(prefix) || name === 'diagramRelationId') {
        continue;
      }
      const isPlain = prefix === 'bpmn' || prefix === '';
      const good = isPlain ? plain.includes(name) || (fixed[name] || []).includes(value) : prefixes.has(prefix) && own.includes(name);
      // Words of the other dialect are told once, as such.
      if (!good && (isPlain || prefixes.has(prefix))) {
        say('unsupported-attribute', node, isPlain ? name : `${prefix}:${name}`);
      }
    }
  }

  function extensionAttributes(owner, node) {
    const row = dialect.tags[localOf(node)];
    if (!row) {
      return;
    }
    for (const [ prefix, name, value ] of given(node)) {
      const isOwn = prefix === '' || prefixes.has(prefix);
      if (isOwn && !row.attributes.includes(name) && !(row.fixed[name] || []).includes(value)) {
        say('unsupported-attribute', owner, `${tagOf(node)} ${name}`);
      }
    }
    for (const child of inside(node)) {
      if (row.children.includes(localOf(child))) {
        extensionAttributes(owner, child);
      } else {
        say('unsupported-extension', owner, tagOf(child));
      }
    }
  }

  look(view.definitions);
  for (const root of view.roots) {
    if (localOf(root) !== 'process' || isExecutable(root)) {
      walk(root, node => prefixOf(node) === 'bpmn' && look(node));
    }
  }
};

/** The attributes that are written on a node: [prefix, name, value]. */
function given(node) {
  const found = [];
  for (const [ name, value ] of Object.entries(node.$attrs || {})) {
    const [ prefix, short ] = name.includes(':') ? name.split(':') : [ '', name ];
    if (!name.startsWith('xmlns') && !DI.has(prefix)) {
      found.push([ prefix, short, String(value) ]);
    }
  }
  for (const property of propertiesOf(node)) {
    const { prefix, localName } = property.ns || { prefix: '', localName: property.name };
    if (property.isAttr && !property.isVirtual && Object.hasOwn(node, localName)) {
      const value = node[localName];
      found.push([ prefix, localName, value && typeof value === 'object' ? value.id || '' : String(value) ]);
    }
  }
  if (node.$descriptor && node.$descriptor.isGeneric) {
    Object.keys(node).filter(name => !name.startsWith('$') && typeof node[name] !== 'object')
      .forEach(name => found.push([ '', name, String(node[name]) ]));
  }
  return found;
}
},
};
const loaded = {};
function load(name) {
  if (!loaded[name]) {
    loaded[name] = { exports: {} };
    modules[name](loaded[name], loaded[name].exports, load);
  }
  return loaded[name].exports;
}
const plugin = load('./lint')({"rules":{"activation-condition":{"severity":"error","zh":"有几条流入顺序流的复杂网关写明何时继续。","en":"A complex gateway that several flows lead to says when it goes on."},"ad-hoc":{"severity":"error","zh":"即席子流程中有活动,没有开始事件和结束事件。","en":"An ad-hoc sub-process holds activities and has neither start events nor end events."},"ambiguous-catch":{"severity":"error","zh":"同一处不会有两个事件等待同一个消息、错误或升级。","en":"No two events wait at one place for the same message, error or escalation."},"binding":{"severity":"error","zh":"绑定方式是 latest、deployment 或 versionTag;后者写明标签。","en":"A binding is latest, deployment or versionTag; the last names the tag."},"boundary-host":{"severity":"error","zh":"边界事件附着在同一层的活动上。","en":"A boundary event is attached to an activity of its own scope."},"called-decision":{"severity":"error","zh":"被调用的决策有编号和结果变量。","en":"A called decision has an id and a result variable."},"called-element":{"severity":"error","zh":"调用活动写明调用哪个流程;同一文件中的该流程不能只由事件启动。","en":"A call activity says which process it calls; a process of the same file is not started by events alone."},"cancel-event":{"severity":"error","zh":"取消结束事件直接放在事务子流程中,取消边界事件附着在该事务子流程上。","en":"A cancel end event stands directly in a transaction, and a cancel boundary event is attached to that transaction."},"candidates":{"severity":"error","zh":"候选名单中没有空的一项。","en":"A list of candidates has no empty entry."},"catch-trigger":{"severity":"error","zh":"中间捕获事件和边界事件写明等待什么,并且能在那里等到。","en":"An intermediate catch event and a boundary event say what they wait for, and it can come there."},"compensation-activity":{"severity":"error","zh":"点名补偿的活动在同一层,并且有补偿事件。","en":"An activity that is named to be compensated is in the same scope and has a compensation event."},"compensation-flow":{"severity":"error","zh":"补偿边界事件没有流出的顺序流,补偿活动没有顺序流进出。","en":"No sequence flow leaves a compensation boundary event, and none leads to a handler or leaves it."},"compensation-handler":{"severity":"error","zh":"补偿边界事件用关联连到同一层的一个补偿活动;每个补偿活动都有这样一个边界事件。","en":"A compensation boundary event leads by an association to one handler of its scope, and every handler has such an event."},"condition":{"severity":"error","zh":"写了条件就不能为空。","en":"A condition is not empty."},"condition-missing":{"severity":"error","zh":"排他网关和包容网关之后有几条顺序流时,每条都有条件,或是默认流。","en":"Behind an exclusive or inclusive gateway with several flows each has a condition or is the default."},"condition-place":{"severity":"error","zh":"条件只写在作选择的网关或活动之后的顺序流上。","en":"Conditions stand on flows behind gateways that choose and behind activities."},"connector":{"severity":"error","zh":"Camunda 7 的连接器不执行;改为外部任务,由作业程序连接别的系统。","en":"Connectors of Camunda 7 are not carried out; make it an external task whose worker talks to the other system."},"correlation-key":{"severity":"error","zh":"在办理途中收发的消息有关联键。","en":"A message that meets a running instance has a correlation key."},"default-flow":{"severity":"error","zh":"默认流是该元素流出的顺序流之一,且不带条件。","en":"The default flow leaves its element and has no condition."},"dialect":{"severity":"error","zh":"一个文件只用一种方言:Camunda 8,或者 Camunda 7(含 CIB seven、Operaton)。","en":"A file is written in one dialect: Camunda 8, or Camunda 7 (CIB seven and Operaton among it)."},"end-without-start":{"severity":"error","zh":"有结束事件,就有开始事件。","en":"Where there is an end event, there is a start event."},"error-code":{"severity":"error","zh":"错误有代码;捕获时代码是文字而不是表达式。","en":"An error has a code; where it is caught the code is a text and no expression."},"error-reference":{"severity":"error","zh":"抛出错误的结束事件写明是哪个错误。","en":"An error end event says which error it throws."},"escalation-code":{"severity":"error","zh":"升级有代码;捕获时代码是文字而不是表达式。","en":"An escalation has a code; where it is caught the code is a text and no expression."},"escalation-reference":{"severity":"error","zh":"抛出升级的事件写明是哪个升级。","en":"An event that throws an escalation says which."},"event-gateway":{"severity":"error","zh":"基于事件的网关之后至少有两个捕获事件(Camunda 7 中也可以是接收任务),别无他物,也别无来路。","en":"Behind an event-based gateway stand at least two catch events (in Camunda 7 receive tasks, too), and nothing else leads to them."},"event-sub-process-flow":{"severity":"error","zh":"事件子流程没有顺序流进出。","en":"No sequence flow leads into an event sub-process or out of it."},"event-sub-process-loop":{"severity":"error","zh":"事件子流程不循环,也不是多实例。","en":"An event sub-process is neither a loop nor multi-instance."},"event-sub-process-start":{"severity":"error","zh":"事件子流程恰好有一个开始事件。","en":"An event sub-process has exactly one start event."},"execution-listener":{"severity":"error","zh":"执行监听器的时机是 start 或 end。","en":"The moment of an execution listener is start or end."},"expression-without-equals":{"severity":"error","zh":"条件、脚本、集合与关联键是以“=”开头的 FEEL 表达式。","en":"Conditions, scripts, collections and correlation keys are FEEL and begin with \"=\"."},"extension-twice":{"severity":"error","zh":"同一种扩展在一个元素上只出现一次。","en":"An extension stands on an element once."},"flow-contradiction":{"severity":"error","zh":"元素的流入、流出与顺序流的两端一致;列了一端,就列两端。","en":"What an element lists as incoming and outgoing agrees with the ends of the flows; a flow is listed at both ends or at none."},"flow-end":{"severity":"error","zh":"顺序流连接活动、事件和网关。","en":"A sequence flow connects activities, events and gateways."},"flow-into-boundary":{"severity":"error","zh":"顺序流不流入边界事件。","en":"No sequence flow leads into a boundary event."},"flow-into-start":{"severity":"error","zh":"顺序流不流入开始事件。","en":"No sequence flow leads into a start event."},"flow-out-of-end":{"severity":"error","zh":"顺序流不从结束事件流出。","en":"No sequence flow leaves an end event."},"flow-scope":{"severity":"error","zh":"顺序流不穿过子流程的边框,也不连到别的流程。","en":"A sequence flow does not cross the border of a sub-process, nor lead into another process."},"foreign-script":{"severity":"error","zh":"脚本用 JUEL 或 FEEL 写在图中;其他语言和单独的脚本文件不执行。","en":"A script is written in JUEL or FEEL and stands in the diagram; other languages and script files are not carried out."},"form-reference":{"severity":"error","zh":"表单引用给出表单编号或外部地址之一。","en":"A form reference gives a form id or an external reference, one of them."},"gateway-direction":{"severity":"error","zh":"网关写明的方向与它的顺序流相符。","en":"The direction of a gateway agrees with its flows."},"gateway-without-outgoing":{"severity":"error","zh":"网关有流出的顺序流。","en":"A gateway has an outgoing flow."},"implementation":{"severity":"error","zh":"服务、发送、脚本、业务规则任务写明由什么执行,只写一种。","en":"A service, send, script or business rule task says what carries it out, in one way."},"instantiate":{"severity":"error","zh":"启动流程的接收任务和基于事件的网关在流程最外层,没有流入;这样的网关之后等待消息或信号。","en":"A receive task or event-based gateway that starts the process stands at its top level, nothing leads to it, and behind such a gateway messages or signals are awaited."},"io-mapping":{"severity":"error","zh":"输入、输出映射有来源和目标;开始事件和边界事件没有输入映射。","en":"A mapping has a source and a target; start and boundary events have no input mappings."},"java-code":{"severity":"error","zh":"Java 类、bean 与字段注入不执行;改为外部任务,由作业程序完成。","en":"Java classes, beans and field injections are not carried out; make it an external task that a worker carries out."},"job-place":{"severity":"error","zh":"事件中只有抛出消息的能带作业。","en":"Of the events, only one that throws a message can carry a job."},"job-retries":{"severity":"error","zh":"重试次数是自然数或表达式。","en":"The retries are a whole number or an expression."},"job-type":{"severity":"error","zh":"作业和监听器有类型。","en":"A job and a listener have a type."},"link-event":{"severity":"error","zh":"同一层中,每个链接抛出事件都有一个同名的链接捕获事件,反之亦然;前者没有流出,后者没有流入。","en":"In each scope a link throw event has one catch event of its name and the other way round; nothing leaves the one and nothing leads to the other."},"listener-place":{"severity":"error","zh":"开始事件和边界事件没有 start 监听器;网关和抛出错误或取消的结束事件没有 end 监听器。","en":"Start and boundary events have no start listener; gateways and end events of errors and cancellations have no end listener."},"loop-behaviour":{"severity":"error","zh":"多实例的复杂行为写明何时抛出什么事件。","en":"The complex behaviour of a multi-instance activity says when it throws which event."},"loop-characteristics":{"severity":"error","zh":"多实例写明逐项处理的集合;结果集合与每项结果同时写明;一个活动只有一种循环。","en":"A multi-instance activity says over which collection it goes; output collection and output element stand together; an activity has one kind of loop."},"loop-count":{"severity":"error","zh":"循环的上限是从 1 起的整数,多实例的次数是从 0 起的整数,或为表达式。","en":"The maximum of a loop is a whole number from 1, the cardinality of a multi-instance activity one from 0, or an expression."},"loop-without-end":{"severity":"error","zh":"标准循环有条件,或有上限。","en":"A standard loop has a condition or a maximum."},"message-flow":{"severity":"error","zh":"消息流连接不同的泳池,从发出的一方到接收的一方。","en":"A message flow connects different pools and leads from what sends to what receives."},"message-name":{"severity":"error","zh":"消息有名称。","en":"A message has a name."},"message-reference":{"severity":"error","zh":"等待或发出消息的元素写明是哪个消息。","en":"An element that waits for a message or sends one says which."},"name-length":{"severity":"error","zh":"名称不超过 1 000 个字符。","en":"A name has at most 1 000 characters."},"no-executable-process":{"severity":"error","zh":"文件中至少有一个可执行的流程。","en":"A file has at least one executable process."},"no-incoming":{"severity":"error","zh":"有开始事件时,其他元素都有流入的顺序流;中间事件总要有。","en":"Beside a start event every element has a flow into it; an intermediate event always has one."},"no-start":{"severity":"error","zh":"流程和子流程有开始事件,或有可以作为起点的元素。","en":"A process or sub-process has a start event, or an element that can serve as the beginning."},"non-interrupting":{"severity":"error","zh":"只有事件子流程的开始事件和边界事件能设为不中断;错误、取消、补偿不能。","en":"Only boundary events and the start events of event sub-processes can be non-interrupting; error, cancel and compensation cannot."},"priority":{"severity":"error","zh":"优先级是 0 到 100 的整数,或表达式。","en":"A priority is a whole number from 0 to 100, or an expression."},"process-property":{"severity":"error","zh":"流程的扩展属性是文字,不是表达式。","en":"Extension properties of a process are texts, not expressions."},"process-type":{"severity":"error","zh":"公共流程不能标为可执行。","en":"A public process is not marked as executable."},"property-name":{"severity":"error","zh":"扩展属性有名称,不重复。","en":"An extension property has a name and stands once."},"script":{"severity":"error","zh":"脚本有 FEEL 表达式和结果变量。","en":"A script has a FEEL expression and a result variable."},"several-triggers":{"severity":"error","zh":"一个事件有几个触发条件时,每一个都能与其他的合在一起。","en":"Where an event has several triggers, each of them can go together with others."},"signal-name":{"severity":"error","zh":"信号有名称。","en":"A signal has a name."},"signal-reference":{"severity":"error","zh":"信号事件写明是哪个信号。","en":"A signal event says which signal."},"start-events":{"severity":"error","zh":"一个流程或子流程只有一个无触发条件的开始事件。","en":"A process or sub-process has one start event without a trigger."},"start-expression":{"severity":"error","zh":"启动流程的消息名、信号名和定时不读取变量。","en":"The name or timer that starts a process reads no variables."},"start-form":{"severity":"error","zh":"表单只放在流程的无触发条件的开始事件上。","en":"A form stands on the start event without a trigger of a process."},"start-trigger":{"severity":"error","zh":"流程由人、消息、定时、信号或条件启动;子流程由到达启动;事件子流程由消息、定时、信号、条件、错误、升级或补偿启动。","en":"A process is started by hand, a message, a timer, a signal or a condition; a sub-process by being reached; an event sub-process by a message, timer, signal, condition, error, escalation or compensation."},"task-headers":{"severity":"error","zh":"标头有键、不重复,并且有接收它的作业。","en":"Headers have keys, stand once, and there is a job that receives them."},"task-listener":{"severity":"error","zh":"任务监听器只在任务产生之前(`creating`,Camunda 7 为 `create`)和办结生效之前(`completing`,`complete`)执行;认领、转办、修改、撤销、到期不等程序同意。","en":"Listeners of a user task are carried out before it is offered (`creating`, in Camunda 7 `create`) and before its completion holds"},"task-schedule":{"severity":"error","zh":"到期日和跟进日是带时区的日期时间,或表达式。","en":"Due date and follow-up date are a date and time with an offset, or an expression."},"text-format":{"severity":"error","zh":"文字格式是媒体类型。","en":"A text format is a media type."},"throw-trigger":{"severity":"error","zh":"中间抛出事件和结束事件只抛出能在那里抛出的内容。","en":"An intermediate throw event and an end event throw what can be thrown there."},"timer":{"severity":"error","zh":"定时写明一个 ISO 8601 的时间点、时长或周期,或 FEEL 表达式。","en":"A timer has one date, duration or cycle in ISO 8601, or FEEL."},"timer-place":{"severity":"error","zh":"周期只用于能反复发生的事件;流程的开始事件没有时长可计。","en":"A cycle stands where an event can happen again; the start of a process has nothing to count a duration from."},"token-quantity":{"severity":"error","zh":"令牌数量是从 1 起的整数。","en":"Token quantities are whole numbers from 1."},"unsupported-attribute":{"severity":"error","zh":"属性及其取值只能是引擎会执行的。","en":"Attributes and their values have to be ones that the engine carries out."},"unsupported-element":{"severity":"error","zh":"文件中只能有引擎会执行的元素。","en":"A file holds only elements that the engine carries out."},"unsupported-extension":{"severity":"error","zh":"扩展元素只能是引擎会执行的。","en":"Extension elements have to be ones that the engine carries out."},"user-task-implementation":{"severity":"error","zh":"用户任务由人办理:实现为 Camunda user task(zeebe:userTask)。","en":"A user task is done by people: its implementation is \"Camunda user task\" (zeebe:userTask)."},"variable-name":{"severity":"error","zh":"变量名以字母、汉字或下划线开头,其后为字母、汉字、数字、下划线;点号表示层次。","en":"A variable name begins with a letter or an underscore, followed by letters, digits and underscores; dots nest."},"version-tag":{"severity":"error","zh":"版本标签有值。","en":"A version tag has a value."},"no-outgoing":{"severity":"warn","zh":"中间事件有流出的顺序流(提醒)。","en":"An intermediate event has a flow that leaves it (a warning)."},"unreachable":{"severity":"warn","zh":"每个元素都有路径通到。","en":"A path leads to every element."},"condition-place-unused":{"severity":"warn","zh":"条件只写在作选择的网关或活动之后的顺序流上。","en":"Conditions stand on flows behind gateways that choose and behind activities."},"job-known":{"severity":"error","zh":"作业类型须在目录中;clock.step 只作监听器。","en":"A job type of ours stands in the catalogue; clock.step is a listener only."},"job-words":{"severity":"error","zh":"作业的标头和输入须齐备,不得有不认识的。","en":"A job has the headers and inputs that it needs, and no unknown header."},"property-known":{"severity":"error","zh":"扩展属性在它所在的元素上须有意义。","en":"An extension property means something at its element."},"clock-edge":{"severity":"error","zh":"edge 须是 amber 或 due。","en":"edge is amber or due."},"four-eyes":{"severity":"error","zh":"notBy 所指的环节须在同一流程中。","en":"Steps named by notBy are in the same process."},"recusal-stage":{"severity":"error","zh":"回避环节须是所列之一。","en":"The recusal stage is one of the list."}},"bpmn":{"activationCondition":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"adHocSubProcess":{"attributes":["cancelRemainingInstances","completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{"ordering":["Parallel","Sequential"],"triggeredByEvent":["false"]},"children":["adHocSubProcess","association","boundaryEvent","businessRuleTask","callActivity","completionCondition","complexGateway","dataInputAssociation","dataObject","dataObjectReference","dataOutputAssociation","dataStoreReference","endEvent","eventBasedGateway","exclusiveGateway","group","inclusiveGateway","incoming","intermediateCatchEvent","intermediateThrowEvent","ioSpecification","laneSet","manualTask","multiInstanceLoopCharacteristics","outgoing","parallelGateway","property","receiveTask","scriptTask","sendTask","sequenceFlow","serviceTask","standardLoopCharacteristics","startEvent","subProcess","task","textAnnotation","transaction","userTask"]},"association":{"attributes":["associationDirection","sourceRef","targetRef"],"fixed":{},"children":[]},"boundaryEvent":{"attributes":["attachedToRef","cancelActivity","name"],"fixed":{"parallelMultiple":["false","true"]},"children":["cancelEventDefinition","compensateEventDefinition","conditionalEventDefinition","dataOutput","dataOutputAssociation","errorEventDefinition","escalationEventDefinition","eventDefinitionRef","incoming","messageEventDefinition","outgoing","outputSet","property","signalEventDefinition","timerEventDefinition"]},"businessRuleTask":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{"implementation":["##WebService","##unspecified"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"callActivity":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"cancelEventDefinition":{"attributes":[],"fixed":{},"children":[]},"category":{"attributes":["name"],"fixed":{},"children":["categoryValue"]},"categoryValue":{"attributes":["value"],"fixed":{},"children":[]},"childLaneSet":{"attributes":["name"],"fixed":{},"children":["lane"]},"collaboration":{"attributes":["name"],"fixed":{"isClosed":["false","true"]},"children":["association","group","messageFlow","participant","textAnnotation"]},"compensateEventDefinition":{"attributes":["activityRef","waitForCompletion"],"fixed":{},"children":[]},"completionCondition":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"complexBehaviorDefinition":{"attributes":[],"fixed":{},"children":["condition","event"]},"complexGateway":{"attributes":["default","gatewayDirection","name"],"fixed":{},"children":["activationCondition","incoming","outgoing"]},"condition":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"conditionExpression":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"conditionalEventDefinition":{"attributes":[],"fixed":{},"children":["condition"]},"dataInput":{"attributes":["isCollection","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"dataInputAssociation":{"attributes":[],"fixed":{},"children":["sourceRef","targetRef"]},"dataInputRefs":{"attributes":[],"fixed":{},"children":[]},"dataObject":{"attributes":["isCollection","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"dataObjectReference":{"attributes":["dataObjectRef","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"dataOutput":{"attributes":["isCollection","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"dataOutputAssociation":{"attributes":[],"fixed":{},"children":["sourceRef","targetRef"]},"dataOutputRefs":{"attributes":[],"fixed":{},"children":[]},"dataState":{"attributes":["name"],"fixed":{},"children":[]},"dataStore":{"attributes":["capacity","isUnlimited","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"dataStoreReference":{"attributes":["dataStoreRef","itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"definitions":{"attributes":["exporter","exporterVersion","expressionLanguage","name","targetNamespace","typeLanguage"],"fixed":{},"children":["BPMNDiagram","cancelEventDefinition","category","collaboration","compensateEventDefinition","conditionalEventDefinition","dataStore","error","errorEventDefinition","escalation","escalationEventDefinition","eventDefinitionRef","interface","itemDefinition","linkEventDefinition","message","messageEventDefinition","process","signal","signalEventDefinition","terminateEventDefinition","timerEventDefinition"]},"endEvent":{"attributes":["name"],"fixed":{},"children":["cancelEventDefinition","compensateEventDefinition","dataInput","dataInputAssociation","errorEventDefinition","escalationEventDefinition","eventDefinitionRef","incoming","inputSet","messageEventDefinition","outgoing","property","signalEventDefinition","terminateEventDefinition"]},"error":{"attributes":["errorCode","name","structureRef"],"fixed":{},"children":[]},"errorEventDefinition":{"attributes":["errorRef"],"fixed":{},"children":[]},"errorRef":{"attributes":[],"fixed":{},"children":[]},"escalation":{"attributes":["escalationCode","name","structureRef"],"fixed":{},"children":[]},"escalationEventDefinition":{"attributes":["escalationRef"],"fixed":{},"children":[]},"event":{"attributes":["name"],"fixed":{},"children":["compensateEventDefinition","errorEventDefinition","escalationEventDefinition","eventDefinitionRef","messageEventDefinition","signalEventDefinition"]},"eventBasedGateway":{"attributes":["gatewayDirection","name"],"fixed":{"eventGatewayType":["Exclusive"],"instantiate":["false","true"]},"children":["incoming","outgoing"]},"eventDefinitionRef":{"attributes":[],"fixed":{},"children":[]},"exclusiveGateway":{"attributes":["default","gatewayDirection","name"],"fixed":{},"children":["incoming","outgoing"]},"flowNodeRef":{"attributes":[],"fixed":{},"children":[]},"group":{"attributes":["categoryValueRef"],"fixed":{},"children":[]},"inMessageRef":{"attributes":[],"fixed":{},"children":[]},"inclusiveGateway":{"attributes":["default","gatewayDirection","name"],"fixed":{},"children":["incoming","outgoing"]},"incoming":{"attributes":[],"fixed":{},"children":[]},"inputSet":{"attributes":["name"],"fixed":{},"children":["dataInputRefs"]},"interface":{"attributes":["implementationRef","name"],"fixed":{},"children":["operation"]},"interfaceRef":{"attributes":[],"fixed":{},"children":[]},"intermediateCatchEvent":{"attributes":["name"],"fixed":{"parallelMultiple":["false","true"]},"children":["conditionalEventDefinition","dataOutput","dataOutputAssociation","eventDefinitionRef","incoming","linkEventDefinition","messageEventDefinition","outgoing","outputSet","property","signalEventDefinition","timerEventDefinition"]},"intermediateThrowEvent":{"attributes":["name"],"fixed":{},"children":["compensateEventDefinition","dataInput","dataInputAssociation","escalationEventDefinition","eventDefinitionRef","incoming","inputSet","linkEventDefinition","messageEventDefinition","outgoing","property","signalEventDefinition"]},"ioSpecification":{"attributes":[],"fixed":{},"children":["dataInput","dataOutput","inputSet","outputSet"]},"itemDefinition":{"attributes":["isCollection","itemKind","structureRef"],"fixed":{},"children":[]},"lane":{"attributes":["name","partitionElementRef"],"fixed":{},"children":["childLaneSet","flowNodeRef"]},"laneSet":{"attributes":["name"],"fixed":{},"children":["lane"]},"linkEventDefinition":{"attributes":["name"],"fixed":{},"children":["source","target"]},"loopCardinality":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"loopCondition":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"manualTask":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"message":{"attributes":["itemRef","name"],"fixed":{},"children":[]},"messageEventDefinition":{"attributes":["messageRef"],"fixed":{},"children":["operationRef"]},"messageFlow":{"attributes":["messageRef","name","sourceRef","targetRef"],"fixed":{},"children":[]},"multiInstanceLoopCharacteristics":{"attributes":["isSequential","noneBehaviorEventRef","oneBehaviorEventRef"],"fixed":{"behavior":["All","Complex","None","One"]},"children":["completionCondition","complexBehaviorDefinition","loopCardinality"]},"operation":{"attributes":["implementationRef","name"],"fixed":{},"children":["errorRef","inMessageRef","outMessageRef"]},"operationRef":{"attributes":[],"fixed":{},"children":[]},"outMessageRef":{"attributes":[],"fixed":{},"children":[]},"outgoing":{"attributes":[],"fixed":{},"children":[]},"outputSet":{"attributes":["name"],"fixed":{},"children":["dataOutputRefs"]},"parallelGateway":{"attributes":["gatewayDirection","name"],"fixed":{},"children":["incoming","outgoing"]},"participant":{"attributes":["name","processRef"],"fixed":{},"children":["interfaceRef","participantMultiplicity"]},"participantMultiplicity":{"attributes":["maximum","minimum"],"fixed":{},"children":[]},"process":{"attributes":["definitionalCollaborationRef","isClosed","isExecutable","name"],"fixed":{"processType":["None","Private","Public"]},"children":["adHocSubProcess","association","boundaryEvent","businessRuleTask","callActivity","complexGateway","dataObject","dataObjectReference","dataStoreReference","endEvent","eventBasedGateway","exclusiveGateway","group","inclusiveGateway","intermediateCatchEvent","intermediateThrowEvent","ioSpecification","laneSet","manualTask","parallelGateway","property","receiveTask","scriptTask","sendTask","sequenceFlow","serviceTask","startEvent","subProcess","supportedInterfaceRef","task","textAnnotation","transaction","userTask"]},"property":{"attributes":["itemSubjectRef","name"],"fixed":{},"children":["dataState"]},"receiveTask":{"attributes":["completionQuantity","default","isForCompensation","messageRef","name","operationRef","startQuantity"],"fixed":{"implementation":["##WebService","##unspecified"],"instantiate":["false","true"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"scriptTask":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{"scriptFormat":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"sendTask":{"attributes":["completionQuantity","default","isForCompensation","messageRef","name","operationRef","startQuantity"],"fixed":{"implementation":["##WebService","##unspecified"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"sequenceFlow":{"attributes":["name","sourceRef","targetRef"],"fixed":{"isImmediate":["true"]},"children":["conditionExpression"]},"serviceTask":{"attributes":["completionQuantity","default","isForCompensation","name","operationRef","startQuantity"],"fixed":{"implementation":["##WebService","##unspecified"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"signal":{"attributes":["name","structureRef"],"fixed":{},"children":[]},"signalEventDefinition":{"attributes":["signalRef"],"fixed":{},"children":[]},"source":{"attributes":[],"fixed":{},"children":[]},"sourceRef":{"attributes":[],"fixed":{},"children":[]},"standardLoopCharacteristics":{"attributes":["loopMaximum","testBefore"],"fixed":{},"children":["loopCondition"]},"startEvent":{"attributes":["isInterrupting","name"],"fixed":{"parallelMultiple":["false","true"]},"children":["compensateEventDefinition","conditionalEventDefinition","dataOutput","dataOutputAssociation","errorEventDefinition","escalationEventDefinition","eventDefinitionRef","incoming","messageEventDefinition","outgoing","outputSet","property","signalEventDefinition","timerEventDefinition"]},"subProcess":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity","triggeredByEvent"],"fixed":{},"children":["adHocSubProcess","association","boundaryEvent","businessRuleTask","callActivity","complexGateway","dataInputAssociation","dataObject","dataObjectReference","dataOutputAssociation","dataStoreReference","endEvent","eventBasedGateway","exclusiveGateway","group","inclusiveGateway","incoming","intermediateCatchEvent","intermediateThrowEvent","ioSpecification","laneSet","manualTask","multiInstanceLoopCharacteristics","outgoing","parallelGateway","property","receiveTask","scriptTask","sendTask","sequenceFlow","serviceTask","standardLoopCharacteristics","startEvent","subProcess","task","textAnnotation","transaction","userTask"]},"supportedInterfaceRef":{"attributes":[],"fixed":{},"children":[]},"target":{"attributes":[],"fixed":{},"children":[]},"targetRef":{"attributes":[],"fixed":{},"children":[]},"task":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]},"terminateEventDefinition":{"attributes":[],"fixed":{},"children":[]},"text":{"attributes":[],"fixed":{},"children":[]},"textAnnotation":{"attributes":["textFormat"],"fixed":{},"children":["text"]},"timeCycle":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"timeDate":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"timeDuration":{"attributes":[],"fixed":{"language":["feel","http://www.omg.org/spec/FEEL/20140401","https://www.omg.org/spec/DMN/20180521/FEEL/","https://www.omg.org/spec/DMN/20191111/FEEL/"]},"children":[]},"timerEventDefinition":{"attributes":[],"fixed":{},"children":["timeCycle","timeDate","timeDuration"]},"transaction":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{"method":["##Compensate"],"triggeredByEvent":["false"]},"children":["adHocSubProcess","association","boundaryEvent","businessRuleTask","callActivity","complexGateway","dataInputAssociation","dataObject","dataObjectReference","dataOutputAssociation","dataStoreReference","endEvent","eventBasedGateway","exclusiveGateway","group","inclusiveGateway","incoming","intermediateCatchEvent","intermediateThrowEvent","ioSpecification","laneSet","manualTask","multiInstanceLoopCharacteristics","outgoing","parallelGateway","property","receiveTask","scriptTask","sendTask","sequenceFlow","serviceTask","standardLoopCharacteristics","startEvent","subProcess","task","textAnnotation","transaction","userTask"]},"userTask":{"attributes":["completionQuantity","default","isForCompensation","name","startQuantity"],"fixed":{"implementation":["##WebService","##unspecified"]},"children":["dataInputAssociation","dataOutputAssociation","incoming","ioSpecification","multiInstanceLoopCharacteristics","outgoing","property","standardLoopCharacteristics"]}},"camunda8":{"tags":{"adHoc":{"attributes":["activeElementsCollection"],"fixed":{},"children":[]},"assignmentDefinition":{"attributes":["assignee","candidateGroups","candidateUsers"],"fixed":{},"children":[]},"calledDecision":{"attributes":["bindingType","decisionId","resultVariable","versionTag"],"fixed":{},"children":[]},"calledElement":{"attributes":["bindingType","processId","propagateAllChildVariables","propagateAllParentVariables","versionTag"],"fixed":{},"children":[]},"conditionalFilter":{"attributes":["variableNames"],"fixed":{"variableEvents":["create, update","create,update"]},"children":[]},"executionListener":{"attributes":["eventType","retries","type"],"fixed":{},"children":["taskHeaders"]},"executionListeners":{"attributes":[],"fixed":{},"children":["executionListener"]},"formDefinition":{"attributes":["bindingType","externalReference","formId","versionTag"],"fixed":{},"children":[]},"header":{"attributes":["id","key","value"],"fixed":{},"children":[]},"input":{"attributes":["source","target"],"fixed":{},"children":[]},"ioMapping":{"attributes":[],"fixed":{},"children":["input","output"]},"loopCharacteristics":{"attributes":["inputCollection","inputElement","outputCollection","outputElement"],"fixed":{},"children":[]},"output":{"attributes":["source","target"],"fixed":{},"children":[]},"priorityDefinition":{"attributes":["priority"],"fixed":{},"children":[]},"properties":{"attributes":[],"fixed":{},"children":["property"]},"property":{"attributes":["id","name","value"],"fixed":{},"children":[]},"script":{"attributes":["expression","resultVariable"],"fixed":{},"children":[]},"subscription":{"attributes":["correlationKey"],"fixed":{},"children":[]},"taskDefinition":{"attributes":["retries","type"],"fixed":{},"children":[]},"taskHeaders":{"attributes":[],"fixed":{},"children":["header"]},"taskListener":{"attributes":["eventType","retries","type"],"fixed":{},"children":["taskHeaders"]},"taskListeners":{"attributes":[],"fixed":{},"children":["taskListener"]},"taskSchedule":{"attributes":["dueDate","followUpDate"],"fixed":{},"children":[]},"userTask":{"attributes":[],"fixed":{},"children":[]},"versionTag":{"attributes":["value"],"fixed":{},"children":[]}},"bpmnTags":{},"extensions":{"adHocSubProcess":["adHoc","executionListeners","ioMapping","properties"],"association":["properties"],"boundaryEvent":["executionListeners","ioMapping","properties"],"businessRuleTask":["calledDecision","executionListeners","ioMapping","properties","taskDefinition","taskHeaders"],"callActivity":["calledElement","executionListeners","ioMapping","properties"],"collaboration":["properties"],"complexGateway":["executionListeners","properties"],"conditionalEventDefinition":["conditionalFilter"],"dataObject":["properties"],"dataObjectReference":["properties"],"dataStoreReference":["properties"],"endEvent":["executionListeners","ioMapping","properties","taskDefinition","taskHeaders"],"eventBasedGateway":["executionListeners","properties"],"exclusiveGateway":["executionListeners","properties"],"group":["properties"],"inclusiveGateway":["executionListeners","properties"],"intermediateCatchEvent":["executionListeners","ioMapping","properties"],"intermediateThrowEvent":["executionListeners","ioMapping","properties","taskDefinition","taskHeaders"],"lane":["properties"],"manualTask":["executionListeners","properties"],"message":["subscription"],"messageEventDefinition":["taskDefinition","taskHeaders"],"messageFlow":["properties"],"multiInstanceLoopCharacteristics":["loopCharacteristics"],"parallelGateway":["executionListeners","properties"],"participant":["properties"],"process":["executionListeners","properties","versionTag"],"receiveTask":["executionListeners","ioMapping","properties"],"scriptTask":["executionListeners","ioMapping","properties","script","taskDefinition","taskHeaders"],"sendTask":["executionListeners","ioMapping","properties","taskDefinition","taskHeaders"],"sequenceFlow":["properties"],"serviceTask":["executionListeners","ioMapping","properties","taskDefinition","taskHeaders"],"startEvent":["executionListeners","formDefinition","ioMapping","properties"],"subProcess":["executionListeners","ioMapping","properties"],"task":["executionListeners","properties"],"textAnnotation":["properties"],"transaction":["executionListeners","ioMapping","properties"],"userTask":["assignmentDefinition","executionListeners","formDefinition","ioMapping","priorityDefinition","properties","taskListeners","taskSchedule","userTask"]},"attributes":{},"everywhere":["modelerTemplate","modelerTemplateIcon","modelerTemplateVersion"],"plain":{},"children":{},"fixed":{},"repeatable":[]},"camunda7":{"tags":{"connector":{"attributes":[],"fixed":{},"children":["connectorId","inputOutput"]},"connectorId":{"attributes":[],"fixed":{},"children":[]},"constraint":{"attributes":["config","name"],"fixed":{},"children":[]},"entry":{"attributes":["key"],"fixed":{},"children":["list","map","script"]},"executionListener":{"attributes":["class","delegateExpression","event","expression"],"fixed":{},"children":["field","script"]},"expression":{"attributes":[],"fixed":{},"children":[]},"failedJobRetryTimeCycle":{"attributes":[],"fixed":{},"children":[]},"field":{"attributes":["expression","name","stringValue"],"fixed":{},"children":["expression","string"]},"formData":{"attributes":["businessKey"],"fixed":{},"children":["formField"]},"formField":{"attributes":["datePattern","defaultValue","id","label","type"],"fixed":{},"children":["properties","validation","value"]},"in":{"attributes":["businessKey","local","source","sourceExpression","target","variables"],"fixed":{},"children":[]},"inputOutput":{"attributes":[],"fixed":{},"children":["inputParameter","outputParameter"]},"inputParameter":{"attributes":["name"],"fixed":{},"children":["list","map","script"]},"list":{"attributes":[],"fixed":{},"children":["list","map","script","value"]},"map":{"attributes":[],"fixed":{},"children":["entry"]},"out":{"attributes":["local","source","sourceExpression","target","variables"],"fixed":{},"children":[]},"outputParameter":{"attributes":["name"],"fixed":{},"children":["list","map","script"]},"properties":{"attributes":[],"fixed":{},"children":["property"]},"property":{"attributes":["id","name","value"],"fixed":{},"children":[]},"script":{"attributes":["resource","scriptFormat"],"fixed":{},"children":[]},"string":{"attributes":[],"fixed":{},"children":[]},"taskListener":{"attributes":["class","delegateExpression","event","expression","id"],"fixed":{},"children":["field","script","timerEventDefinition"]},"validation":{"attributes":[],"fixed":{},"children":["constraint"]},"value":{"attributes":["id","name"],"fixed":{},"children":[]}},"bpmnTags":{"inputDataItem":{"attributes":["isCollection","itemSubjectRef","name"],"fixed":{},"children":[]},"loopDataInputRef":{"attributes":[],"fixed":{},"children":[]},"script":{"attributes":[],"fixed":{},"children":[]}},"extensions":{"adHocSubProcess":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"association":["properties"],"boundaryEvent":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"businessRuleTask":["connector","executionListener","failedJobRetryTimeCycle","field","inputOutput","properties"],"callActivity":["executionListener","failedJobRetryTimeCycle","in","inputOutput","out","properties"],"collaboration":["properties"],"complexGateway":["executionListener","failedJobRetryTimeCycle","properties"],"dataObject":["properties"],"dataObjectReference":["properties"],"dataStoreReference":["properties"],"endEvent":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"eventBasedGateway":["executionListener","failedJobRetryTimeCycle","properties"],"exclusiveGateway":["executionListener","failedJobRetryTimeCycle","properties"],"group":["properties"],"inclusiveGateway":["executionListener","failedJobRetryTimeCycle","properties"],"intermediateCatchEvent":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"intermediateThrowEvent":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"lane":["properties"],"manualTask":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"messageEventDefinition":["connector","field"],"messageFlow":["properties"],"multiInstanceLoopCharacteristics":["failedJobRetryTimeCycle"],"parallelGateway":["executionListener","failedJobRetryTimeCycle","properties"],"participant":["properties"],"process":["executionListener","properties"],"receiveTask":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"scriptTask":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"sendTask":["connector","executionListener","failedJobRetryTimeCycle","field","inputOutput","properties"],"sequenceFlow":["executionListener","properties"],"serviceTask":["connector","executionListener","failedJobRetryTimeCycle","field","inputOutput","properties"],"signalEventDefinition":["in"],"startEvent":["executionListener","failedJobRetryTimeCycle","formData","properties"],"subProcess":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"task":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"textAnnotation":["properties"],"transaction":["executionListener","failedJobRetryTimeCycle","inputOutput","properties"],"userTask":["executionListener","failedJobRetryTimeCycle","formData","inputOutput","properties","taskListener"]},"attributes":{"adHocSubProcess":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"boundaryEvent":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"businessRuleTask":["async","asyncAfter","asyncBefore","class","decisionRef","decisionRefBinding","decisionRefVersion","decisionRefVersionTag","delegateExpression","exclusive","expression","jobPriority","mapDecisionResult","resultVariable","taskPriority","topic","type"],"callActivity":["async","asyncAfter","asyncBefore","calledElementBinding","calledElementVersion","calledElementVersionTag","exclusive","jobPriority","variableMappingClass","variableMappingDelegateExpression"],"complexGateway":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"conditionalEventDefinition":["variableEvents","variableName"],"definitions":["diagramRelationId","historyTimeToLive"],"endEvent":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"error":["errorMessage"],"errorEventDefinition":["errorCodeVariable","errorMessageVariable"],"escalationEventDefinition":["escalationCodeVariable"],"eventBasedGateway":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"exclusiveGateway":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"inclusiveGateway":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"intermediateCatchEvent":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"intermediateThrowEvent":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"manualTask":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"messageEventDefinition":["class","delegateExpression","expression","resultVariable","taskPriority","topic","type"],"multiInstanceLoopCharacteristics":["async","asyncAfter","asyncBefore","collection","elementVariable","exclusive","jobPriority"],"parallelGateway":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"process":["historyTimeToLive","isStartableInTasklist","jobPriority","taskPriority","versionTag"],"receiveTask":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"scriptTask":["async","asyncAfter","asyncBefore","exclusive","jobPriority","resource","resultVariable"],"sendTask":["async","asyncAfter","asyncBefore","class","delegateExpression","exclusive","expression","jobPriority","resultVariable","taskPriority","topic","type"],"serviceTask":["async","asyncAfter","asyncBefore","class","delegateExpression","exclusive","expression","jobPriority","resultVariable","taskPriority","topic","type"],"startEvent":["async","asyncAfter","asyncBefore","exclusive","formHandlerClass","formKey","formRef","formRefBinding","formRefVersion","initiator","jobPriority"],"subProcess":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"task":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"transaction":["async","asyncAfter","asyncBefore","exclusive","jobPriority"],"userTask":["assignee","async","asyncAfter","asyncBefore","candidateGroups","candidateUsers","dueDate","exclusive","followUpDate","formHandlerClass","formKey","formRef","formRefBinding","formRefVersion","jobPriority","priority"]},"everywhere":["modelerTemplate","modelerTemplateIcon","modelerTemplateVersion"],"plain":{"businessRuleTask":["implementation"],"callActivity":["calledElement"],"receiveTask":["implementation"],"scriptTask":["scriptFormat"],"sendTask":["implementation"],"serviceTask":["implementation"],"userTask":["implementation"]},"children":{"multiInstanceLoopCharacteristics":["inputDataItem","loopDataInputRef"],"scriptTask":["script"]},"fixed":{"completionCondition":{"language":["juel"]},"condition":{"language":["juel"]},"conditionExpression":{"language":["juel"]},"loopCardinality":{"language":["juel"]},"loopCondition":{"language":["juel"]}},"repeatable":["executionListener","field","in","out","taskListener"]},"catalogue":{"jobs":{"policy.load":{"required":[],"optional":[],"inputs":[],"oneOf":{},"listener":false},"case.register":{"required":["ledger"],"optional":[],"inputs":["person","text"],"oneOf":{},"listener":false},"case.start":{"required":[],"optional":["process","message"],"inputs":["data"],"oneOf":{},"listener":false},"case.link":{"required":["kind"],"optional":[],"inputs":["caseNo"],"oneOf":{},"listener":false},"case.count":{"required":["counter"],"optional":[],"inputs":["delta"],"oneOf":{},"listener":false},"clock.start":{"required":["clock"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"clock.step":{"required":[],"optional":[],"inputs":[],"oneOf":{},"listener":true},"clock.stop":{"required":["clock"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"clock.suspend":{"required":["clock"],"optional":[],"inputs":["ground"],"oneOf":{},"listener":false},"clock.resume":{"required":["clock"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"clock.extend":{"required":["clock"],"optional":[],"inputs":["ground","length"],"oneOf":{},"listener":false},"ledger.add":{"required":["ledger"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"ledger.flag":{"required":["ledger"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"ledger.close":{"required":["ledger"],"optional":[],"inputs":[],"oneOf":{},"listener":false},"ledger.count":{"required":["ledger","state"],"optional":[],"inputs":[],"oneOf":{"state":["open","overdue"]},"listener":false},"payment.payNow":{"required":[],"optional":[],"inputs":["payee","amount","way"],"oneOf":{},"listener":false},"aid.register":{"required":[],"optional":[],"inputs":["kind","amount","from"],"oneOf":{},"listener":false},"letter.issue":{"required":["letter"],"optional":[],"inputs":["data"],"oneOf":{},"listener":false},"notice.post":{"required":["notice"],"optional":[],"inputs":["data"],"oneOf":{},"listener":false},"notify":{"required":["text","channel"],"optional":[],"inputs":["posts"],"oneOf":{"channel":["inbox","phone","sms"]},"listener":false},"archive.file":{"required":["step"],"optional":[],"inputs":["recordClass"],"oneOf":{"step":["check","collect"]},"listener":false},"archive.seal":{"required":[],"optional":[],"inputs":["fileNo","recordClass","place","pieces","retention"],"oneOf":{},"listener":false},"task.assign":{"required":[],"optional":[],"inputs":["person"],"oneOf":{},"listener":false},"message.publish":{"required":["name"],"optional":[],"inputs":["key"],"oneOf":{},"listener":false}},"families":["aid","archive","case","clock","ledger","letter","message","notice","notify","payment","policy","task"],"properties":{"process":["aidKind","clause","clockCodes","description","descriptionEn","mainClock","matter","nameEn","startBy","urgent"],"anywhere":["clause"],"userTask":["allowed","assign","clock","edge","notBy","recusal","second","title","titleEn"],"startEvent":["clock","edge","form","label","operation","post"],"endEvent":["outcome"],"boundaryEvent":["clock","edge"],"intermediateCatchEvent":["clock","edge"]},"edges":["amber","due"],"stages":["appraisal","approval","check","review","visit"]}});
window.plugins = window.plugins || [];
for (const type of [ 'lintRules.bpmn', 'lintRules.cloud-bpmn' ]) {
  window.plugins.push({ plugin, type });
}
})();
