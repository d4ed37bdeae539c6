// AWS Amplify v6 for a page: window.amplify(config) makes ready, on this load and on those after it; window.call(name, input) calls.
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import 'aws-amplify/auth/enable-oauth-listener';
import { plain } from './plain.mjs';

const KEY = 'shop.config';

window.amplify = (Cognito) => {
  localStorage.setItem(KEY, JSON.stringify(Cognito));
  Amplify.configure({ Auth: { Cognito } });
};
window.call = async (name, input) => {
  try {
    return { result: plain(await auth[name](input)) };
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  }
};

// Who comes back from the sign-in page has left the page that was made ready.
if (localStorage.getItem(KEY)) window.amplify(JSON.parse(localStorage.getItem(KEY)));
