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
