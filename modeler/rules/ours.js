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
