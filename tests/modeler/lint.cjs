'use strict';

/**
 * Lints diagrams with the plug-in as Camunda Modeler would: reads `[{name, xml, dialect}]` from standard input and writes
 * `{name: [{rule, id, message, category}]}`. `dialect` says whose schema the tree knows: the Modeler has one tab for each.
 */

const fs = require('node:fs');
const vm = require('node:vm');

const schemas = {
  8: { zeebe: require('zeebe-bpmn-moddle/resources/zeebe.json') },
  7: { camunda: require('camunda-bpmn-moddle/resources/camunda.json') },
  0: {}
};

async function main() {
  const { BpmnModdle } = await import('bpmn-moddle').then(found => ({ BpmnModdle: found.BpmnModdle || found.default }));
  const { Linter } = require('bpmnlint');
  const modeler = require('modeler-moddle/resources/modeler.json');
  const window = {};
  vm.runInNewContext(fs.readFileSync(process.argv[2], 'utf8'), { window });
  const types = window.plugins.map(each => each.type).join();
  if (types !== 'lintRules.bpmn,lintRules.cloud-bpmn') {
    throw new Error(`registered for ${types}`);
  }
  const { config, resolver } = window.plugins[0].plugin;
  const found = {};
  for (const { name, xml, dialect } of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    const moddle = new BpmnModdle({ modeler, ...schemas[dialect] });
    const { rootElement } = await moddle.fromXML(xml);
    const reports = await new Linter({ config, resolver }).lint(rootElement);
    found[name] = Object.entries(reports).flatMap(
      ([ rule, entries ]) => entries.map(({ id, message, category }) => ({ rule: rule.replace('yimen/', ''), id, message, category }))
    );
  }
  process.stdout.write(JSON.stringify(found));
}

main();
