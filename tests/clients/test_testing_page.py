"""docs/testing.md: its commands work as they are printed (first-hour D10)."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_sign_up_and_a_second_code(server, tmp_path):
    script = re.search(r"```sh\n(.*?)```", (ROOT / "docs/testing.md").read_text(), re.DOTALL)[1]
    environment = {
        "PATH": f"{ROOT / '.venv-awscli/bin'}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "client_id": server.demo_client_id,
    }
    told = '\necho; echo to=$email left: $(curl -sf "$inbox?to=$email")\n'
    done = subprocess.run(
        ["bash", "-euc", script.replace("http://localhost:9229", server.url) + told],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    name, left = re.search(r"to=ada\+(\d+)@example\.com left: (.*)", done.stdout).groups()
    assert left == '{"messages":[]}'
    user = server.client().admin_get_user(UserPoolId=server.demo_user_pool_id, Username=f"ada{name}")
    assert user["UserStatus"] == "CONFIRMED"
