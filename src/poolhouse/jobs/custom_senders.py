"""Gives messages to the functions of pools that send them: the code is encrypted and put into the event, and the function is called."""

import base64
import os

import msgspec

from poolhouse.crypto import encryption_sdk
from poolhouse.delivery.messages import Function, Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked
from poolhouse.triggers.invoker import Invoker
from poolhouse.triggers.kms_keys import KMSKeys, NoKey

MOST_ATTEMPTS = 3  # of a function that raises, as asynchronous invocations on Lambda: one and two more
CONTEXT_KEY = "userpool-id"  # DOC: of the encryption context, as the guide's key policy names it


class CustomSenders:
    """What the outbox of one server calls."""

    def __init__(self, invoker: Invoker, keys: KMSKeys) -> None:
        self._invoker = invoker
        self._keys = keys

    async def send(self, message: Message, function: Function, attempt: int) -> None:
        """Until the function has taken it. attempt: from 1. Raises NotSent.

        Final: a key that leads nowhere, and a function that raises for the third time. Whatever else keeps it from being
        called may be gone later.
        """
        arn, event = function.arn, msgspec.json.decode(function.event)
        extra = {"job": "deliver", "request_id": function.request_id}
        try:
            if message.code:  # a notification has none
                event["request"]["code"] = await self._encrypted(message, function.key_id)
            await self._invoker.invoke(message.user_pool_id, arn, msgspec.json.encode(event), extra, is_event=True)
        except NoKey as failure:
            raise NotSent(str(failure), is_final=True) from failure
        except NotInvoked as failure:
            raise NotSent(f"{arn} was not invoked: {failure}: {failure.detail}") from failure
        except (FunctionFailed, BadAnswer) as failure:
            raise NotSent(f"{arn} failed: {failure}", is_final=attempt >= MOST_ATTEMPTS) from failure

    async def _encrypted(self, message: Message, key_id: str) -> str:
        """The code as a message of the AWS Encryption SDK, in base64."""
        context = {CONTEXT_KEY: message.user_pool_id}
        data_key = await self._keys.new_data_key(key_id, context)
        sealed = encryption_sdk.encrypt(message.code.encode(), data_key, context, os.urandom)
        return base64.b64encode(sealed).decode()
