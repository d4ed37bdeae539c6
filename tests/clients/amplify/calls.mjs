// AWS Amplify v6, function by function: each line of JSON in is { call, input }, each line out what it gave, or its error.
// The call "configure" makes ready for a pool, with nothing stored.
import { createInterface } from 'node:readline';
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { tell, told } from '../node/run.mjs';
import { plain } from './plain.mjs';

// Node.js has it from release 21 on; Amplify takes the name of the device from it.
globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node.split('.')[0]}` };
const memory = new Map();
const storage = {
  setItem: async (key, value) => void memory.set(key, value),
  getItem: async (key) => memory.get(key) ?? null,
  removeItem: async (key) => void memory.delete(key),
  clear: async () => memory.clear(),
};

function configure(Cognito) {
  memory.clear();
  Amplify.configure({ Auth: { Cognito } });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, input } = JSON.parse(line);
  try {
    tell({ result: plain(await (call === 'configure' ? configure(input) : auth[call](input))) });
  } catch (error) {
    tell(told(error));
  }
}
process.exit();
