#!/bin/sh
# Adds @{title} to your own account's menu, or removes it again. Nothing else in the system is touched.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-${HOME:?there is no HOME, so no account to put it into}/.local/share}
entry=applications/@{identifier}.desktop

# In an entry, the path is in quotes: some characters need a backslash there, and that needs another one.
quoted() {
    printf '%s' "$here/@{program}" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g'
}

# Updates the desktop's caches of all entries. Where such a tool is missing, nothing reads its cache.
tell() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database "$data/applications" || true
    fi
    if command -v update-mime-database >/dev/null; then
        update-mime-database "$data/mime" || true
    fi
}

files() {
    (cd "$here/share" && find applications icons metainfo mime -type f)
}

case ${1-} in
add)
    case $here in
    *[%=]*)
        echo "Menus start nothing from a folder with % or = in its path; move or rename this one: $here" >&2
        exit 1
        ;;
    esac
    files | while IFS= read -r file; do
        mkdir -p "$data/${file%/*}"
        cp "$here/share/$file" "$data/$file"
        chmod 644 "$data/$file"
    done
    # awk gets the path from the environment, where none of its characters are special.
    command=$(quoted) awk '/^Exec=/ { print "Exec=\"" ENVIRON["command"] "\" %F"; next } { print }' \
        "$here/share/$entry" >"$data/$entry"
    tell
    echo "@{title} is in the menu now. To take it out again: sh menu.sh remove"
    ;;
remove)
    files | while IFS= read -r file; do
        rm -f "$data/$file"
    done
    tell
    files | while IFS= read -r file; do
        folder=${file%/*}
        while [ "$folder" != . ] && rmdir "$data/$folder" 2>/dev/null; do
            folder=$(dirname "$folder")
        done
    done
    echo "@{title} is out of the menu. Your drawings, settings and models are still there; README.txt says where."
    ;;
*)
    echo "usage: sh menu.sh add | remove" >&2
    exit 2
    ;;
esac
