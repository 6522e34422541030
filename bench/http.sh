#!/usr/bin/env bash
# What a prediction over HTTP costs beside a request to the same server that predicts nothing (POST /bench/fixed).
# Linux only: CPU times are read from /proc. Everything stays on loopback and in a temporary folder.
#
#   bench/http.sh [-d seconds] [-r rounds] [-w seconds] [-m "type/version ..."] [-o "maven options"]
#
#   -d   how long each measurement lasts (2)
#   -r   rounds, in each of which every measurement is made once, the fixed one right before (3)
#   -w   how long each route is warmed up (3)
#   -m   the models ("breast-cancer/2 digits/1 digits/2")
#   -o   options for Maven, "-o" for example
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=2 rounds=3 warmup=3 models='breast-cancer/2 digits/1 digits/2' maven=
while getopts d:r:w:m:o: option; do
  case $option in
    d) seconds=$OPTARG ;;
    r) rounds=$OPTARG ;;
    w) warmup=$OPTARG ;;
    m) models=$OPTARG ;;
    o) maven=$OPTARG ;;
    *) exit 2 ;;
  esac
done
for tool in wrk jq curl; do
  command -v "$tool" >/dev/null || { echo "http.sh: $tool is needed: apt-get install $tool" >&2; exit 1; }
done

folder=$(mktemp -d)
launcher= server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$launcher" ] || wait "$launcher" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/store"
: >"$folder/out"
cp -r models-local/models models-local/registry "$folder/store/"
# Options are words: they are to be split.
# shellcheck disable=SC2086
mvn -q -B $maven test-compile exec:exec -Dexec.executable=java \
  -Dexec.classpathScope=test -Dexec.args="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  ${BENCH_JAVA_OPTIONS:-} -cp %classpath io.modelyard.bench.BenchServer $folder" >"$folder/out" 2>&1 &
launcher=$!
until url=$(grep -o -m1 'Modelyard serves at http://[^ ]*' "$folder/out"); do
  kill -0 "$launcher" 2>/dev/null || { cat "$folder/out" >&2; exit 1; }
  sleep 0.2
done
url=${url#Modelyard serves at }
server=$(cat "$folder/pid")
key=$(cat "$folder/data/admin.key")

post() { # path, body file
  curl -sSf -H "X-API-Key: $key" -H 'Content-Type: application/json' --data-binary "@$2" "$url$1"
}
load() { # path, body file, connections, seconds
  wrk -t1 -c"$3" -d"$4s" --timeout 10s -s bench/post.lua "$url$1" -- "$2" "$key" | grep '^result '
}
cpu() { # of the server so far, in ticks
  awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$server/stat"
}
ticks=$(getconf CLK_TCK)
measure() { # name, kind, path, body file, connections
  local before after line
  before=$(cpu)
  line=$(load "$3" "$4" "$5" "$seconds")
  after=$(cpu)
  echo "$1 $2 ${line#result } $(((after - before) * 1000000 / ticks))" >>"$folder/results"
}

declare -A body fixed
for model in $models; do
  for rows in 1 100; do
    file=$folder/$(tr / - <<<"$model")-$rows.json
    jq -c --argjson n "$rows" '.examples[0].inputs as $rows | {inputs: [range($n) | $rows[. % ($rows | length)]]}' \
      "models-local/registry/$model.json" >"$file"
    body[$model-$rows]=$file
    until post "/predict/$model" "$file" >"$folder/answer" 2>/dev/null; do sleep 0.2; done
    fixed[$model-$rows]=/bench/fixed/$(wc -c <"$folder/answer")
    echo "$model, $rows rows: $(wc -c <"$file") bytes to $(wc -c <"$folder/answer")"
    load "/predict/$model" "$file" 8 "$warmup" >/dev/null
    load "${fixed[$model-$rows]}" "$file" 8 "$warmup" >/dev/null
  done
done

for ((round = 1; round <= rounds; round++)); do
  echo "round $round, load average $(cut -d' ' -f1-3 /proc/loadavg)"
  for model in $models; do
    for shape in 1x1 1x8 1x64 100x8; do
      at=$model-${shape%x*}
      measure "$model/$shape" fixed "${fixed[$at]}" "${body[$at]}" "${shape#*x}"
      measure "$model/$shape" predict "/predict/$model" "${body[$at]}" "${shape#*x}"
    done
  done
done

# A line of results: name kind requests seconds median p99 errors cpu
awk '
  function median(list,   n, i, j, v, t) {
    n = split(list, v, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
  }
  {
    if (!($1 in seen)) { seen[$1] = 1; names[++count] = $1 }
    rate[$1, $2] = rate[$1, $2] " " $3 / $4; p50[$1, $2] = p50[$1, $2] " " $5; p99[$1, $2] = p99[$1, $2] " " $6
    cpu[$1, $2] = cpu[$1, $2] " " $8 / $3; errors += $7
    if ($2 == "fixed") { last = $3 / $4; lastCpu = $8 / $3 }
    else { ratio[$1] = ratio[$1] " " $3 / $4 / last; more[$1] = more[$1] " " $8 / $3 / lastCpu }
  }
  END {
    print "medians over rounds; of ratios, the medians of each round'\''s predict to fixed"
    print "model                 rows x conn | requests/s: fixed  predict  ratio | ms: p50    p99  fixed p99 | CPU us: fixed  predict  ratio"
    for (i = 1; i <= count; i++) {
      n = names[i]; cut = match(n, /\/[0-9]+x[0-9]+$/)
      printf "%-22s %10s | %17.0f %8.0f %6.2f | %7.2f %6.2f %10.2f | %13.0f %8.0f %6.2f\n", substr(n, 1, cut - 1),
        substr(n, cut + 1), median(rate[n, "fixed"]), median(rate[n, "predict"]), median(ratio[n]),
        median(p50[n, "predict"]), median(p99[n, "predict"]), median(p99[n, "fixed"]),
        median(cpu[n, "fixed"]), median(cpu[n, "predict"]), median(more[n])
    }
    if (errors > 0) { print errors " requests failed"; exit 1 }
  }' "$folder/results"
