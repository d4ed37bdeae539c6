"""A Lambda function that writes down what it is told and answers as the test says; the same source for every kind of target."""

import json
import os
import time
from pathlib import Path


def lambda_handler(event, context):
    folder = Path(os.environ["RECORDER_FOLDER"])
    told = {"event": event, "arn": context.invoked_function_arn, "request_id": context.aws_request_id}
    with (folder / f"{event['userPoolId']}.events").open("a") as events:
        events.write(json.dumps(told) + "\n")
    wanted = folder / f"{event['userPoolId']}.{event['triggerSource'].partition('_')[0]}"
    for name, value in (json.loads(wanted.read_text()) if wanted.exists() else {}).items():
        match name:
            case "response":
                event["response"].update(value)
            case "change":
                event.update(value)
            case "error":
                print("about to raise")  # noqa: T201  for the log
                raise ValueError(value)
            case "sleep":
                time.sleep(value)
            case "exit":
                os._exit(value)
            case "answer":
                return value
            case "big":
                event["response"]["padding"] = "x" * value
    return event
