#!/usr/bin/env bash
# Installs what is missing, configures and builds. Sourced by demo.sh and test.sh; also runs alone.
# Does nothing twice: each step leaves a stamp of what it was made from.
set -euo pipefail
MLC_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
MLC_BUILD="$MLC_ROOT/build"
MLC_VENV="$MLC_ROOT/.venv"

packages() { grep -vE '^\s*(#|$)' "$MLC_ROOT/scripts/packages.txt"; }

install_packages() {
  local missing=()
  local have
  have=" $(dpkg-query -W -f '${db:Status-Status}:${Package}\n' | sed -n 's/^installed://p' | tr '\n' ' ') "
  local name
  for name in $(packages | sed 's/=.*//'); do
    [[ "$have" == *" $name "* ]] || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing ${#missing[@]} Debian packages"
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

make_venv() {
  local stamp="$MLC_VENV/.requirements"
  cmp -s "$MLC_ROOT/scripts/requirements.txt" "$stamp" && return
  echo "creating .venv"
  /usr/bin/python3 -m venv "$MLC_VENV"
  "$MLC_VENV/bin/pip" install --quiet --disable-pip-version-check -r "$MLC_ROOT/scripts/requirements.txt"
  # `import mlc` finds the module in the build tree.
  echo "$MLC_BUILD/python" >"$("$MLC_VENV/bin/python" -c 'import site; print(site.getsitepackages()[0])')/mlc.pth"
  cp "$MLC_ROOT/scripts/requirements.txt" "$stamp"
}

build() {
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  cd "$MLC_ROOT"
  [ -f "$MLC_BUILD/build.ninja" ] || cmake --preset release >"$MLC_ROOT/.configure.log" ||
    { cat "$MLC_ROOT/.configure.log"; exit 1; }
  rm -f "$MLC_ROOT/.configure.log"
  ninja -C "$MLC_BUILD" --quiet
}

install_packages
make_venv
build
