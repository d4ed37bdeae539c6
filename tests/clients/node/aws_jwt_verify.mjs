// aws-jwt-verify accepts the tokens of a server in issuer mode `aws`. The issuer is AWS's own address, so the keys are handed
// over instead of being fetched from there.
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { options, tell, told } from './run.mjs';

const { userPoolId, clientId, jwks, tokens } = options;
const results = [];
for (const { token, tokenUse } of tokens) {
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse });
  verifier.cacheJwks(jwks);
  try {
    results.push({ claims: await verifier.verify(token) });
  } catch (error) {
    results.push(told(error));
  }
}
tell(results);
