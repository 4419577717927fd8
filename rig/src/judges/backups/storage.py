"""A storage with the API of S3, by moto: serves a bucket at a port until it is stopped."""

import sys
import threading

import boto3
from moto.server import ThreadedMotoServer

port = int(sys.argv[1])
server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
server.start()
client = boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="us-east-1",
    aws_access_key_id="judge",
    aws_secret_access_key="a-secret-of-the-judge",
)
client.create_bucket(Bucket="backups")
threading.Event().wait()
