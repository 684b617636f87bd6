#!/usr/bin/env bash
# Bring the words of the pages up to date: extract them from code and templates, update the catalogue of each language,
# compile. Translators work on translations/catalogs/LANGUAGE/LC_MESSAGES/shopkit.po; the compiled files are kept beside.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/.."

catalogs=translations/catalogs
template=.cache/shopkit.pot
babel() { .venv/bin/pybabel --quiet "$@"; }

mkdir -p .cache "$catalogs"
babel extract --mapping-file=babel.cfg --output-file="$template" --add-location=file --sort-by-file --no-wrap \
    --project=shopkit --keywords=lazy_gettext shopkit
for language in en es pt_BR; do
    if [ -e "$catalogs/$language/LC_MESSAGES/shopkit.po" ]; then
        babel update --domain=shopkit --input-file="$template" --output-dir="$catalogs" --locale="$language" \
            --no-fuzzy-matching --no-wrap --ignore-pot-creation-date
    else
        babel init --domain=shopkit --input-file="$template" --output-dir="$catalogs" --locale="$language" --no-wrap
    fi
done
babel compile --domain=shopkit --directory="$catalogs" --statistics
