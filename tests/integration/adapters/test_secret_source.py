"""Secrets from three places, in order."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest

from mailroom.adapters.secret_source import SecretSource
from mailroom.domain.errors import ConfigurationError, UnavailableError
from tests.servers.listening import free_port
from tests.servers.s3 import S3Server


def test_the_environment_comes_first_then_the_folder(tmp_path: Path):
    (tmp_path / "a").write_text("from the folder\n")
    (tmp_path / "b").write_text("größe\r\n")
    source = SecretSource({"MAILROOM_SECRET_A": "from the environment", "MAILROOM_SECRETS_DIR": str(tmp_path)})

    assert (source.get("a"), source.get("b")) == ("from the environment", "größe")


def test_a_missing_secret_names_every_place_and_no_other_secret(tmp_path: Path):
    with pytest.raises(ConfigurationError) as caught:
        SecretSource({"MAILROOM_SECRET_OTHER": "hush", "MAILROOM_SECRETS_DIR": str(tmp_path)}).get("ap_password")

    assert "MAILROOM_SECRET_AP_PASSWORD" in caught.value.message
    assert str(tmp_path / "ap_password") in caught.value.message
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a b", "", "a\n", "a" * 200])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError):
        SecretSource({"MAILROOM_SECRETS_DIR": str(tmp_path)}).get(name)


def test_an_empty_secret_is_none(tmp_path: Path):
    (tmp_path / "a").write_text("\n")
    with pytest.raises(ConfigurationError):
        SecretSource({"MAILROOM_SECRET_A": "", "MAILROOM_SECRETS_DIR": str(tmp_path)}).get("a")


def test_aws_secrets_manager_is_asked_last_and_once(s3: S3Server):
    client = _aws(s3.port)
    client.create_secret(Name="mailroom/erp", SecretString="from AWS")
    source = SecretSource({"MAILROOM_SECRETS_AWS_PREFIX": "mailroom/"}, connect_aws=lambda: client)

    assert source.get("erp") == "from AWS"
    client.update_secret(SecretId="mailroom/erp", SecretString="newer")
    assert source.get("erp") == "from AWS"
    with pytest.raises(ConfigurationError, match="mailroom/none"):
        source.get("none")


def test_aws_that_does_not_answer_is_unavailable(s3: S3Server):
    source = SecretSource({"MAILROOM_SECRETS_AWS_PREFIX": "m/"}, connect_aws=lambda: _aws(free_port()))
    with pytest.raises(UnavailableError):
        source.get("erp")


def _aws(port: int):
    from botocore.config import Config

    return boto3.client(
        "secretsmanager",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )
