// As recorder.py, for Node.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

export const handler = async (event, context) => {
  const folder = process.env.RECORDER_FOLDER;
  const told = { event, arn: context.invokedFunctionArn, request_id: context.awsRequestId };
  appendFileSync(`${folder}/${event.userPoolId}.events`, JSON.stringify(told) + "\n");
  const file = `${folder}/${event.userPoolId}.${event.triggerSource.split("_")[0]}`;
  const wanted = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if ("response" in wanted) Object.assign(event.response, wanted.response);
  if ("error" in wanted) {
    console.log("about to raise");
    throw new Error(wanted.error);
  }
  return event;
};
