'use strict';

/** Validates element templates by the official schemas: `{"8": […], "7": […]}` in, the complaints of each dialect out. */

const fs = require('node:fs');
const { validateAll, validateAllZeebe } = require('@bpmn-io/element-templates-validator');

const asked = JSON.parse(fs.readFileSync(0, 'utf8'));
const answer = {};
for (const [ dialect, validate ] of [ [ '8', validateAllZeebe ], [ '7', validateAll ] ]) {
  answer[dialect] = validate(asked[dialect]).results.filter(result => !result.valid).map(
    result => `${result.object.id}: ${result.errors.map(error => error.message).join('; ')}`
  );
}
process.stdout.write(JSON.stringify(answer));
