"""How the functions behind `LambdaConfig` are called: the Lambda Invoke API, a webhook, a local file. What they are told, and what
their answer means, is decided in pool/triggers."""
