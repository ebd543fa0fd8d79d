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
