// A relying party built on openid-client: authorization code with PKCE, userinfo, refresh, revocation, end of session.
// First line on standard output: { authorizationUrl }. After the browser has come back: { result }.
import http from 'node:http';
import * as client from 'openid-client';
import { options, tell, told } from './run.mjs';

const { issuer, clientId, clientSecret, port, scope } = options;
const redirectUri = `http://localhost:${port}/callback`;

const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute: [client.allowInsecureRequests] });
const codeVerifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const authorizationUrl = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope,
  state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
  code_challenge_method: 'S256',
});

async function finish(url) {
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, url, checks);
  const claims = tokens.claims();
  const userInfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  const again = await client.authorizationCodeGrant(config, url, checks).catch(told);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
  await client.tokenRevocation(config, tokens.refresh_token);
  const refused = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => ({ error: error.error ?? error.message }));
  return {
    claims,
    userInfo,
    tokenType: tokens.token_type,
    expiresIn: tokens.expires_in,
    again: Boolean(again.error),
    refreshedClaims: refreshed.claims(),
    refused,
  };
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, `http://localhost:${port}`);
  if (url.pathname !== '/callback') {
    response.writeHead(404).end();
    return;
  }
  const result = await finish(url).catch(told);
  response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Back</title><p id="done">Back at the relying party</p>');
  tell({ result });
  server.close();
  server.closeAllConnections();
});
server.listen(port, '127.0.0.1', () => tell({ authorizationUrl: authorizationUrl.href }));
