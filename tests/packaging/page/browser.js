// A browser that reads commands from standard input, one JSON object per line, and answers in the same way:
// browser.js PROGRAM
'use strict'

const fs = require('fs')
const readline = require('readline')
const axe = require('axe-core')
const { chromium } = require('playwright-core')

// A name for this host that browsers do not treat as local, so that a page there has fewer rights than one on localhost.
const ELSEWHERE = 'elsewhere.test'
const ANSWERS_KEPT = 10

let browser, context, page, seen

async function launch () {
  browser = await chromium.launch({
    executablePath: process.argv[2],
    // The sandbox does not work for root, and the page is our own.
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`]
  })
}

// Opens a page, and watches it from before its first byte.
async function open ({ url, width = 1280, height = 900, scheme = 'light', motion = 'no-preference' }) {
  await context?.close()
  context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, reducedMotion: motion
  })
  page = await context.newPage()
  seen = { console: [], errors: [], requests: [], answers: [], headers: {} }
  const here = seen
  page.on('console', (message) => here.console.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => here.errors.push(String(error)))
  page.on('request', (request) => here.requests.push(request.url()))
  page.on('response', (response) => keep(here, response))
  const answer = await page.goto(url)
  seen.headers = await answer.allHeaders()
}

// The raw text, because numbers may have more digits than JavaScript keeps.
async function keep (here, response) {
  if (!response.url().endsWith('/status.json')) return
  const text = await response.text().catch(() => null)
  if (text !== null) here.answers = [...here.answers, text].slice(-ANSWERS_KEPT)
}

async function judge () {
  await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate('axe.run(document)')
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`))
  return { found, passed: passes.length }
}

// Polls from outside: to wait inside the page, playwright would evaluate text there, which the page's policy forbids.
async function wait ({ expression, patience }) {
  const end = Date.now() + 1000 * patience
  while (!await page.evaluate(expression)) {
    if (Date.now() > end) return false
    await page.waitForTimeout(50)
  }
  return true
}

// Clicks a button and returns what it has put in the clipboard, by pasting it.
async function copied ({ button }) {
  await page.click(button)
  await page.waitForTimeout(300)
  await page.evaluate(`{
    const field = document.createElement('textarea')
    field.id = 'pasted'
    document.body.append(field)
    field.focus()
  }`)
  await page.keyboard.press('Control+V')
  return page.evaluate(`{
    const field = document.getElementById('pasted')
    field.remove()
    field.value
  }`)
}

const commands = {
  open,
  judge,
  copied,
  seen: () => seen,
  look: ({ expression }) => page.evaluate(expression),
  wait,
  picture: async ({ file, whole }) => { fs.writeFileSync(file, await page.screenshot({ fullPage: whole })) },
  hover: ({ on }) => page.hover(on)
}

async function main () {
  await launch()
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line)
    const answer = await Promise.resolve(commands[command.do](command))
      .then((result) => ({ result: result ?? null }), (error) => ({ error: String(error.stack ?? error) }))
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  await browser.close()
}

main()
