// Signs somebody in on a pool's sign-in page as a person would, and prints where the browser was sent.
// node browser.mjs '{"url": …, "provider": …, "fields": {…}, "stop": …, "executable": …}'
import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const { url, provider, fields, stop } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: "shell",
  acceptInsecureCerts: true,
});
try {
  const page = await browser.newPage();
  // The application's own page is not there: what counts is that the browser goes to it.
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
  await page.goto(url);
  if (provider) {
    const [link] = await page.$$(`::-p-text(${provider})`);
    await Promise.all([page.waitForNavigation(), link.click()]);
  }
  for (const [label, value] of Object.entries(fields)) {
    await page.type(`::-p-aria(${label})`, value); // by its label, as who uses a screen reader finds it
  }
  await Promise.all([page.waitForNavigation(), page.click("button[type=submit]")]);
  const cookies = await browser.cookies();
  const said = callback ? null : await page.$eval("body", (body) => body.innerText);
  console.log(JSON.stringify({ callback, said, problems, cookies: cookies.map(({ name, httpOnly }) => ({ name, httpOnly })) }));
} finally {
  await browser.close();
}
