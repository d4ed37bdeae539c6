// Runs the handler of one file: events on standard input, a line of JSON each; answers on standard output.
// node node_host.mjs FILE HANDLER ARN. Started by local_files.py; it needs no package.

import { Console } from "node:console";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const LIMIT_MS = 5000;
const [file, name, arn] = process.argv.slice(2);

// What the function prints is for the log.
globalThis.console = new Console(process.stderr, process.stderr);
process.stdout.write = process.stderr.write.bind(process.stderr);

function answer(told) {
  const line = Buffer.from(JSON.stringify(told) + "\n");
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(1, line, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function context(requestId) {
  const endsAt = Date.now() + LIMIT_MS;
  const functionName = arn.slice(arn.lastIndexOf(":") + 1);
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: "128",
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()),
  };
}

/** The event's answer, by a promise, by the callback or by the context, whichever the function uses. */
function call(handler, event, requestId) {
  return new Promise((resolve, reject) => {
    // The third form is the oldest: context.succeed, fail and done.
    const done = (error, result) => (error ? reject(error) : resolve(result));
    const told = { ...context(requestId), done, fail: reject, succeed: resolve };
    const returned = handler(event, told, done);
    if (returned && typeof returned.then === "function") returned.then(resolve, reject);
  });
}

/** Its stack as whoever wrote the file wants it: without what is ours and Node's, which comes last. */
function tell(error) {
  if (!(error instanceof Error) || !error.stack) return console.error(error);
  const lines = error.stack.split("\n");
  const ours = lines.findIndex((line) => line.includes(import.meta.url));
  console.error((ours < 0 ? lines : lines.slice(0, ours)).join("\n"));
  if (error.cause !== undefined) console.error("caused by", error.cause);
}

function message(error) {
  return error instanceof Error ? error.message : String(error);
}

let handler;
let broken;
try {
  const loaded = await import(pathToFileURL(file).href);
  handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== "function") broken = `${name} is undefined or not exported`;
} catch (error) {
  console.error(error);
  broken = message(error);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { requestId, event } = JSON.parse(line);
  if (broken !== undefined) {
    answer({ error: broken });
    continue;
  }
  try {
    answer({ answer: (await call(handler, event, requestId)) ?? null });
  } catch (error) {
    tell(error);
    answer({ error: message(error) });
  }
}
