// A browser that does what it is told, a line of JSON at a time, and says after each where it is. It goes to the application's own page only in
// so far as that it notes with what it was sent there.
// node browser.mjs '{"stop": …}', then lines of {"url": …} and {"follow": "a link's text"} and {"fields": {"its label": …}, "press": "a button's text"}.
import readline from "node:readline";
import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const { stop } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: "shell",
  acceptInsecureCerts: true,
});
const page = await browser.newPage();
let callback;
await page.setRequestInterception(true);
page.on("request", (request) => {
  if (request.url().startsWith(stop)) {
    callback = request.url();
    request.respond({ status: 200, contentType: "text/plain", body: "signed in" });
  } else {
    request.continue();
  }
});
const problems = [];
page.on("console", (message) => message.type() === "error" && problems.push(message.text()));

const and = (click) => Promise.all([page.waitForNavigation(), click]);

async function step({ url, follow, fields, press }) {
  callback = undefined;
  if (url) await page.goto(url);
  if (follow) await and(page.locator(`a ::-p-text(${follow})`).click());
  for (const [label, value] of Object.entries(fields ?? {})) {
    await page.locator(`::-p-aria(${label})`).fill(value); // by its label, as who uses a screen reader finds it
  }
  if (fields) await and(page.click(press ? `button::-p-text(${press})` : "button[type=submit]"));
  const cookies = await browser.cookies();
  const said = callback ? null : await page.$eval("body", (body) => body.innerText);
  return { callback, said, problems, cookies: cookies.map(({ name, httpOnly }) => ({ name, httpOnly })) };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await step(JSON.parse(line))));
}
await browser.close();
