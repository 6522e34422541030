#!/usr/bin/env bash
# Speaks the two commands of examples/push-by-hand.sh to an S3 server by curl, where the AWS CLI of the machine is missing
# or too old to know --if-none-match (Debian 12 has such a one).
set -euo pipefail

put() {
  local file=$1 bucket=$2 key=$3
  shift 3
  if ! curl --silent --fail-with-body --aws-sigv4 "aws:amz:us-east-1:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
    -H "x-amz-content-sha256: $(sha256sum < "$file" | cut -c1-64)" "$@" -T "$file" "$AWS_ENDPOINT_URL/$bucket/$key" >&2; then
    exit 254
  fi
}

case "$1 $2" in
  's3 cp')
    source=${*: -2:1} target=${*: -1}
    target=${target#s3://}
    if [ -d "$source" ]; then
      (cd "$source" && find . -type f) | while read -r path; do
        put "$source/$path" "${target%%/*}" "${target#*/}/${path#./}"
      done
    else
      put "$source" "${target%%/*}" "${target#*/}"
    fi
    ;;
  's3api put-object')
    shift 2
    while [ $# -gt 0 ]; do
      case $1 in
        --bucket) bucket=$2 ;;
        --key) key=$2 ;;
        --body) body=$2 ;;
        --content-type) ;;
        --if-none-match) match=$2 ;;
        *) echo "Unknown options: $1" >&2; exit 252 ;;
      esac
      shift 2
    done
    put "$body" "$bucket" "$key" -H "If-None-Match: $match"
    ;;
  *) echo "Unknown command: $*" >&2; exit 252 ;;
esac
