// feelin, the FEEL of the browser: `node feelin.mjs PACKAGE` reads one JSON document from stdin and answers with one.
//   {ask: [[source, context], ...]}                       -> [{value, warnings}, {error}, ...], values as texts and types
//   {measure: {name: {source, context}}, table, seconds}  -> {name: evaluations per second}
import {pathToFileURL} from 'node:url';

const {evaluate, unaryTest, parseExpression} = await import(pathToFileURL(process.argv[2]));
const plain = outcome => outcome && typeof outcome === 'object' && 'value' in outcome && 'warnings' in outcome ? outcome.value : outcome;

function told(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return {number: Number.isFinite(value) ? String(value) : 'NaN'};
  if (Array.isArray(value)) return value.map(told);
  if (typeof value === 'function') return {kind: 'function'};
  if (typeof value.toISO === 'function' || typeof value.toMillis === 'function') return {temporal: String(evaluateText(value))};
  if (value.constructor && value.constructor !== Object) return {kind: value.constructor.name};
  return {context: Object.fromEntries(Object.entries(value).map(([name, each]) => [name, told(each)]))};
}

const evaluateText = value => plain(evaluate('string(x)', {x: value}));

function answer([source, context]) {
  try {
    const outcome = evaluate(source, context);
    return {value: told(plain(outcome))};
  } catch (error) {
    return {error: String(error.message).slice(0, 200)};
  }
}

function rate(work, seconds) {
  for (let i = 0; i < 200; i++) work();
  let count = 0;
  const begun = process.cpuUsage().user;
  while (process.cpuUsage().user - begun < seconds * 1e6) {
    for (let i = 0; i < 50; i++) work();
    count += 50;
  }
  return count / ((process.cpuUsage().user - begun) / 1e6);
}

function decide({inputs, rules, context}) {
  const bound = inputs.map(source => ({...context, '?': plain(evaluate(source, context))}));
  for (const {tests, output} of rules) {
    if (tests.every((test, column) => test === '-' || plain(unaryTest(test, bound[column])) === true)) {
      return plain(evaluate(output, context));
    }
  }
  return null;
}

let text = '';
for await (const piece of process.stdin) text += piece;
const asked = JSON.parse(text);
if (asked.ask) {
  process.stdout.write(JSON.stringify(asked.ask.map(answer)));
} else {
  const rates = {};
  for (const [name, {source, context}] of Object.entries(asked.measure)) {
    rates[name] = rate(() => evaluate(source, context), asked.seconds);
  }
  rates.parse = rate(() => parseExpression(asked.parse), asked.seconds);
  rates.table = rate(() => decide(asked.table), asked.seconds);
  rates.tableValue = decide(asked.table);
  process.stdout.write(JSON.stringify(rates));
}
