// Judges ECS records: reads lines of JSON on standard input and prints each fault with its line number.
// The published schema comes from the package @elastic/ecs, of the version that the lines name.
const { EcsFlat, EcsVersion } = require('@elastic/ecs');
const readline = require('readline');

const INTEGERS = new Set(['long', 'integer', 'short', 'byte', 'unsigned_long']);
const STRINGS = new Set(['keyword', 'constant_keyword', 'wildcard', 'text', 'match_only_text', 'date', 'ip', 'version']);
const FREE = new Set(['object', 'flattened', 'nested']);

// Yields the dotted name and the value of each leaf. A field that ECS leaves free, such as labels, is a leaf.
function* leaves(record, prefix = '') {
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key;
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (isObject && !FREE.has(EcsFlat[name]?.type)) yield* leaves(value, `${name}.`);
    else yield [name, value];
  }
}

function fits(field, value) {
  if (INTEGERS.has(field.type)) return Number.isInteger(value);
  if (field.type === 'boolean') return typeof value === 'boolean';
  if (field.type === 'date') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  if (field.type === 'ip') return typeof value === 'string' && require('net').isIP(value) !== 0;
  if (STRINGS.has(field.type)) return typeof value === 'string';
  return FREE.has(field.type) ? typeof value === 'object' : typeof value === 'number' || typeof value === 'object';
}

function* faults(record) {
  for (const required of ['@timestamp', 'ecs.version']) {
    if (![...leaves(record)].some(([name]) => name === required)) yield `${required} is missing`;
  }
  if (record.ecs?.version !== EcsVersion) yield `ecs.version is not ${EcsVersion}`;
  for (const [name, value] of leaves(record)) {
    const field = EcsFlat[name];
    if (!field) {
      yield `${name} is not a field of ECS`;
      continue;
    }
    const isList = Array.isArray(value);
    if (isList !== field.normalize.includes('array')) yield `${name} must ${isList ? 'not ' : ''}be an array`;
    const allowed = field.allowed_values?.map((entry) => entry.name);
    for (const item of isList ? value : [value]) {
      if (!fits(field, item)) yield `${name} is not of type ${field.type}: ${JSON.stringify(item)}`;
      if (allowed && !allowed.includes(item)) yield `${name} may not be ${JSON.stringify(item)}`;
    }
  }
}

async function main() {
  let number = 0;
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1;
    let found;
    try {
      found = [...faults(JSON.parse(line))];
    } catch (error) {
      found = [error.message];
    }
    for (const fault of found) {
      console.log(`line ${number}: ${fault}`);
    }
  }
}

main();
