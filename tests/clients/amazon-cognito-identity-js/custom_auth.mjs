// Custom authentication with amazon-cognito-identity-js: with `password` after SRP, else alone. The code comes on standard input.
import { createInterface } from 'node:readline/promises';
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { options, tell, told } from '../node/run.mjs';

const { endpoint, userPoolId, clientId, username, password } = options;
const memory = new Map();
const Storage = {
  setItem: (key, value) => memory.set(key, value),
  getItem: (key) => memory.get(key) ?? null,
  removeItem: (key) => memory.delete(key),
  clear: () => memory.clear(),
};
const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint, Storage });
const user = new CognitoUser({ Username: username, Pool, Storage });
user.setAuthenticationFlowType('CUSTOM_AUTH');
const lines = createInterface({ input: process.stdin });

try {
  const session = await new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: resolve,
      onFailure: reject,
      customChallenge: (parameters) => {
        tell({ parameters });
        lines.once('line', (answer) => user.sendCustomChallengeAnswer(answer, callbacks));
      },
    };
    const details = new AuthenticationDetails({ Username: username, Password: password });
    if (password) user.authenticateUser(details, callbacks);
    else user.initiateAuth(details, callbacks);
  });
  tell({ accessToken: session.getAccessToken().getJwtToken() });
} catch (error) {
  tell(told(error));
}
lines.close();
