// SRP sign-in, attributes, refresh and global sign-out with amazon-cognito-identity-js.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { options, tell, told } from '../node/run.mjs';

const { endpoint, userPoolId, clientId, username, password, newPassword } = options;

const memory = new Map();
const Storage = {
  setItem: (key, value) => memory.set(key, value),
  getItem: (key) => memory.get(key) ?? null,
  removeItem: (key) => memory.delete(key),
  clear: () => memory.clear(),
};
const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint, Storage });
const user = new CognitoUser({ Username: username, Pool: pool, Storage });

function signIn(Password) {
  return new Promise((resolve, reject) => {
    user.authenticateUser(new AuthenticationDetails({ Username: username, Password }), {
      onSuccess: resolve,
      onFailure: reject,
      newPasswordRequired: () => user.completeNewPasswordChallenge(newPassword, {}, { onSuccess: resolve, onFailure: reject }),
    });
  });
}

const called = (method, ...args) => new Promise((resolve, reject) => user[method](...args, (e, r) => (e ? reject(e) : resolve(r))));

try {
  const session = await signIn(password);
  const attributes = await called('getUserAttributes');
  const refreshed = await called('refreshSession', session.getRefreshToken());
  await new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject }));
  tell({
    idToken: session.getIdToken().getJwtToken(),
    accessToken: session.getAccessToken().getJwtToken(),
    refreshedAccessToken: refreshed.getAccessToken().getJwtToken(),
    attributes: Object.fromEntries(attributes.map((attribute) => [attribute.getName(), attribute.getValue()])),
  });
} catch (error) {
  tell(told(error));
}
