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
