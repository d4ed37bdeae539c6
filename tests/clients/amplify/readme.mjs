// The rows of README.md, run as printed there: `code` is the row's own text.
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn, signInWithRedirect } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { evaluate, options, runRow } from '../node/run.mjs';

const { userPoolId, clientId, username, password } = options;

function deferred() {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve };
}

await runRow({
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
});
