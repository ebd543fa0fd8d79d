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
