// Verifiers that know nothing of Cognito: the generic one of aws-jwt-verify, and jose.
import { JwtVerifier } from 'aws-jwt-verify';
import * as jose from 'jose';
import { options, tell, told } from './run.mjs';

const { issuer, audience, jwks, token } = options;

async function subject(verify) {
  try {
    return (await verify()).sub;
  } catch (error) {
    return told(error);
  }
}

const verifier = JwtVerifier.create({ issuer, audience });
verifier.cacheJwks(jwks);
tell({
  'aws-jwt-verify': await subject(() => verifier.verify(token)),
  jose: await subject(async () => (await jose.jwtVerify(token, jose.createLocalJWKSet(jwks), { issuer, audience })).payload),
});
