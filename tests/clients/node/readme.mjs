// The rows of README.md that are JavaScript, run as they are printed there: `code` is the row's own text.
import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signInWithRedirect } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { JwtVerifier } from 'aws-jwt-verify';
import * as client from 'openid-client';
import { options, tell, told } from './run.mjs';

const { row, code, userPoolId, clientId, username, password, token } = options;

function evaluate(names) {
  const AsyncFunction = (async () => {}).constructor;
  return new AsyncFunction(...Object.keys(names), `return (${code});`)(...Object.values(names));
}

const rows = {
  // No address and no region in the code: both come from the variables.
  async 'sdk-v3'() {
    const cognito = await evaluate({ CognitoIdentityProviderClient });
    const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId: userPoolId }));
    return Users.map((user) => user.Username);
  },

  async 'amazon-cognito-identity-js'() {
    const pool = await evaluate({ CognitoUserPool, UserPoolId: userPoolId, ClientId: clientId });
    const user = new CognitoUser({ Username: username, Pool: pool });
    const session = await new Promise((onSuccess, onFailure) => {
      user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), { onSuccess, onFailure });
    });
    return session.getIdToken().payload.iss;
  },

  async amplify() {
    await evaluate({ Amplify, userPoolId, userPoolClientId: clientId });
    const memory = new Map();
    cognitoUserPoolsTokenProvider.setKeyValueStorage({
      setItem: async (key, value) => void memory.set(key, value),
      getItem: async (key) => memory.get(key) ?? null,
      removeItem: async (key) => void memory.delete(key),
      clear: async () => memory.clear(),
    });
    await signIn({ username, password });
    return (await fetchAuthSession()).tokens.idToken.payload.iss;
  },

  // The address that Amplify sends the browser to; a stand-in for the browser catches it.
  async 'amplify-redirect'() {
    const went = Promise.withResolvers?.() ?? deferred();
    const location = { origin: 'http://localhost:5173', hostname: 'localhost', href: 'http://localhost:5173/' };
    Object.defineProperty(location, 'href', { get: () => 'http://localhost:5173/', set: (url) => went.resolve(url) });
    globalThis.window = { location, history: {}, addEventListener() {}, removeEventListener() {}, top: null };
    globalThis.window.top = globalThis.window.self = globalThis.window;
    globalThis.document = { cookie: '' };
    const storage = new Map();
    globalThis.window.localStorage = globalThis.window.sessionStorage = {
      setItem: (key, value) => storage.set(key, value),
      getItem: (key) => storage.get(key) ?? null,
      removeItem: (key) => storage.delete(key),
      clear: () => storage.clear(),
    };
    globalThis.localStorage = globalThis.sessionStorage = globalThis.window.localStorage;
    await evaluate({ Amplify, userPoolId, userPoolClientId: clientId });
    await signInWithRedirect();
    return went.promise;
  },

  async 'aws-jwt-verify'() {
    const verifier = await evaluate({ JwtVerifier, clientId });
    return (await verifier.verify(token)).iss;
  },

  async 'openid-client'() {
    const config = await evaluate({ client, clientId });
    return config.serverMetadata().issuer;
  },
};

function deferred() {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve };
}

try {
  tell(await rows[row]());
} catch (error) {
  tell(told(error));
}
process.exit();
