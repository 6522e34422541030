#!/usr/bin/env bash
# One model under several configurations of one build, each a server of its own, measured in turns with wrk: the first
# configuration against each of the others. Linux only; all stays on loopback and in a temporary folder.
#
#   bench/ab.sh [-d seconds] [-r rounds] [-w seconds] [-c "connections ..."] [-n rows] [-m type/version] [-o "maven options"] \
#       NAME=property=value,property=value NAME=property=value ...
#
#   bench/ab.sh -m digits/1 OFF=modelyard.serving.batching=never ON=modelyard.serving.batching=auto
#
# BENCH_STORE names another store than models-local; the body is the first example of the model's manifest.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=2 rounds=5 warmup=4 connections='1 8 64' rows=1 model=digits/1 maven=
while getopts d:r:w:c:n:m:o: option; do
  case $option in
    d) seconds=$OPTARG ;;
    r) rounds=$OPTARG ;;
    w) warmup=$OPTARG ;;
    c) connections=$OPTARG ;;
    n) rows=$OPTARG ;;
    m) model=$OPTARG ;;
    o) maven=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || { echo "ab.sh: name two configurations or more: OFF=property=value ON=property=value" >&2; exit 2; }
for tool in wrk jq curl; do
  command -v "$tool" >/dev/null || { echo "ab.sh: $tool is needed: apt-get install $tool" >&2; exit 1; }
done
store=${BENCH_STORE:-models-local}
folder=$(mktemp -d)
names=()
declare -A launchers pids urls keys
stop() {
  for name in "${names[@]}"; do kill "${pids[$name]:-${launchers[$name]}}" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

# shellcheck disable=SC2086 # options are words: they are to be split
mvn -q -B $maven test-compile >"$folder/build" 2>&1 || { cat "$folder/build" >&2; exit 1; }
for configuration in "$@"; do
  name=${configuration%%=*}
  properties=$(tr , '\n' <<<"${configuration#*=}" | sed 's/^/-D/' | tr '\n' ' ')
  mkdir -p "$folder/$name/store"
  cp -r "$store/models" "$store/registry" "$folder/$name/store/"
  # shellcheck disable=SC2086
  mvn -q -B $maven validate exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
    -Dexec.args="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${BENCH_JAVA_OPTIONS:-} \
    $properties -cp %classpath io.modelyard.bench.BenchServer $folder/$name" >"$folder/$name/out" 2>&1 &
  launchers[$name]=$!
  names+=("$name")
done
body=$folder/body
jq -c --argjson n "$rows" '.examples[0].inputs as $rows | {inputs: [range($n) | $rows[. % ($rows | length)]]}' \
  "$store/registry/$model.json" >"$body"
load() { # name, connections, seconds
  wrk -t1 -c"$2" -d"$3s" --timeout 10s -s bench/post.lua "${urls[$1]}/predict/$model" -- "$body" "${keys[$1]}" |
    grep '^result ' | cut -d' ' -f2-
}
cpu() { # of a server so far, in ticks
  awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/${pids[$1]}/stat"
}
for name in "${names[@]}"; do
  until url=$(grep -o -m1 'Modelyard serves at http://[^ ]*' "$folder/$name/out"); do
    kill -0 "${launchers[$name]}" 2>/dev/null || { cat "$folder/$name/out" >&2; exit 1; }
    sleep 0.2
  done
  pids[$name]=$(cat "$folder/$name/pid")
  urls[$name]=${url#Modelyard serves at }
  keys[$name]=$(cat "$folder/$name/data/admin.key")
  until curl -sSf -H "X-API-Key: ${keys[$name]}" -H 'Content-Type: application/json' --data-binary "@$body" \
    "${urls[$name]}/predict/$model" >"$folder/$name/answer" 2>/dev/null; do sleep 0.2; done
  load "$name" 8 "$warmup" >/dev/null
done

ticks=$(getconf CLK_TCK)
for ((round = 1; round <= rounds; round++)); do
  echo "round $round, load average $(cut -d' ' -f1-3 /proc/loadavg)"
  for count in $connections; do
    for name in "${names[@]}"; do
      before=$(cpu "$name")
      line=$(load "$name" "$count" "$seconds")
      echo "$count $name $line $((($(cpu "$name") - before) * 1000000 / ticks))" >>"$folder/results"
    done
  done
done

# A line of results: connections name requests seconds median p99 errors cpu
awk -v first="${names[0]}" '
  function median(list,   n, i, j, v, t) {
    n = split(list, v, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
  }
  {
    key = $1 " " $2
    if (!(key in seen)) { seen[key] = 1; keys[++count] = key }
    rate[key] = rate[key] " " $3 / $4; p50[key] = p50[key] " " $5; p99[key] = p99[key] " " $6
    cpu[key] = cpu[key] " " $8 / $3; errors += $7
    if ($2 == first) last = $3 / $4
    ratio[key] = ratio[key] " " $3 / $4 / last
  }
  END {
    print "medians over rounds; the ratio is the median of the ratios to " first " in the same round"
    print "connections configuration | requests/s  ratio | ms: p50    p99 | CPU us a request"
    for (i = 1; i <= count; i++) {
      split(keys[i], part, " ")
      printf "%11s %-13s | %10.0f %6.2f | %7.2f %6.2f | %7.0f\n", part[1], part[2], median(rate[keys[i]]),
        median(ratio[keys[i]]), median(p50[keys[i]]), median(p99[keys[i]]), median(cpu[keys[i]])
    }
    if (errors > 0) { print errors " requests failed"; exit 1 }
  }' "$folder/results"
