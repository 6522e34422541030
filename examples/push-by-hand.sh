#!/usr/bin/env bash
# Publishes a model with nothing but the AWS CLI and coreutils: the files first, under a push of their own, then the
# manifest, which must be new. Needs an AWS CLI that knows --if-none-match (made after August 2024).
#
# usage: push-by-hand.sh s3://bucket[/prefix] <type> <version> <runtime> <model file or folder>
#
# Ends with 0 when the version is published, 3 when it is there already, and another number when it failed.
set -euo pipefail
export LC_ALL=C

if [ $# -ne 5 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
store=${1%/} type=$2 version=$3 runtime=$4 model=${5%/}
case $store in s3://?*) ;; *) echo "$store is not s3://bucket/prefix" >&2; exit 2 ;; esac
rest=${store#s3://}
bucket=${rest%%/*}
prefix=${rest#"$bucket"}
prefix=${prefix#/}

if [ -d "$model" ]; then
  root=$model
  mapfile -t paths < <(cd "$root" && find . -type f ! -path '*/.*' | sed 's|^\./||' | sort)
else
  root=$(dirname "$model")
  paths=("$(basename "$model")")
fi
[ ${#paths[@]} -gt 0 ] || { echo "there are no files in $model" >&2; exit 2; }

# A UUID of version 7, so that what an unfinished push leaves can be told from a model, and is removed by a server.
millis=$(printf '%012x' "$(date +%s%3N)")
random=$(od -An -N10 -tx1 /dev/urandom | tr -d ' \n')
push=${millis:0:8}-${millis:8:4}-7${random:0:3}-8${random:3:3}-${random:6:12}

files=
for path in "${paths[@]}"; do
  case $path in *[\"\\]*) echo "'$path' has a character that this script cannot write as JSON" >&2; exit 2 ;; esac
  size=$(stat -Lc %s "$root/$path")
  sha256=$(sha256sum < "$root/$path" | cut -c1-64)
  files+="${files:+,}
    {\"path\": \"$path\", \"size\": $size, \"sha256\": \"$sha256\"}"
done
if [ -d "$model" ]; then
  aws s3 cp --only-show-errors --recursive --exclude '.*' --exclude '*/.*' "$root" "$store/models/$type/$version/$push"
else
  aws s3 cp --only-show-errors "$root/${paths[0]}" "$store/models/$type/$version/$push/${paths[0]}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# More can stand here: labels, examples, training. registry-schema/manifest.schema.json says what.
cat > "$work/manifest.json" <<MANIFEST
{
  "schema_version": 1,
  "type": "$type",
  "version": "$version",
  "runtime": "$runtime",
  "push": "$push",
  "files": [$files
  ],
  "created_at": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "created_by": "push-by-hand"
}
MANIFEST

if ! aws s3api put-object --bucket "$bucket" --key "${prefix:+$prefix/}registry/$type/$version.json" \
  --body "$work/manifest.json" --content-type application/json --if-none-match '*' \
  > /dev/null 2> "$work/error"; then
  cat "$work/error" >&2
  if grep -q 'PreconditionFailed' "$work/error"; then
    echo "$type/$version is there already, and versions never change: publish a new one" >&2
    exit 3
  fi
  exit 1
fi
echo "published $type/$version (push $push)"
