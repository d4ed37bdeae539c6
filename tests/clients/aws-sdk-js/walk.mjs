// The AWS SDK for JavaScript, v3: makes a pool, a client and a user, signs in, reads, refreshes, revokes.
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { options, tell, told } from '../node/run.mjs';

const cognito = new sdk.CognitoIdentityProviderClient({
  endpoint: options.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
const send = (operation, input) => cognito.send(new sdk[operation + 'Command'](input));
const { password } = options;

try {
  const { UserPool: pool } = await send('CreateUserPool', { PoolName: 'sdk-v3' });
  const UserPoolId = pool.Id;
  const { UserPoolClient: client } = await send('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'sdk-v3',
    GenerateSecret: false,
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const ClientId = client.ClientId;
  await send('AdminCreateUser', { UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS', UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }] });
  await send('AdminSetUserPassword', { UserPoolId, Username: 'ada', Password: password, Permanent: true });
  const sign = (PASSWORD) => send('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } });
  const wrong = await sign('Wrong-Horse-1').catch((error) => error);
  const { AuthenticationResult: tokens } = await sign(password);
  const user = await send('GetUser', { AccessToken: tokens.AccessToken });
  const listed = await send('ListUsers', { UserPoolId, Filter: 'email = "ada@example.com"' });
  const { AuthenticationResult: refreshed } = await send('InitiateAuth', {
    ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
  });
  await send('RevokeToken', { ClientId, Token: tokens.RefreshToken });
  const revoked = await send('GetUser', { AccessToken: refreshed.AccessToken }).catch((error) => error);
  await send('DeleteUserPool', { UserPoolId });
  tell({
    userPoolId: UserPoolId,
    isDate: pool.CreationDate instanceof Date,
    wrong: { name: wrong.name, message: wrong.message, isTyped: wrong instanceof sdk.NotAuthorizedException },
    username: user.Username,
    listed: listed.Users.map((found) => found.Username),
    refreshed: Boolean(refreshed.AccessToken && refreshed.IdToken),
    revoked: revoked.name,
  });
} catch (error) {
  tell(told(error));
}
