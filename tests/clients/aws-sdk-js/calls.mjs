// The AWS SDK for JavaScript v3, command by command: each line of JSON in is { call, input }, each line out its answer or its error.
import { createInterface } from 'node:readline';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { options, tell } from '../node/run.mjs';

const client = new sdk.CognitoIdentityProviderClient({
  endpoint: options.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

async function pages(paginate, input, pageSize) {
  const found = [];
  for await (const { $metadata, ...page } of paginate({ client, pageSize }, input)) found.push(page);
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, input } = JSON.parse(line);
  try {
    if (call.startsWith('paginate')) {
      const { pageSize, ...rest } = input;
      tell({ result: await pages(sdk[call], rest, pageSize) });
    } else {
      const { $metadata, ...result } = await client.send(new sdk[`${call}Command`](input));
      tell({ result });
    }
  } catch (error) {
    // Typed: of the class that the SDK has for this error, so that `catch` can tell by it.
    tell({ error: { name: error.name, message: error.message, isTyped: sdk[error.name] !== undefined && error instanceof sdk[error.name] } });
  }
}
process.exit();
