#!/usr/bin/env bash
# Run by LocalStack when it is ready: makes the bucket and publishes the sample models, files first and manifests last.
set -euo pipefail
samples=${SAMPLES:-/models-local}

awslocal s3api head-bucket --bucket modelyard 2> /dev/null || awslocal s3api create-bucket --bucket modelyard > /dev/null
# Not access/: the keys of a folder are not those of a bucket.
for folder in models registry; do
  if [ -d "$samples/$folder" ]; then
    awslocal s3 cp --recursive --only-show-errors "$samples/$folder" "s3://modelyard/yard/$folder"
  fi
done
echo filled | awslocal s3 cp --only-show-errors - s3://modelyard/yard/filled
