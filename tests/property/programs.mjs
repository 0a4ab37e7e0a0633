// Loads files into the programs that they are for, in a headless browser, and prints a line for each
// check: "ok" or "not ok", and what it was.  usage: node programs.mjs BROWSER DIRECTORY
// The packages speedscope, mermaid and playwright-core stand in $SPANLINE_NODE_MODULES.
import fs from 'fs';
import os from 'os';
import path from 'path';
import { createRequire } from 'module';

const [browserPath, directory] = process.argv.slice(2);
const modules = process.env.SPANLINE_NODE_MODULES;
const { chromium } = createRequire(import.meta.url)(path.join(modules, 'playwright-core'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'spanline-'));
const browser = await chromium.launchPersistentContext(scratch, {
  executablePath: browserPath,
  headless: true,
  viewport: { width: 1240, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update', '--allow-file-access-from-files'],
});
const check = (claim, what, detail) =>
  console.log(`${claim ? 'ok' : 'not ok'} ${what}${claim ? '' : ' ' + JSON.stringify(detail)}`);
const files = fs.readdirSync(directory);
const read = (file) => fs.readFileSync(path.join(directory, file));
const ending = (end) => files.filter((file) => file.endsWith(end));

// What speedscope shows once it has loaded a file, or why it has not.
async function speedscope(file) {
  const page = await browser.newPage(), errors = [];
  fs.writeFileSync(path.join(scratch, 'nothing.js'), '');
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`file://${modules}/speedscope/dist/release/index.html` +
    `#localProfilePath=${scratch}/nothing.js`);
  await page.waitForFunction(() => window.speedscope !== undefined);
  await page.evaluate(([name, data]) => window.speedscope.loadFileFromBase64(name, data),
    [file, read(file).toString('base64')]);
  const loaded = await page.waitForFunction(() => document.body.innerText.includes('Export'), null,
    { timeout: 20000 }).then(() => true, () => false);
  check(loaded && !errors.length, `speedscope loads ${file}`, [errors, await page.innerText('body')]);
  await page.close();
}

async function mermaid(file) {
  const page = await browser.newPage();
  await page.addScriptTag({ path: `${modules}/mermaid/dist/mermaid.min.js` });
  const problem = await page.evaluate(async (text) => {
    try {
      window.mermaid.initialize({ startOnLoad: false });
      const { diagramType } = await window.mermaid.parse(text);
      const expected = text.startsWith('flowchart') ? 'flowchart-v2' : 'sequence';
      document.body.innerHTML = (await window.mermaid.render('drawn', text)).svg;
      return diagramType !== expected || document.body.querySelector('img, script, a') !== null;
    } catch (error) {
      return String(error);
    }
  }, read(file).toString());
  check(!problem, `mermaid draws ${file}`, problem);
  await page.close();
}

// A page of ours, the hosts that it asks and what it complains of.
async function open(file) {
  const page = await browser.newPage(), requests = [], faults = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => { faults.push(dialog.message()); dialog.dismiss(); });
  await page.goto(`file://${path.join(directory, file)}`);
  return { page, requests, faults };
}

// The page: what it does with keys and the mouse, that names are text, and that it asks no host.
async function html(file) {
  const { page, requests, faults } = await open(file);
  const rows = () => page.locator('.row').count();
  const all = await rows();
  const names = await page.evaluate(() =>
    JSON.parse(document.querySelector('script.trace').textContent).spans.map((span) => span.name));
  const seen = await page.locator('.scroll').innerText();
  check(all > 1, `${file} has rows`, all);
  check((await page.locator('main img, main a, main script, main iframe').count()) === 0 &&
    names.filter((name) => /^[ -~]{1,60}$/.test(name)).slice(0, 8)
      .every((name) => seen.includes(name.trim())), `${file} shows names as text`, names.slice(0, 8));
  const orphans = await page.evaluate(() => JSON.parse(
    document.querySelector('script.trace').textContent).spans.filter((span) => span.flags & 2).length);
  const marked = await page.locator('.row .mark[title="its parent is not in the input"]').count();
  check(orphans > 0 === marked > 0 && marked <= orphans, `${file} marks what lost its parent`, [orphans, marked]);
  await page.locator('.toggle').first().click();
  check((await rows()) < all, `${file} collapses by a click`, await rows());
  await page.keyboard.press('ArrowRight');
  check((await rows()) === all, `${file} opens by a key`, await rows());
  await page.keyboard.press('/');
  await page.keyboard.type(await page.evaluate(() =>
    JSON.parse(document.querySelector('script.trace').textContent).spans[1].id));
  check((await page.locator('.row.found').count()) === 1, `${file} finds a span by its id`, 0);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  check(await page.locator('.details').isVisible(), `${file} shows what is known of it`, 0);
  const ticks = async () => (await page.locator('.ticks span').allInnerTexts()).join();
  const before = await ticks();
  await page.keyboard.press('+');
  const closer = await ticks();
  await page.keyboard.press('0');
  check(closer !== before && (await ticks()) === before, `${file} zooms by keys`, [before, closer]);
  const axis = await page.locator('.ticks').boundingBox();
  const bars = await page.locator('.row .bars').first().boundingBox();
  check(Math.abs(axis.x - bars.x) < 2 && Math.abs(axis.width - bars.width) < 2,
    `${file} has its times over its bars`, [axis, bars]);
  await page.mouse.move(axis.x + 100, axis.y + 5);
  await page.mouse.down();
  await page.mouse.move(axis.x + 200, axis.y + 5, { steps: 3 });
  await page.mouse.up();
  check((await ticks()) !== before, `${file} zooms by dragging`, before);
  check(requests.length === 1 && !faults.length, `${file} asks no host and complains of nothing`,
    [requests, faults]);
  await page.close();
}

// The page of a graph: a picture that stands alone, in light and dark.
async function map(file) {
  const { page, requests, faults } = await open(file);
  const look = async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    return page.evaluate(() => {
      const style = (what) => getComputedStyle(document.querySelector(what));
      return [style('body').backgroundColor, style('svg text').fill, style('.box').fill].join(' ');
    });
  };
  const seen = await page.evaluate(() => {
    const inside = (part, whole) => part.x >= whole.x - 1 && part.y >= whole.y - 1 &&
      part.right <= whole.right + 1 && part.bottom <= whole.bottom + 1;
    const area = document.querySelector('svg').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.box')].map((box) => box.getBoundingClientRect());
    const meet = (a, b) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom;
    return {
      boxes: boxes.length,
      outside: boxes.filter((box) => !inside(box, area)).length +
        [...document.querySelectorAll('g text')].filter((text) =>
          !inside(text.getBoundingClientRect(), text.parentNode.querySelector('.box').getBoundingClientRect())).length,
      meeting: boxes.filter((box, i) => boxes.some((other, j) => i < j && meet(box, other))).length,
      odd: document.querySelectorAll('img, a, script, iframe, object, [onerror], [onload], [style]').length,
      edges: document.querySelectorAll('.edge').length,
      rows: document.querySelectorAll('tbody')[0].rows.length,
    };
  });
  check(seen.boxes > 0 && seen.edges >= Math.min(seen.rows, 1), `${file} is drawn`, seen);
  check(seen.outside === 0 && seen.meeting === 0, `${file} keeps its boxes and their names apart`, seen);
  check(seen.odd === 0, `${file} has nothing but text and lines`, seen);
  check((await look('light')) !== (await look('dark')), `${file} is light and dark`, await look('dark'));
  check(requests.length === 1 && !faults.length, `${file} asks no host and complains of nothing`,
    [requests, faults]);
  await page.close();
}

const isMap = (file) => file.startsWith('graph-');
for (const file of [...ending('.speedscope.json'), ...ending('.perfetto.json'), ...ending('.folded')])
  await speedscope(file);
for (const file of ending('.mmd')) await mermaid(file);
for (const file of ending('.html')) await (isMap(file) ? map : html)(file);
await browser.close();
fs.rmSync(scratch, { recursive: true, force: true });
