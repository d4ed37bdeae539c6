// The rows of README.md, run as printed there: `code` is the row's own text.
import { JwtVerifier } from 'aws-jwt-verify';
import * as client from 'openid-client';
import { evaluate, options, runRow } from './run.mjs';

const { clientId, token } = options;

await runRow({
  async 'aws-jwt-verify'() {
    const verifier = await evaluate({ JwtVerifier, clientId });
    return (await verifier.verify(token)).iss;
  },

  async 'openid-client'() {
    const config = await evaluate({ client, clientId });
    return config.serverMetadata().issuer;
  },
});
