// Ace by DAISY over several e-books with one browser: `node run.cjs REPORT.json FOLDER FILE.epub …` writes what it finds
// into REPORT.json, for each file the report that Ace makes of it. FOLDER is for what it leaves lying about.
"use strict";

const fs = require("fs");
const path = require("path");
const ace = require("@daisy/ace-core");
const runner = require("@daisy/ace-axe-runner-puppeteer");

const [, , target, folder, ...files] = process.argv;
// To launch a browser takes longer than to look at a short book.
const launched = { ...runner, launch: async () => {}, close: async () => {} };
const options = { cwd: process.cwd(), silent: true, doNotReportMedia: true };

async function main() {
  const reports = {};
  await runner.launch();
  try {
    for (const [place, file] of files.entries()) {
      const outdir = path.join(folder, String(place));
      const [, report] = await ace(file, { ...options, outdir, initLogger: place === 0, fileName: path.join(folder, "log") }, launched);
      reports[file] = report;
    }
  } finally {
    await runner.close();
  }
  fs.writeFileSync(target, JSON.stringify(reports));
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
