// AWS Amplify v6: sign-in by SRP, current user, session, sign-out.
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, fetchUserAttributes, getCurrentUser, signIn, signOut } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { options, tell, told } from '../node/run.mjs';

const { endpoint, userPoolId, clientId, username, password, wrongPassword } = options;
const memory = new Map();

Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpoint } } });
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  setItem: async (key, value) => void memory.set(key, value),
  getItem: async (key) => memory.get(key) ?? null,
  removeItem: async (key) => void memory.delete(key),
  clear: async () => memory.clear(),
});

try {
  const wrong = await signIn({ username, password: wrongPassword }).catch((error) => error);
  const { isSignedIn, nextStep } = await signIn({ username, password });
  const user = await getCurrentUser();
  const { tokens } = await fetchAuthSession({ forceRefresh: true });
  const attributes = await fetchUserAttributes();
  await signOut({ global: true });
  tell({
    wrong: { name: wrong.name, message: wrong.message },
    isSignedIn,
    nextStep: nextStep.signInStep,
    username: user.username,
    refreshedSub: tokens.accessToken.payload.sub,
    email: attributes.email,
  });
} catch (error) {
  tell(told(error));
}
