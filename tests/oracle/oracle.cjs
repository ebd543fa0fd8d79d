// What form-js answers: reads [{schema, stored, submitted}] from stdin and writes [{data, errors}] to stdout.
// `stored` are the variables with which a task's form opens, `submitted` what the officer typed over them.
// jsdom lacks DataTransfer, which the file picker fills; the stand-in below takes files and shows none.
'use strict';
const {JSDOM} = require('jsdom');

const dom = new JSDOM('<!doctype html><body></body>', {pretendToBeVisual: true, url: 'http://localhost/'});
const {window} = dom;
const own = new Set(['undefined', 'globalThis', 'process', 'console']);
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) && !own.has(name)) globalThis[name] = window[name];
}
globalThis.window = window;
globalThis.document = window.document;
Object.defineProperty(globalThis, 'navigator', {value: window.navigator, configurable: true});
globalThis.DataTransfer = class { constructor() { this.files = []; this.items = {add() {}}; } };
Object.defineProperty(window.HTMLInputElement.prototype, 'files', {get: () => [], set() {}});

const {Form} = require('@bpmn-io/form-js-viewer');

const settle = async () => { for (let i = 0; i < 5; i++) await new Promise(done => setTimeout(done, 40)); };

// Keys of files that the officer picked: without a file of that key, form-js empties the field.
const tokens = value => typeof value === 'string' ? (value.startsWith('files::') ? [value] : [])
  : value && typeof value === 'object' ? Object.values(value).flatMap(tokens) : [];

async function answer({schema, stored, submitted}) {
  const container = document.createElement('div');
  document.body.appendChild(container);
  const form = new Form({container, debounce: false});
  await form.importSchema(schema, stored);
  await settle();
  for (const key of tokens(submitted)) form.get('fileRegistry').setFiles(key, [{name: 'a.jpg'}]);
  form._setState({data: form._getInitializedFieldData({...stored, ...submitted})});
  await settle();
  const {data, errors} = form.submit();
  form.destroy();
  container.remove();
  return {data, errors};
}

(async () => {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const questions = JSON.parse(text), answers = [];
  for (let at = 0; at < questions.length; at += 25) answers.push(...await Promise.all(questions.slice(at, at + 25).map(answer)));
  process.stdout.write(JSON.stringify(answers));
})().catch(error => { console.error(error); process.exit(1); });
