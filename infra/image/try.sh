#!/usr/bin/env bash
# Builds the image and tries it, without Docker and without a registry of images: by buildah and podman, over bases that are made
# of Debian's packages and this machine's JDK. Needs root and Debian's buildah, podman, runc, mmdebstrap and curl; 10 GB of disk
# below TRY_DIR (/tmp/modelyard-image), and some ten minutes on two cores. Removes what it made.
#   infra/image/try.sh            all of it
#   KEEP=bases infra/image/try.sh leaves what it made, and takes the bases from there the next time; KEEP=image the image, too
#   STARTS=5 infra/image/try.sh   as many pairs of starts, with and without the cache of classes (3)
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
work=${TRY_DIR:-/tmp/modelyard-image}
starts=${STARTS:-3}
port=${TRY_PORT:-18080}
name=modelyard-try-$$
mkdir -p "$work"/{build,run,tmp}
export TMPDIR=$work/tmp CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf

# The least that podman asks of a machine: no systemd, no network of its own, no limits that a container of ours may not set.
cat > "$CONTAINERS_CONF" << END
[containers]
default_ulimits = []
netns = "host"
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
END
cat > "$CONTAINERS_STORAGE_CONF" << END
[storage]
driver = "vfs"
graphroot = "$work/storage"
runroot = "$work/state"
END

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

clean_up() {
  podman rm --force --time 0 "$name" "$name-prometheus" > /dev/null 2>&1 || true
  podman volume rm --force "$name" "$name-keys" > /dev/null 2>&1 || true
  [ -n "${KEEP:-}" ] || { buildah rmi --all --force > /dev/null 2>&1 || true; rm -rf "$work"; }
}
trap clean_up EXIT

java_home=${MODELYARD_JAVA_HOME:-}
if [ -z "$java_home" ]; then
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -f "$candidate/release" ] && grep -qE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$candidate/release"; then
      java_home=$candidate
      break
    fi
  done
fi
[ -n "$java_home" ] || fail "no JDK 25 is here; name one by MODELYARD_JAVA_HOME"

# base NAME PACKAGES [LINES]: a Debian of these packages, and what a Containerfile adds to it.
base() {
  local base=localhost/modelyard-base-$1
  if buildah inspect --type image "$base" > /dev/null 2>&1; then return; fi
  say "the base $base"
  [ -f "$work/$1/root.tar" ] || mmdebstrap --quiet --variant=minbase --include="$2" bookworm "$work/$1/root.tar"
  printf 'FROM scratch\nADD root.tar /\n%b' "${3:-}" > "$work/$1/Containerfile"
  buildah bud --quiet --isolation chroot --pull=never -t "$base" "$work/$1"
  rm -f "$work/$1/root.tar"
}
[ -d "$work/build/jdk" ] || cp -rL "$java_home" "$work/build/jdk"
base build ca-certificates,maven 'COPY jdk /opt/jdk\nENV JAVA_HOME=/opt/jdk\n'
base run ca-certificates,libgomp1

if [ "${KEEP:-}" != image ] || ! buildah inspect --type image localhost/modelyard:try > /dev/null 2>&1; then
  say "the image"
  # The Maven repository of this machine, so that not everything is fetched again.
  mkdir -p "$HOME/.m2/repository"
  buildah bud --isolation chroot --pull=never --format docker --volume "$HOME/.m2/repository:/m2" \
    --build-arg BUILD_BASE=localhost/modelyard-base-build --build-arg RUN_BASE=localhost/modelyard-base-run \
    --build-arg MAVEN_FLAGS="-Dmaven.repo.local=/m2 ${MAVEN_FLAGS:-}" -f infra/Dockerfile -t localhost/modelyard:try .
fi
buildah images

# As docker-compose.yml has it: nothing can be written to but what is mounted.
guarded() {
  podman run --pull=never --read-only --read-only-tmpfs=false --cap-drop ALL --security-opt no-new-privileges \
    --no-healthcheck "$@"
}
run() {
  guarded --detach --name "$name" --tmpfs /tmp:rw,exec,size=512m --volume "$name:/data" --volume "$name-keys:/keys:ro" \
    --env MODELYARD_ACCESS_KEYS_FILE=/keys/keys.json --env PORT="$port" --env MODELYARD_STORE_URI=/data/samples \
    "$@" localhost/modelyard:try > /dev/null
}
await_ready() {
  local i
  for ((i = 0; i < 600; i++)); do
    [ "$(podman inspect --format '{{.State.Running}}' "$name")" = true ] || { podman logs "$name"; fail "it ended"; }
    if curl -fs -o "$work/health" "http://127.0.0.1:$port/health/readiness"; then return; fi
    sleep 0.2
  done
  podman logs "$name"
  fail "it was not ready within two minutes"
}
stop() {
  local begin=$SECONDS code
  podman stop --time 35 "$name" > /dev/null
  code=$(podman inspect --format '{{.State.ExitCode}}' "$name")
  echo "it ended with $code within $((SECONDS - begin + 1)) s"
  case $code in
    0 | 143) ;;
    *) podman logs "$name" | tail -20; fail "it did not end in an orderly way" ;;
  esac
}
inside() { podman exec "$name" "$@"; }
expect() { # WHAT PATTERN TEXT
  grep -qE "$2" <<< "$3" || fail "$1: $3"
  echo "$1: yes"
}

say "the key of Prometheus"
podman volume create "$name-keys" > /dev/null
for ((time = 0; time < 2; time++)); do
  guarded --rm --volume "$name-keys:/keys" --volume "$repository/infra/compose/make-keys.sh:/opt/make-keys.sh:ro" \
    --entrypoint /bin/sh localhost/modelyard:try /opt/make-keys.sh /keys
done

say "a server"
podman volume create "$name" > /dev/null
data=$(podman volume inspect --format '{{.Mountpoint}}' "$name")
# A server writes to its store.
mkdir "$data/samples"
cp -r models-local/{models,registry} "$data/samples/"
chown -R 10001:10001 "$data"
run
await_ready
expect "its user is not root" '^10001$' "$(inside id -u)"
expect "the first process is Java" '^java$' "$(inside cat /proc/1/comm)"
expect "it has no capabilities" '^CapBnd:\s0+$' "$(inside grep CapBnd /proc/1/status)"
expect "the cache of classes is in use" '/modelyard\.aot$' "$(inside cat /proc/1/maps)"
expect "its file system cannot be written to" 'Read-only' "$(inside touch /opt/x 2>&1 || true)"
expect "the health check says that it is ready" ' 200 ' "$(inside java -Xmx16m -cp /opt/modelyard/image Ready)"
expect "strangers see no metrics" '^401$' "$(curl -s -o "$work/answer" -w '%{http_code}' "http://127.0.0.1:$port/metrics")"
key=$(inside cat /data/admin.key)
# The README's first request.
body=$(sed -n "/^  -d '{\"inputs\"/,/}'$/p" README.md | sed "s/^  -d '//; s/'$//")
ask() { curl -s "http://127.0.0.1:$port$1" -H "X-API-Key: $key" -H 'Content-Type: application/json' "${@:2}"; }
expect "ONNX answers the README's request" '"label":"0"' "$(ask /predict/digits -d "$body")"
expect "TensorFlow answers it, too" '"label":"0"' "$(ask /predict/digits/1 -d "$body")"
row=$(printf '%0.s1,' {1..29})1
expect "XGBoost answers" '"label"' "$(ask /predict/breast-cancer -d "{\"inputs\": [[$row]]}")"
if command -v prometheus > /dev/null; then
  # Its own image cannot be had here; the binary of this machine runs as the user and over the files of docker-compose.yml.
  sed "s/modelyard:8080/127.0.0.1:$port/; s/scrape_interval: .*/scrape_interval: 1s/; s/scrape_timeout: .*/scrape_timeout: 1s/" \
    prometheus/prometheus.yml > "$work/prometheus.yml"
  guarded --detach --name "$name-prometheus" --user 65534:10001 --tmpfs /prometheus:rw,mode=1777 \
    --volume "$(command -v prometheus):/bin/prometheus:ro" --volume "$work/prometheus.yml:/etc/prometheus/prometheus.yml:ro" \
    --volume "$repository/prometheus/rules:/etc/prometheus/rules:ro" --volume "$name-keys:/etc/prometheus/keys:ro" \
    --entrypoint /bin/prometheus localhost/modelyard-base-run --config.file=/etc/prometheus/prometheus.yml \
    --storage.tsdb.path=/prometheus --storage.tsdb.retention.time=15d --storage.tsdb.retention.size=5GB \
    --web.listen-address="127.0.0.1:$((port + 1))" > /dev/null
  for ((time = 0; time < 100; time++)); do
    seen=$(curl -s "http://127.0.0.1:$((port + 1))/api/v1/targets" || true)
    if [[ $seen == *'"health":"up"'* ]]; then break; fi
    sleep 0.3
  done
  expect "Prometheus reads its metrics by its key" '"health":"up"' "$seen"
  podman rm --force --time 5 "$name-prometheus" > /dev/null
fi
expect "the command line works" '^admin +valid' "$(inside modelyard keys list)"
stop

say "the same data in another container"
podman rm "$name" > /dev/null
run
await_ready
[ "$(inside cat /data/admin.key)" = "$key" ] || fail "it has another key"
expect "its key is valid, and its log has what was asked before" '"model_type":"breast-cancer"' "$(ask '/logs?n_limit=10')"
stop
podman rm "$name" > /dev/null

say "$starts pairs of starts, until the port is open"
for ((i = 0; i < starts; i++)); do
  for mode in off auto; do
    run --env MODELYARD_JAVA_OPTIONS="-XX:AOTMode=$mode"
    await_ready
    podman logs "$name" 2>&1 | sed -nE 's/.*\(([0-9]+) ms after the process began\).*/\1/p' >> "$work/starts-$mode"
    podman stop --time 35 "$name" > /dev/null
    podman rm "$name" > /dev/null
  done
done
for mode in off auto; do
  echo "AOTMode=$mode: median $(sort -n "$work/starts-$mode" | sed -n "$(((starts + 1) / 2))p") ms of $(tr '\n' ' ' < "$work/starts-$mode")"
  rm "$work/starts-$mode"
done
say "all is well"
