// How every script here talks: arguments are one JSON object, each result is one line of JSON on standard output.
export const options = JSON.parse(process.argv[2] ?? '{}');

export function tell(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

export function told(error) {
  return { error: { name: error.name === 'Error' ? error.constructor.name : error.name, code: error.code, message: error.message } };
}

/** The row's own text as an expression, which sees these names. */
export function evaluate(names) {
  const AsyncFunction = (async () => {}).constructor;
  return new AsyncFunction(...Object.keys(names), `return (${options.code});`)(...Object.values(names));
}

/** The row of README.md that the options name: what it gives, or its error. */
export async function runRow(rows) {
  try {
    tell(await rows[options.row]());
  } catch (error) {
    tell(told(error));
  }
  process.exit();
}
