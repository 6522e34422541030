#!/usr/bin/env bash
# What becomes of a server that is asked for several times what it can do. Linux only; all stays on loopback and in a
# temporary folder.
#
#   bench/overload.sh [seconds of overload (60)] [times the best throughput (5)] [links of the model's chain (420)]
#
# MAVEN_OPTIONS are options for Maven, "-o" for example; BENCH_JAVA_OPTIONS are options for the server's JVM.
set -euo pipefail
cd "$(dirname "$0")/.."
# Options are words: they are to be split.
# shellcheck disable=SC2086
exec mvn -q -B ${MAVEN_OPTIONS:-} test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
  -Dexec.args="-cp %classpath io.modelyard.bench.Overload $*"
