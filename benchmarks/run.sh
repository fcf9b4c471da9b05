#!/usr/bin/env bash
# Measures what calls cost. run.sh: everything; --quick: in less than 8 minutes; --check: exit non-zero where a goal is missed.
# --start-up, alone: starts with 0, 10 and 100 clients beside Spring's own groups, in some minutes.
# Needs a JDK (JAVA_HOME or on the path), and Maven Central for the first build.
set -euo pipefail
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q -pl benchmarks -am -DskipTests package
target=benchmarks/target
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
exec "$java" -Dbenchmarks.log=$target/benchmarks.log -Dbenchmarks.table=$target/table.md \
  -cp "$target/classes:$(cat $target/class-path)" dev.outbound.benchmarks.Benchmarks "$@"
