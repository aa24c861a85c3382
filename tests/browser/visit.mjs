// Opens the state page in a Chromium and prints findings as JSON: one line, an object.
//
//   node tests/browser/visit.mjs look URL FOLDER NAME     screenshots, axe-core, layout, requests
//   node tests/browser/visit.mjs change URL TOKEN         the form, by keyboard alone
//
// CHROMIUM is the program, COMPONENTS the folder with the modules.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';

const components = process.env.COMPONENTS;
const require = createRequire(join(components, 'index.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const [task, url, ...rest] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  // Root has no sandbox; a container has little shared memory.
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const found = await { look, change }[task](...rest);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}

// A page whose requests, errors and violations of its policy are counted.
async function open(width, colorScheme) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
  });
  const page = await context.newPage();
  const seen = { requests: [], messages: [], violations: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => seen.messages.push(message.text()));
  page.on('pageerror', (error) => seen.messages.push(String(error)));
  page.on('dialog', (dialog) => {
    seen.messages.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.exposeFunction('violated', (what) => seen.violations.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violated(`${event.violatedDirective}: ${event.blockedURI}`),
    );
  });
  await page.goto(url, { waitUntil: 'load' });
  return { context, page, seen };
}

async function look(folder, name) {
  const looks = [];
  for (const scheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      const { context, page, seen } = await open(width, scheme);
      const path = join(folder, `${name}-${scheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      const text = await page.locator('body').innerText();
      const layout = await page.evaluate(() => ({
        scrolls: document.documentElement.scrollWidth - window.innerWidth,
        assets: document.querySelectorAll('script, img, iframe, link').length,
        background: getComputedStyle(document.body).backgroundColor,
      }));
      await page.evaluate(axe);
      const { violations, incomplete } = await page.evaluate(() => window.axe.run());
      const rules = (results) =>
        results.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      looks.push({
        scheme,
        width,
        text,
        ...layout,
        ...seen,
        axe: rules(violations),
        unsure: rules(incomplete),
      });
      await context.close();
    }
  }
  return looks;
}

// Changes the log level without a pointer: Tab to each field, type, Enter.
async function change(token) {
  const { page, seen } = await open(1280, 'light');
  const focus = () =>
    page.evaluate(() => {
      const { name, tagName } = document.activeElement;
      return name || tagName.toLowerCase();
    });
  const order = [];
  for (let tabs = 0; tabs < 20; tabs += 1) {
    await page.keyboard.press('Tab');
    const field = await focus();
    order.push(field);
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement).outlineStyle,
    );
    if (outline === 'none') throw new Error(`no focus is shown on ${field}`);
    if (field === 'level') await page.keyboard.type('debug');
    if (field === 'token') {
      await page.keyboard.type(token);
      break;
    }
  }
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  const text = await page.locator('main').innerText();
  return { order, text, url: page.url(), ...seen };
}
