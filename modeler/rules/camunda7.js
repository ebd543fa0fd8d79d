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
