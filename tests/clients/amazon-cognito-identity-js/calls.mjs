// amazon-cognito-identity-js, method by method: each line of JSON in is { call, input }, each line out which callback it called.
// The call "configure" makes ready for a user of a pool, with nothing stored.
import { createInterface } from 'node:readline';
import { AuthenticationDetails, CognitoRefreshToken, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { tell, told } from '../node/run.mjs';

// Node.js has it from release 21 on; the library takes the name of the device from it.
globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node.split('.')[0]}` };
const memory = new Map();
const Storage = {
  setItem: (key, value) => memory.set(key, value),
  getItem: (key) => memory.get(key) ?? null,
  removeItem: (key) => memory.delete(key),
  clear: () => memory.clear(),
};
let Pool, user;
const EVENTS = [
  'onSuccess', 'newPasswordRequired', 'mfaRequired', 'totpRequired', 'selectMFAType', 'mfaSetup', 'associateSecretCode', 'inputVerificationCode',
];

function configure({ username, ...pool }) {
  memory.clear();
  Pool = new CognitoUserPool({ ...pool, Storage });
  user = new CognitoUser({ Username: username, Pool, Storage });
}

/** Some methods take (error, result), some an object of functions; this is both, and says which of them was called first. */
function callback(resolve, reject) {
  const called = (name) => (...values) => resolve({ name, values: JSON.parse(JSON.stringify(values)) });
  const both = (error, ...values) => (error ? reject(error) : called('onSuccess')(...values));
  return Object.assign(both, Object.fromEntries(EVENTS.map((name) => [name, called(name)])), { onFailure: reject });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, input } = JSON.parse(line);
  if (call === 'configure') {
    tell({ result: configure(input) ?? null });
    continue;
  }
  try {
    const result = await new Promise((resolve, reject) => {
      const [object, ...values] = call === 'signUp' ? [Pool, ...input] : [user, ...input];
      if (call === 'refreshSession') values[0] = new CognitoRefreshToken({ RefreshToken: values[0] });
      if (call === 'authenticateUser') values[0] = new AuthenticationDetails(values[0]);
      const place = values.indexOf('CALLBACK');
      values.splice(place < 0 ? values.length : place, place < 0 ? 0 : 1, callback(resolve, reject));
      object[call](...values);
    });
    tell({ result });
  } catch (error) {
    tell(told(error));
  }
}
process.exit();
