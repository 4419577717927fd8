"""Reads the storage at a port with boto3: waits until its bucket exists, or until it has an object, which is downloaded to a file."""

import sys
import time

import boto3
from botocore.exceptions import BotoCoreError, ClientError

port, file = sys.argv[1], sys.argv[2]
client = boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="us-east-1",
    aws_access_key_id="judge",
    aws_secret_access_key="a-secret-of-the-judge",
)
if file == "--wait":
    for _ in range(240):
        try:
            client.head_bucket(Bucket="backups")
            sys.exit()
        except (BotoCoreError, ClientError):
            time.sleep(0.25)
    sys.exit("the storage does not answer")
for _ in range(240):
    listed = client.list_objects_v2(Bucket="backups").get("Contents", [])
    if listed:
        break
    time.sleep(0.25)
(found,) = listed
assert "Uploads" not in client.list_multipart_uploads(Bucket="backups"), "an upload is unfinished"
client.download_file("backups", found["Key"], file)
print(found["Size"])
