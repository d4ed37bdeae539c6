// The row of README.md, run as printed there: `code` is the row's own text.
import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { evaluate, options, runRow } from '../node/run.mjs';

await runRow({
  // No address and no region in the code: both come from the variables.
  async 'sdk-v3'() {
    const cognito = await evaluate({ CognitoIdentityProviderClient });
    const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId: options.userPoolId }));
    return Users.map((user) => user.Username);
  },
});
