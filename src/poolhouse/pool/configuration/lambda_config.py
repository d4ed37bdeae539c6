"""Which function each trigger of a pool calls, read from its LambdaConfig."""

from typing import Literal

import msgspec

from poolhouse.wire import shapes

TokenVersion = Literal["V1_0", "V2_0", "V3_0"]


class Triggers(msgspec.Struct, frozen=True):
    """The ARNs; empty where a pool has no such trigger. pre_token_version: DOC, V3_0 fires for client_credentials too."""

    pre_sign_up: str = ""
    post_confirmation: str = ""
    pre_authentication: str = ""
    post_authentication: str = ""
    pre_token_generation: str = ""
    pre_token_version: TokenVersion = "V1_0"
    custom_message: str = ""
    custom_email_sender: str = ""
    custom_sms_sender: str = ""
    kms_key_id: str = ""
    user_migration: str = ""
    define_auth_challenge: str = ""
    create_auth_challenge: str = ""
    verify_auth_challenge_response: str = ""

    @property
    def has_custom_auth(self) -> bool:
        """CUSTOM_AUTH needs all three."""
        return bool(self.define_auth_challenge and self.create_auth_challenge and self.verify_auth_challenge_response)

    @property
    def pre_client_token_generation(self) -> str:
        return self.pre_token_generation if self.pre_token_version == "V3_0" else ""


def triggers(settings: shapes.UserPoolType) -> Triggers:
    """PreTokenGeneration alone is version V1_0 (DOC)."""
    config = settings.LambdaConfig
    if config is None:
        return Triggers()
    versioned = config.PreTokenGenerationConfig
    version: TokenVersion = "V1_0"
    if versioned is not None and versioned.LambdaVersion in ("V2_0", "V3_0"):
        version = "V2_0" if versioned.LambdaVersion == "V2_0" else "V3_0"
    return Triggers(
        pre_sign_up=config.PreSignUp or "",
        post_confirmation=config.PostConfirmation or "",
        pre_authentication=config.PreAuthentication or "",
        post_authentication=config.PostAuthentication or "",
        pre_token_generation=(versioned.LambdaArn if versioned is not None else config.PreTokenGeneration) or "",
        pre_token_version=version,
        custom_message=config.CustomMessage or "",
        custom_email_sender="" if config.CustomEmailSender is None else config.CustomEmailSender.LambdaArn,
        custom_sms_sender="" if config.CustomSMSSender is None else config.CustomSMSSender.LambdaArn,
        kms_key_id=config.KMSKeyID or "",
        user_migration=config.UserMigration or "",
        define_auth_challenge=config.DefineAuthChallenge or "",
        create_auth_challenge=config.CreateAuthChallenge or "",
        verify_auth_challenge_response=config.VerifyAuthChallengeResponse or "",
    )
