#!/usr/bin/env bash
# What `make demo` and `make test` share: system packages (apt, where it may), then the locked, hashed virtual environment.
# Repeatable; does nothing when nothing has changed. `GUIDANG_NO_APT=1` forbids apt: what is missing is then named.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A package_of=(
  [tesseract]=tesseract-ocr [chi_sim]=tesseract-ocr-chi-sim [HanS]=tesseract-ocr-script-hans
  [eng]=tesseract-ocr-eng [deu]=tesseract-ocr-deu [pdftotext]=poppler-utils [openssl]=openssl [venv]=python3-venv
)
python=""
for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$name
    break
  fi
done
[ -n "$python" ] || { echo "guidang needs Python 3.11 or newer. Install it (Debian/Ubuntu: apt-get install python3 python3-venv) and run this again." >&2; exit 1; }

missing=()
command -v tesseract >/dev/null || missing+=("${package_of[tesseract]}")
languages=$(tesseract --list-langs 2>/dev/null || true)
for language in chi_sim HanS eng deu; do
  grep -qE "(^|/)$language\$" <<<"$languages" || missing+=("${package_of[$language]}")
done
command -v pdftotext >/dev/null || missing+=("${package_of[pdftotext]}")
if [ "${GUIDANG_WITH_POSTGRESQL:-}" = 1 ] && ! command -v openssl >/dev/null; then  # certificates for the tests
  missing+=("${package_of[openssl]}")
fi
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=("${package_of[venv]}")
if [ "${GUIDANG_WITH_POSTGRESQL:-}" = 1 ] && ! command -v initdb >/dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
  missing+=(postgresql)
fi

if [ ${#missing[@]} -gt 0 ]; then
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "${GUIDANG_NO_APT:-}" != 1 ] && command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing system packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${sudo[@]}" apt-get update -qq
    # shellcheck disable=SC2086
    "${sudo[@]}" $install -qq >/dev/null
  else
    echo "These system packages are missing and cannot be installed from here: ${missing[*]}" >&2
    echo "Run as an administrator:  apt-get update && $install" >&2
    exit 1
  fi
fi

stamp=.venv/.guidang-installed
wanted=$(cat constraints.txt setup.cfg | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo "Setting up the virtual environment in .venv (once)"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  quiet=(--quiet --disable-pip-version-check --no-input)
  .venv/bin/python -m pip install "${quiet[@]}" --require-hashes -r constraints.txt
  .venv/bin/python -m pip install "${quiet[@]}" --no-deps --no-build-isolation --editable .
  echo "$wanted" >"$stamp"
fi
