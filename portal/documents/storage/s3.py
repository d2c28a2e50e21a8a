"""A bucket of an S3-compatible server: only calls that every such server understands."""

from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.core.errors import Unavailable
from portal.documents.storage.interface import LONGEST_LINK, NotStored, checked

CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path", "payload_signing_enabled": True},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=3,
    read_timeout=5,
    retries={"total_max_attempts": 1},
)
"""An upload fails within ten seconds; the signed hash of the body makes the server refuse damaged bytes."""
ABSENT = {"NoSuchKey", "404"}


class S3Bucket:
    """One bucket, reached by path."""

    def __init__(self, *, endpoint: str, bucket: str, access_key: str, secret_key: str) -> None:
        self.bucket = bucket
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name="us-east-1",
            config=CONFIG,
        )

    def put(self, key: str, content: bytes) -> None:
        """Store an object; the server answers once it is durable."""
        self._ask("put_object", Key=checked(key), Body=content, ContentType="application/octet-stream")

    def get(self, key: str) -> bytes:
        """Read an object."""
        answer = self._ask("get_object", Key=checked(key))
        try:
            with answer["Body"] as body:
                content: bytes = body.read()
        except (BotoCoreError, OSError) as error:
            raise Unavailable from error
        return content

    def presigned(self, key: str, *, name: str, seconds: int = LONGEST_LINK) -> str | None:
        """A GET address signed for this object, as an attachment under its name."""
        parameters = {
            "Bucket": self.bucket,
            "Key": checked(key),
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "ResponseContentType": "application/octet-stream",
            "ResponseCacheControl": "no-store",
        }
        address: str = self.client.generate_presigned_url(
            "get_object", Params=parameters, ExpiresIn=min(seconds, LONGEST_LINK)
        )
        return address

    def delete(self, key: str) -> None:
        """Remove one object."""
        self._ask("delete_object", Key=checked(key))

    def ready(self) -> str | None:
        """Whether the bucket answers to our key."""
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except (ClientError, BotoCoreError) as error:
            return f"the bucket {self.bucket} does not answer: {type(error).__name__}"
        return None

    def _ask(self, call: str, **parameters: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self.client, call)(Bucket=self.bucket, **parameters)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ABSENT:
                raise NotStored(parameters["Key"]) from error
            raise Unavailable from error
        except BotoCoreError as error:
            raise Unavailable from error
        return answer
