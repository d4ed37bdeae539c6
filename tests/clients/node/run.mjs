// How every script here talks: arguments are one JSON object, each result is one line of JSON on standard output.
export const options = JSON.parse(process.argv[2] ?? '{}');

export function tell(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

export function told(error) {
  return { error: { name: error.name === 'Error' ? error.constructor.name : error.name, code: error.code, message: error.message } };
}
