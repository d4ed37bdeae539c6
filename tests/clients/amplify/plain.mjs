// What Amplify gives, as JSON can carry it: of functions only the address for authenticator apps, of tokens what they are as text.
export function plain(value) {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plain);
  const given = Object.entries(value).filter(([, inner]) => typeof inner !== 'function');
  const result = Object.fromEntries(given.map(([name, inner]) => [name, plain(inner)]));
  if (value.getSetupUri) result.setupUri = value.getSetupUri('Shop').href;
  if (value.payload) result.text = value.toString();
  return result;
}
