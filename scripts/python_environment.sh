#!/bin/sh
# Prints an interpreter that has what the requirements list: python_environment.sh NAME FILE…
# It is kept in the cache, outside the tree, and made anew when the requirements change. FAIRLEAD_CACHE and FAIRLEAD_PYTHON say where and of what.
set -eu

name=$1
shift
venv=$FAIRLEAD_CACHE/$name-$(cat "$@" | cksum | tr ' ' -)
if [ ! -f "$venv/ready" ]; then
  printf 'fairlead: installing the Python packages of %s …\n' "$name" >&2
  rm -rf "$venv"
  for file; do
    set -- "$@" -r "$file"
    shift
  done
  "$FAIRLEAD_PYTHON" -m venv "$venv" >&2
  "$venv/bin/python" -m pip install -q --disable-pip-version-check "$@" >&2
  : >"$venv/ready"
fi
printf '%s\n' "$venv/bin/python"
