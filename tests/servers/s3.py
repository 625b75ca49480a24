"""An S3 server in this process: moto, spoken to over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class S3Server:
    """A running server; `port` on loopback, `endpoint_url` for boto3."""

    port: int

    @property
    def endpoint_url(self) -> str:
        """Return the URL to give to boto3."""
        return f"http://127.0.0.1:{self.port}"

    def make_bucket(self, name: str) -> str:
        """Make a bucket and return its name."""
        location = {"LocationConstraint": "eu-central-1"}
        boto3.client("s3", endpoint_url=self.endpoint_url).create_bucket(
            Bucket=name,
            CreateBucketConfiguration=location,  # type: ignore[arg-type]
        )
        return name


def running_s3() -> Iterator[S3Server]:
    """Yield a server, with test credentials in the environment meanwhile; the body of a fixture."""
    before = {name: os.environ.get(name) for name in _CREDENTIALS}
    os.environ.update(_CREDENTIALS)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield S3Server(port=server.get_host_and_port()[1])
    finally:
        server.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
