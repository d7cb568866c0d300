// Writes what @logdna/tail-file reads from a log to a file: tail_file.js LOG OUTPUT
'use strict'

const fs = require('fs')
const TailFile = require('@logdna/tail-file')

const [log, output] = process.argv.slice(2)
const received = fs.openSync(output, 'w')

// The log may rotate twice a second, so tail-file has to poll more often than that.
const tail = new TailFile(log, { startPos: 0, pollFileIntervalMs: 100 })

tail
  .on('data', (chunk) => { fs.writeFileSync(received, chunk) })
  .on('tail_error', (error) => { console.error('tail_error', error) })
  .on('error', (error) => { console.error('error', error); process.exitCode = 1 })

process.on('SIGTERM', () => { tail.quit() })

tail.start()
