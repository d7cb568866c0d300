// Compares two logs of the same hits. The first argument is logfmt, read by the package logfmt; the second is JSON.
// Prints each value that differs. logfmt has only text: a number is compared as one, and a missing value is empty.
const fs = require('fs');
const logfmt = require('logfmt');

const [pairs, objects] = process.argv.slice(2).map((path) => fs.readFileSync(path, 'utf8').trimEnd().split('\n'));

function same(read, expected) {
  if (read === undefined || expected === undefined) return false;
  return typeof expected === 'number' ? Number(read) === expected : read === (expected ?? '');
}

if (pairs.length !== objects.length) console.log(`${pairs.length} lines of logfmt, ${objects.length} of JSON`);
for (let number = 0; number < Math.min(pairs.length, objects.length); number += 1) {
  const [read, expected] = [logfmt.parse(pairs[number]), JSON.parse(objects[number])];
  for (const name of new Set([...Object.keys(read), ...Object.keys(expected)])) {
    if (!same(read[name], expected[name])) {
      console.log(`line ${number + 1}: ${name} is ${JSON.stringify(read[name])}, expected ${JSON.stringify(expected[name])}`);
    }
  }
}
