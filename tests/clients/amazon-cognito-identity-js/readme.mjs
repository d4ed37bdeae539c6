// The row of README.md, run as printed there: `code` is the row's own text.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { evaluate, options, runRow } from '../node/run.mjs';

const { userPoolId, clientId, username, password } = options;

await runRow({
  async 'amazon-cognito-identity-js'() {
    const pool = await evaluate({ CognitoUserPool, UserPoolId: userPoolId, ClientId: clientId });
    const user = new CognitoUser({ Username: username, Pool: pool });
    const session = await new Promise((onSuccess, onFailure) => {
      user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), { onSuccess, onFailure });
    });
    return session.getIdToken().payload.iss;
  },
});
