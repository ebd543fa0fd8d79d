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
