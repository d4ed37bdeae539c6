// AWS Amplify v6 for a page: window.amplify(endpoint, userPoolId, clientId) makes ready, window.call(name, input) calls.
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { plain } from './plain.mjs';

window.amplify = (userPoolEndpoint, userPoolId, userPoolClientId) => {
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint } } });
};
window.call = async (name, input) => {
  try {
    return { result: plain(await auth[name](input)) };
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  }
};
