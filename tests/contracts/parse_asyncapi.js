// Parses an AsyncAPI document by the format's own parser, and says what it finds wrong.

import { readFile } from "node:fs/promises";

import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(await readFile(process.argv[2], "utf-8"));
const wrong = diagnostics.filter(({ severity }) => severity <= 1);
for (const { message, path } of wrong) console.error(`${path.join(".")}: ${message}`);
if (!document || wrong.length) process.exit(1);
console.log(`${document.allMessages().length} messages on ${document.allChannels().length} channels: parsed`);
