// As passwordless_email.py, for Node: the code is printed.
import { randomInt, timingSafeEqual } from "node:crypto";

const ATTEMPTS = 3;

function define({ request, response }) {
  const rounds = request.session;
  response.issueTokens = rounds.length > 0 && rounds.at(-1).challengeResult;
  response.failAuthentication = !response.issueTokens && rounds.length >= ATTEMPTS;
  response.challengeName = "CUSTOM_CHALLENGE";
}

function create({ request, response }) {
  const last = request.session.at(-1);
  const code = last ? last.challengeMetadata.replace("CODE-", "") : String(randomInt(1_000_000)).padStart(6, "0");
  if (!last && request.userAttributes.email) console.log(`The code for ${request.userAttributes.email} is ${code}`);
  response.publicChallengeParameters = { medium: "EMAIL" };
  response.privateChallengeParameters = { code };
  response.challengeMetadata = `CODE-${code}`;
}

function verify({ request, response }) {
  const [expected, given] = [request.privateChallengeParameters.code, request.challengeAnswer].map((text) => Buffer.from(text));
  response.answerCorrect = expected.length === given.length && timingSafeEqual(expected, given);
}

export const handler = async (event) => {
  const trigger = event.triggerSource.split("_")[0];
  ({ DefineAuthChallenge: define, CreateAuthChallenge: create, VerifyAuthChallengeResponse: verify })[trigger](event);
  return event;
};
