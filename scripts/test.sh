#!/bin/sh
# Runs test groups and ends with one line that counts them: test.sh ROOT [GROUP…].
set -u

root=$1
shift
[ $# -gt 0 ] || set -- unit e2e python
cd "$root" || exit 8

for group; do
  case $group in
    unit | e2e | python | fuzz) ;;
    *)
      printf 'fairlead: no test group "%s"; there are: unit, e2e, python, fuzz\n' "$group" >&2
      exit 2
      ;;
  esac
done

broken=
results=$root/target/test-results
rm -rf "$results"
mkdir -p "$results"
find . -path '*/target/*-reports/*.xml' -type f -exec rm -f {} +

say() {
  printf '\n== %s\n' "$*"
}

# Failing tests do not stop the build: all are counted in the end. A build that stops is a failure of its own.
maven() {
  "$MVN" -B -ntp -q -Dmaven.test.failure.ignore=true -Dsurefire.failIfNoSpecifiedTests=false \
    -Dfailsafe.failIfNoSpecifiedTests=false verify "$@"
}

unit() {
  say 'unit: mvn verify'
  maven -pl '!e2e' || broken="$broken unit"
}

# Real processes: every module is packaged, only the tests of e2e are run.
e2e() {
  say 'e2e: real processes'
  maven '-Dtest=dev/fairlead/e2e/**/*Test' '-Dit.test=dev/fairlead/e2e/**/*IT' || broken="$broken e2e"
}

python() {
  say 'python: pytest'
  module=$root/agent-mac/python
  interpreter=$(sh scripts/python_environment.sh python-test "$module/requirements-test.txt" "$module/requirements.txt") || {
    broken="$broken python(environment)"
    return
  }
  (cd "$module" && PYTHONPATH=$module "$interpreter" -m pytest -q --junitxml="$results/pytest.xml") ||
    [ -s "$results/pytest.xml" ] || broken="$broken python"
}

# What unit does in seconds, for so many minutes a format, and random graphs for about as long. Not among the groups of a plain run.
fuzz() {
  minutes=${FAIRLEAD_FUZZ_MINUTES:-10} seed=${FAIRLEAD_FUZZ_SEED:-1}
  say "fuzz: $minutes minutes a format, from seed $seed"
  maven -pl proto,model,conformance '-Dtest=*FuzzTest,RandomGraphTest' -Dit.test=none \
    "-Dfairlead.fuzz.minutes=$minutes" "-Dfairlead.fuzz.seed=$seed" "-Djqwik.tries.default=$((minutes * 3000))" ||
    broken="$broken fuzz"
}

for group; do
  "$group"
done

exec "$FAIRLEAD_PYTHON" "$root/scripts/count_tests.py" "$root" "$broken"
