"""CSV user import through the API and the upload address (user-pools-api.md §9.3)."""

import asyncio
import base64
import hashlib
import http.client
import subprocess
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import bcrypt
import httpx
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import refused, values
from tests.support.server import COMMAND, Server
from tests.support.srp import SRPClient
from tests.support.user_import import (
    ENCRYPTED,
    ROLE,
    counts,
    create,
    describe,
    finished,
    imported,
    put,
    uploaded,
)

STANDARD = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
]
NO_JOB = "User import job does not exist."
SUCCEEDED = "The user import job has completed."
NONE_VERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
)


@pytest.fixture(scope="module")
def pool(pools: Pools) -> str:
    return pools.user_pool(AutoVerifiedAttributes=["email"])


@pytest.fixture(scope="module")
def client_id(pools: Pools, pool: str) -> str:
    return pools.client_id(pool, PreventUserExistenceErrors="LEGACY")


def table(*rows: str, header: str = "cognito:username,email,email_verified") -> str:
    return "\n".join([header, *rows]) + "\n"


def person(name: str = "") -> str:
    name = name or unique("person")
    return f"{name},{name}@example.com,TRUE"


def report(server: Server, job_id: str) -> list[str]:
    """The lines of `poolhouse imports report`."""
    database = ["--database-url", server.database_url] if server.database_url else []
    ran = subprocess.run(
        [str(COMMAND), "imports", "report", job_id, "--data", str(server.data), *database],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ran.stdout.splitlines()


class TestGetCSVHeader:
    def test_standard_attributes_then_the_pools_own_then_two_of_the_import(self, cognito: Any, pools: Pools) -> None:
        custom = {"Name": "tier", "AttributeDataType": "String"}
        user_pool_id = pools.user_pool(Schema=[custom])
        answer = cognito.get_csv_header(UserPoolId=user_pool_id)
        assert answer["UserPoolId"] == user_pool_id
        assert answer["CSVHeader"] == [*STANDARD, "custom:tier", "cognito:mfa_enabled", "cognito:username"]


class TestCreateUserImportJob:
    def test_it_is_answered_whole(self, cognito: Any, pool: str) -> None:
        job = create(cognito, pool, JobName="my job", PasswordHashingAlgorithm="BCRYPT")
        assert job.pop("JobId").startswith("import-")
        assert job.pop("PreSignedUrl").startswith("http")
        assert abs((datetime.now(UTC) - job.pop("CreationDate")).total_seconds()) < 60
        assert job == {
            "JobName": "my job",
            "UserPoolId": pool,
            "Status": "Created",
            "CloudWatchLogsRoleArn": ROLE,
            "PasswordHashingAlgorithm": "BCRYPT",
            "ImportedUsers": 0,
            "SkippedUsers": 0,
            "FailedUsers": 0,
        }


class TestDescribeUserImportJob:
    def test_as_it_was_made(self, cognito: Any, pool: str) -> None:
        made = create(cognito, pool)
        shown = describe(cognito, pool, made["JobId"])
        assert {**shown, "PreSignedUrl": ""} == {**made, "PreSignedUrl": ""}

    def test_one_that_is_not_there(self, cognito: Any, pool: str) -> None:
        with refused("ResourceNotFound", NO_JOB):
            describe(cognito, pool, "import-nothing")

    def test_one_of_another_pool(self, cognito: Any, pools: Pools, pool: str) -> None:
        made = create(cognito, pools.user_pool())
        with refused("ResourceNotFound", NO_JOB):
            describe(cognito, pool, made["JobId"])


class TestListUserImportJobs:
    def test_the_latest_first_page_by_page(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        made = [create(cognito, user_pool_id)["JobId"] for _ in range(5)]
        found: list[str] = []
        token: dict[str, str] = {}
        while True:
            answer = cognito.list_user_import_jobs(UserPoolId=user_pool_id, MaxResults=2, **token)
            found += [job["JobId"] for job in answer["UserImportJobs"]]
            if "PaginationToken" not in answer:
                break
            token = {"PaginationToken": answer["PaginationToken"]}
        assert sorted(found) == sorted(made)
        dates = [describe(cognito, user_pool_id, job_id)["CreationDate"] for job_id in found]
        assert dates == sorted(dates, reverse=True)

    def test_a_token_that_is_none(self, cognito: Any, pool: str) -> None:
        with refused("InvalidParameter", "Invalid pagination token"):
            cognito.list_user_import_jobs(UserPoolId=pool, MaxResults=2, PaginationToken="x")


class TestUpload:
    """PUT at the PreSignedUrl."""

    def test_it_wants_the_header_that_the_guide_names(self, cognito: Any, pool: str) -> None:
        url = create(cognito, pool)["PreSignedUrl"]
        answer = put(url, table(person()), headers={})
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/xml")
        assert "<Code>AccessDenied</Code>" in answer.text

    @pytest.mark.parametrize("wrong", ["", "?token=", "?token=AAAA", "?token=%00"])
    def test_an_address_of_nobodys_takes_nothing(self, server: Server, wrong: str) -> None:
        answer = put(f"{server.url}/_poolhouse/user-import{wrong}", table(person()))
        assert answer.status_code == 403
        assert "<Code>AccessDenied</Code>" in answer.text

    def test_an_edited_address(self, cognito: Any, pool: str) -> None:
        url = create(cognito, pool)["PreSignedUrl"]
        assert put(url[:-6] + "AAAAAA", table(person())).status_code == 403

    def test_another_method(self, cognito: Any, pool: str) -> None:
        assert httpx.get(create(cognito, pool)["PreSignedUrl"]).status_code == 405

    async def test_the_last_file_is_the_one(self, cognito: Any, pool: str) -> None:
        first, second = person(), person()
        job = create(cognito, pool)
        assert put(job["PreSignedUrl"], table(first)).status_code == 200
        assert put(job["PreSignedUrl"], table(second)).status_code == 200
        cognito.start_user_import_job(UserPoolId=pool, JobId=job["JobId"])
        assert counts(await finished(cognito, pool, job["JobId"])) == (1, 0, 0)
        cognito.admin_get_user(UserPoolId=pool, Username=second.split(",")[0])
        with refused("UserNotFound"):
            cognito.admin_get_user(UserPoolId=pool, Username=first.split(",")[0])

    async def test_not_once_the_job_was_started(self, cognito: Any, pool: str) -> None:
        job = create(cognito, pool)
        put(job["PreSignedUrl"], table(person()))
        cognito.start_user_import_job(UserPoolId=pool, JobId=job["JobId"])
        await finished(cognito, pool, job["JobId"])
        answer = put(job["PreSignedUrl"], table(person()))
        assert (answer.status_code, "takes no file any more" in answer.text) == (403, True)

    def test_a_file_beyond_100_mb(self, cognito: Any, pool: str) -> None:
        url = create(cognito, pool)["PreSignedUrl"]
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.putrequest("PUT", f"{parts.path}?{parts.query}")
        for name, value in {**ENCRYPTED, "content-length": str(104_857_601)}.items():
            connection.putheader(name, value)
        connection.endheaders()  # refused by its head: no byte of the body is sent
        answer = connection.getresponse()
        assert (answer.status, b"<Code>EntityTooLarge</Code>" in answer.read()) == (400, True)

    def test_the_address_is_good_for_15_minutes(self, clocked: Server) -> None:
        server, cognito = clocked, clocked.client()
        user_pool_id = Pools(cognito).user_pool(AutoVerifiedAttributes=["email"])
        job = create(cognito, user_pool_id)
        server.advance_clock(901)
        answer = put(job["PreSignedUrl"], table(person()))
        assert (answer.status_code, "Request has expired" in answer.text) == (403, True)
        # A description has a fresh one.
        assert put(describe(cognito, user_pool_id, job["JobId"])["PreSignedUrl"], table(person())).status_code == 200


class TestStartUserImportJob:
    async def test_from_pending_to_its_end(self, cognito: Any, pool: str) -> None:
        job_id = uploaded(cognito, pool, table(person(), person()))
        started = cognito.start_user_import_job(UserPoolId=pool, JobId=job_id)["UserImportJob"]
        assert (started["Status"], "StartDate" in started, "PreSignedUrl" in started) == ("Pending", True, False)
        job = await finished(cognito, pool, job_id)
        assert (job["Status"], job["CompletionMessage"], counts(job)) == ("Succeeded", SUCCEEDED, (2, 0, 0))
        assert job["CreationDate"] <= job["StartDate"] <= job["CompletionDate"]

    def test_one_that_is_not_there(self, cognito: Any, pool: str) -> None:
        with refused("ResourceNotFound", NO_JOB):
            cognito.start_user_import_job(UserPoolId=pool, JobId="import-nothing")

    def test_without_a_file(self, cognito: Any, pool: str) -> None:
        job_id = create(cognito, pool)["JobId"]
        with refused("PreconditionNotMet", "The import job has no file. Upload one to its PreSignedUrl."):
            cognito.start_user_import_job(UserPoolId=pool, JobId=job_id)

    def test_in_a_pool_that_verifies_nothing_by_itself(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        job_id = uploaded(cognito, user_pool_id, table(person()))
        with refused("PreconditionNotMet", "The user pool has no auto verified attributes."):
            cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=job_id)

    async def test_once(self, cognito: Any, pool: str) -> None:
        job_id = uploaded(cognito, pool, table(person()))
        cognito.start_user_import_job(UserPoolId=pool, JobId=job_id)
        await finished(cognito, pool, job_id)
        with refused("PreconditionNotMet", "The import job was started before, or has expired."):
            cognito.start_user_import_job(UserPoolId=pool, JobId=job_id)

    def test_a_day_later(self, clocked: Server) -> None:
        cognito = clocked.client()
        user_pool_id = Pools(cognito).user_pool(AutoVerifiedAttributes=["email"])
        job_id = uploaded(cognito, user_pool_id, table(person()))
        clocked.advance_clock(86_401)
        job = describe(cognito, user_pool_id, job_id)
        assert (job["Status"], "PreSignedUrl" in job) == ("Expired", False)
        with refused("PreconditionNotMet", "The import job was started before, or has expired."):
            cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=job_id)

    async def test_one_at_a_time_and_the_pool_stays_as_it_is_meanwhile(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        long = uploaded(cognito, user_pool_id, table(*(person() for _ in range(6_000))))
        other = uploaded(cognito, user_pool_id, table(person()))
        cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=long)
        with refused("PreconditionNotMet", "Another import job is active."):
            cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=other)
        running = "The user pool has a user import job that is running."
        with refused("UserImportInProgress", running):
            cognito.update_user_pool(UserPoolId=user_pool_id, AutoVerifiedAttributes=["email"])
        with refused("UserImportInProgress", running):
            custom = [{"Name": "tier", "AttributeDataType": "String"}]
            cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=custom)
        with refused("UserImportInProgress", running):
            cognito.delete_user_pool(UserPoolId=user_pool_id)
        cognito.stop_user_import_job(UserPoolId=user_pool_id, JobId=long)
        job = await finished(cognito, user_pool_id, long)
        assert (job["Status"], job["CompletionMessage"]) == ("Stopped", "The Import Job was stopped by the developer.")
        # It ended between two chunks: who is counted is there, and nobody else.
        users = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["EstimatedNumberOfUsers"]
        assert job["ImportedUsers"] == users < 6_000
        cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=other)
        assert counts(await finished(cognito, user_pool_id, other)) == (1, 0, 0)
        cognito.delete_user_pool(UserPoolId=user_pool_id)


class TestStopUserImportJob:
    def test_one_that_is_not_there(self, cognito: Any, pool: str) -> None:
        with refused("ResourceNotFound", NO_JOB):
            cognito.stop_user_import_job(UserPoolId=pool, JobId="import-nothing")

    async def test_before_it_began_and_after_its_end(self, cognito: Any, pool: str) -> None:
        job_id = uploaded(cognito, pool, table(person()))
        with refused("PreconditionNotMet", "The import job is not running."):
            cognito.stop_user_import_job(UserPoolId=pool, JobId=job_id)
        cognito.start_user_import_job(UserPoolId=pool, JobId=job_id)
        await finished(cognito, pool, job_id)
        with refused("PreconditionNotMet", "The import job is not running."):
            cognito.stop_user_import_job(UserPoolId=pool, JobId=job_id)


class TestRows:
    async def test_a_whole_user(self, cognito: Any, pool: str, client_id: str) -> None:
        header = ",".join([*STANDARD, "cognito:mfa_enabled", "cognito:username"])
        name = unique("person")
        said = {
            "given_name": "  Jane ",
            "address": r"100 Main Street\, Springfield",
            "email": f"{name}@example.com",
            "email_verified": "TRUE",
            "phone_number": "+12345550199",
            "phone_number_verified": "FALSE",
            "birthdate": "02/01/1985",
            "updated_at": "1471453471",
            "cognito:mfa_enabled": "FALSE",
            "cognito:username": name,
        }
        row = ",".join(said.get(column, "") for column in header.split(","))
        assert counts(await imported(cognito, pool, table(row, header=header))) == (1, 0, 0)
        user = cognito.admin_get_user(UserPoolId=pool, Username=name)
        assert (user["UserStatus"], user["Enabled"]) == ("RESET_REQUIRED", True)
        found = values(user["UserAttributes"])
        assert len(found.pop("sub")) == 36
        assert found == {
            "given_name": "Jane",
            "address": "100 Main Street, Springfield",
            "email": f"{name}@example.com",
            "email_verified": "true",
            "phone_number": "+12345550199",
            "phone_number_verified": "false",
            "birthdate": "1985-02-01",
            "updated_at": "1471453471",
        }
        with refused("PasswordResetRequired", "Password reset required for the user"):
            sign_in(cognito, client_id, name, PASSWORD)

    async def test_the_imported_set_a_password_by_a_code(
        self, cognito: Any, pool: str, client_id: str, inbox: Any
    ) -> None:
        row = person()
        name, address, _ = row.split(",")
        await imported(cognito, pool, table(row))
        cognito.forgot_password(ClientId=client_id, Username=name)
        code = inbox.code(address)
        cognito.confirm_forgot_password(ClientId=client_id, Username=name, ConfirmationCode=code, Password=PASSWORD)
        assert sign_in(cognito, client_id, name, PASSWORD)["AccessToken"]

    async def test_who_can_sign_in_by_a_code_is_confirmed(self, cognito: Any, pools: Pools) -> None:
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], Policies=policy)
        row = person()
        await imported(cognito, user_pool_id, table(row))
        user = cognito.admin_get_user(UserPoolId=user_pool_id, Username=row.split(",")[0])
        assert user["UserStatus"] == "CONFIRMED"

    async def test_each_line_by_itself(self, server: Server, cognito: Any, pool: str) -> None:
        """acceptance 66."""
        there = person()
        await imported(cognito, pool, table(there))
        formula = "=HYPERLINK(evil)+1"
        rows = [
            f"{formula},{unique()}@example.com,TRUE",  # 2: text like any other
            there,  # 3
            f"{unique()},{unique()}@example.com,FALSE",  # 4
            f"{unique()},nobody,TRUE",  # 5
            "",  # 6: blank
            f'"{unique()}',  # 7: a quoted line break is two lines
            f'x",{unique()}@example.com,TRUE',  # 8: a name like any other
            f"{unique()}{'x' * 16_000},{unique()}@example.com,TRUE",  # 9
            f"two words,{unique()}@example.com,TRUE",  # 10
            f",{unique()}@example.com,TRUE",  # 11
            f"{unique()},{unique()}@example.com,maybe",  # 12
            person(),  # 13
        ]
        file = b"\xef\xbb\xbf" + table(*rows).encode().replace(b"\n", b"\r\n") + b"\xff\xfe,x@example.com,TRUE"
        job = await imported(cognito, pool, file)
        assert (job["Status"], counts(job)) == ("Succeeded", (3, 1, 8))
        assert values(cognito.admin_get_user(UserPoolId=pool, Username=formula)["UserAttributes"])["email_verified"]
        assert report(server, job["JobId"]) == [
            "[SKIPPED] Line Number 3 - The user already exists.",
            f"[FAILED] Line Number 4 - {NONE_VERIFIED}",
            "[FAILED] Line Number 5 - Invalid email address format.",
            "[FAILED] Line Number 7 - The line has 1 values, and the header row 3.",
            "[FAILED] Line Number 9 - The line has more than 16000 characters.",
            "[FAILED] Line Number 10 - The cognito:username has white space.",
            "[FAILED] Line Number 11 - The line has no cognito:username.",
            "[FAILED] Line Number 12 - Attributes did not conform to the schema: email_verified: Value is not of type Boolean",
            "[FAILED] Line Number 14 - The line is not UTF-8.",
        ]

    async def test_the_same_name_and_the_same_address_twice(self, server: Server, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], AliasAttributes=["email"])
        name, address = unique("person"), f"{unique()}@example.com"
        rows = [f"{name},{address},TRUE", f"{name},{unique()}@example.com,TRUE", f"{unique()},{address},TRUE"]
        job = await imported(cognito, user_pool_id, table(*rows))
        assert (job["Status"], counts(job)) == ("Succeeded", (1, 1, 1))
        assert report(server, job["JobId"]) == [
            "[SKIPPED] Line Number 3 - The user already exists.",
            "[FAILED] Line Number 4 - An account with the given email already exists.",
        ]

    async def test_where_the_address_is_the_name(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], UsernameAttributes=["email"])
        address = f"{unique()}@example.com"
        rows = [f"{address},{address},TRUE", f"{address},{address},TRUE", f"{unique()},{unique()}@example.com,TRUE"]
        job = await imported(cognito, user_pool_id, table(*rows))
        assert counts(job) == (1, 1, 1)
        user = cognito.admin_get_user(UserPoolId=user_pool_id, Username=address)
        found = values(user["UserAttributes"])
        assert (found["email"], user["Username"]) == (address, found["sub"])

    @pytest.mark.parametrize(
        ("mode", "said", "is_taken"),
        [
            ("OFF", "TRUE", False),
            ("OFF", "", True),
            ("ON", "FALSE", False),
            ("ON", "TRUE", True),
            ("OPTIONAL", "no", False),
        ],
    )
    async def test_what_the_mode_of_the_pool_allows(
        self, cognito: Any, pools: Pools, mode: str, said: str, is_taken: bool
    ) -> None:
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        totp = {"Enabled": mode != "OFF"}
        cognito.set_user_pool_mfa_config(
            UserPoolId=user_pool_id, MfaConfiguration=mode, SoftwareTokenMfaConfiguration=totp
        )
        header = "cognito:username,email,email_verified,cognito:mfa_enabled"
        job = await imported(cognito, user_pool_id, table(f"{person()},{said}", header=header))
        assert counts(job) == ((1, 0, 0) if is_taken else (0, 0, 1))

    async def test_mfa_by_text_message(self, cognito: Any, pools: Pools) -> None:
        sms = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
        user_pool_id = pools.user_pool(
            AutoVerifiedAttributes=["phone_number"], SmsConfiguration=sms, MfaConfiguration="OPTIONAL"
        )
        header = "cognito:username,phone_number,phone_number_verified,cognito:mfa_enabled"
        names = [unique(), unique()]
        rows = [f"{names[0]},+12345550100,TRUE,TRUE", f"{names[1]},+12345550101,TRUE,"]
        await imported(cognito, user_pool_id, table(*rows, header=header))
        users = [cognito.admin_get_user(UserPoolId=user_pool_id, Username=name) for name in names]
        assert [user.get("UserMFASettingList") for user in users] == [["SMS_MFA"], None]

    async def test_required_attributes_are_required(self, server: Server, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(
            AutoVerifiedAttributes=["email"], Schema=[{"Name": "family_name", "Required": True}]
        )
        job = await imported(cognito, user_pool_id, table(person()))
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 1))
        assert job["CompletionMessage"] == "Too many users have failed or been skipped during the import."
        assert "family_name: The attribute is required" in report(server, job["JobId"])[0]


class TestHeaders:
    @pytest.mark.parametrize(
        ("header", "message"),
        [
            ("cognito:username,email,emial_verified", "does not fit the attributes of the user pool."),
            ("cognito:username,email,email", "does not fit the attributes of the user pool."),
            ("name,email,email_verified", "has no cognito:username."),
            ("cognito:username,sub,email_verified", "does not fit the attributes of the user pool."),
        ],
    )
    async def test_one_that_would_lose_something_fails_the_job(
        self, cognito: Any, pool: str, header: str, message: str
    ) -> None:
        job = await imported(cognito, pool, table(person(), header=header))
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 0))
        assert job["CompletionMessage"] == f"The header row of the CSV file {message}"

    @pytest.mark.parametrize("content", [b"\xff\xfec\x00o\x00", b"\x00", b"", b"\n\n"])
    async def test_no_header_at_all(self, cognito: Any, pool: str, content: bytes) -> None:
        assert (await imported(cognito, pool, content))["Status"] == "Failed"


def scrypt(password: str) -> str:
    salt = bytes(range(16))
    return f"16384$8$1${salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32).hex()}"


def pbkdf2(password: str) -> str:
    salt = bytes(range(16))
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 29_000)
    text = [base64.b64encode(part).decode().rstrip("=").replace("+", ".") for part in (salt, made)]
    return f"$pbkdf2-sha256$29000${text[0]}${text[1]}"


def argon2id(password: str) -> str:
    kdf = Argon2id(salt=bytes(range(16)), length=32, iterations=2, lanes=1, memory_cost=8_192)
    return str(kdf.derive_phc_encoded(password.encode()))


def sign_in(cognito: Any, client_id: str, username: str, password: str) -> dict[str, Any]:
    answer = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return dict(answer["AuthenticationResult"])


def srp_sign_in(cognito: Any, client_id: str, user_pool_id: str, username: str, password: str) -> dict[str, Any]:
    attempt = SRPClient(user_pool_id, username, password)
    challenge = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=attempt.parameters)
    answer = cognito.respond_to_auth_challenge(
        ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=attempt.responses(challenge)
    )
    return dict(answer["AuthenticationResult"])


HASHED = "cognito:username,email,email_verified,password_hash"


class TestPasswordHashes:
    @pytest.mark.parametrize(
        ("algorithm", "hashed"),
        [
            ("BCRYPT", lambda word: bcrypt.hashpw(word.encode(), bcrypt.gensalt(5)).decode()),
            ("BCRYPT", lambda word: bcrypt.hashpw(word.encode(), bcrypt.gensalt(5)).decode().replace("$2b", "$2y", 1)),
            ("SCRYPT", scrypt),
            ("ARGON2ID", argon2id),
            ("ARGON2ID", lambda word: argon2id(word).replace(",", "\\,")),
            ("PBKDF2_SHA256", pbkdf2),
        ],
    )
    async def test_the_password_of_before_signs_in_and_is_kept_as_ours(
        self, cognito: Any, pool: str, client_id: str, algorithm: str, hashed: Any
    ) -> None:
        row, word = person(), "väterchen 1"  # no policy is asked
        name = row.split(",")[0]
        file = table(f"{row},{hashed(word)}", header=HASHED)
        assert counts(await imported(cognito, pool, file, PasswordHashingAlgorithm=algorithm)) == (1, 0, 0)
        assert cognito.admin_get_user(UserPoolId=pool, Username=name)["UserStatus"] == "CONFIRMED"
        with refused("NotAuthorized", "Incorrect username or password."):
            sign_in(cognito, client_id, name, word + "x")
        with refused("NotAuthorized", "Incorrect username or password."):
            srp_sign_in(
                cognito, client_id, pool, name, word
            )  # DOC: not before the first sign-in by the password itself
        assert sign_in(cognito, client_id, name, word)["AccessToken"]
        assert srp_sign_in(cognito, client_id, pool, name, word)["AccessToken"]
        assert sign_in(cognito, client_id, name, word)["AccessToken"]

    async def test_no_hash_is_a_password_to_be_set(self, cognito: Any, pool: str) -> None:
        row = person()
        job = await imported(cognito, pool, table(f"{row},", header=HASHED), PasswordHashingAlgorithm="BCRYPT")
        assert counts(job) == (1, 0, 0)
        assert cognito.admin_get_user(UserPoolId=pool, Username=row.split(",")[0])["UserStatus"] == "RESET_REQUIRED"

    @pytest.mark.parametrize(
        ("algorithm", "wrong", "why"),
        [
            ("BCRYPT", "plain", "The password hash is malformed."),
            ("BCRYPT", "$2b$13$" + "a" * 53, "A parameter of the password hash is out of bounds."),
            ("BCRYPT", pbkdf2("x"), "The password hash is malformed."),
            ("SCRYPT", f"131072$8$1${'aa' * 16}${'aa' * 32}", "A parameter of the password hash is out of bounds."),
            ("SCRYPT", f"1000$8$1${'aa' * 16}${'aa' * 32}", "A parameter of the password hash is out of bounds."),
            ("SCRYPT", f"16384$8$2${'aa' * 16}${'aa' * 32}", "A parameter of the password hash is out of bounds."),
            (
                "ARGON2ID",
                "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
                "A parameter of the password hash is out of bounds.",
            ),
            (
                "ARGON2ID",
                "$argon2i$v=19$m=4096\\,t=2\\,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43,
                "The password hash is malformed.",
            ),
            (
                "PBKDF2_SHA256",
                pbkdf2("x").replace("29000", "600001"),
                "A parameter of the password hash is out of bounds.",
            ),
        ],
    )
    async def test_one_that_is_not_taken(
        self, server: Server, cognito: Any, pool: str, algorithm: str, wrong: str, why: str
    ) -> None:
        row = person()
        job = await imported(cognito, pool, table(f"{row},{wrong}", header=HASHED), PasswordHashingAlgorithm=algorithm)
        assert (job["Status"], counts(job)) == ("Failed", (0, 0, 1))
        assert report(server, job["JobId"]) == [f"[FAILED] Line Number 2 - {why}"]
        with refused("UserNotFound"):
            cognito.admin_get_user(UserPoolId=pool, Username=row.split(",")[0])

    async def test_the_column_has_to_be_there_and_may_not_be_there(self, cognito: Any, pool: str) -> None:
        job = await imported(cognito, pool, table(person()), PasswordHashingAlgorithm="BCRYPT")
        assert job["CompletionMessage"] == "The header row of the CSV file has no password_hash."
        job = await imported(cognito, pool, table(f"{person()},x", header=HASHED))
        assert (
            job["CompletionMessage"] == "The import job has no PasswordHashingAlgorithm for the column password_hash."
        )


class TestImportsList:
    async def test_jobs_with_their_counts(self, server: Server, cognito: Any, pool: str) -> None:
        job = await imported(cognito, pool, table(person(), f"{unique()},x,TRUE"), JobName="for the list")
        database = ["--database-url", server.database_url] if server.database_url else []
        ran = await asyncio.to_thread(
            subprocess.run,
            [str(COMMAND), "imports", "list", "--data", str(server.data), *database],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        line = next(each for each in ran.stdout.splitlines() if each.startswith(job["JobId"]))
        assert "Succeeded" in line
        assert line.endswith(f"{pool}  1 imported, 0 skipped, 1 failed  for the list")
