#!/usr/bin/env bash
# What the prediction cache gives and costs: a slow and a quick model, inputs that repeat and that do not, without a cache, with
# one in memory, with Redis, and with a Redis that takes two seconds. Linux only; all stays on loopback and in a temporary
# folder.
#
#   bench/cache.sh [seconds of each measurement (4)] [rounds (5)] [connections (8)] [links of the slow model's chain (200)]
#
# MAVEN_OPTIONS are options for Maven, "-o" for example.
set -euo pipefail
cd "$(dirname "$0")/.."
# Options are words: they are to be split.
# shellcheck disable=SC2086
exec mvn -q -B ${MAVEN_OPTIONS:-} test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
  -Dexec.args="-cp %classpath io.modelyard.bench.CacheGain $*"
