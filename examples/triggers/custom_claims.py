"""Claims of your own in the tokens: the tenant of a user, and a scope for its administrators.

Set it as PreTokenGeneration of the pool, version V2_0 or V3_0. It runs unchanged on AWS Lambda.
"""


def lambda_handler(event, context):
    request = event["request"]
    groups = request["groupConfiguration"]["groupsToOverride"] if request["groupConfiguration"] else []
    tenant = request["userAttributes"].get("email", "").rpartition("@")[2] or "none"
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "idTokenGeneration": {"claimsToAddOrOverride": {"tenant": tenant}},
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"tenant": tenant},
            "scopesToAdd": ["tenant/admin"] if "admins" in groups else [],
        },
    }
    return event
