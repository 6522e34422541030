#!/bin/sh
# Makes the key by which Prometheus reads the metrics, where there is none yet: its secret for Prometheus, and the file of keys
# that the server reads, which has its hash. The key may do nothing else.
#   make-keys.sh [FOLDER]     /keys
set -eu
folder=${1:-/keys}
if [ -s "$folder/prometheus.key" ] && [ -s "$folder/keys.json" ]; then
  echo "the keys are there"
  exit 0
fi
# For the user and the group of the image, and for nobody else.
umask 0227
secret=my_$(head -c 32 /dev/urandom | base64 | tr -d '=\n' | tr '+/' '-_')
hash=$(printf %s "$secret" | sha256sum | cut -d ' ' -f 1)
write() {
  rm -f "$folder/$1.part"
  cat > "$folder/$1.part"
  mv -f "$folder/$1.part" "$folder/$1"
}
printf '{"keys": [{"id": "prometheus", "name": "Prometheus", "hash": "%s", "roles": ["read"]}]}\n' "$hash" | write keys.json
printf %s "$secret" | write prometheus.key
echo "Prometheus has a key"
