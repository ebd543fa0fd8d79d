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
