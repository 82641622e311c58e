#!/bin/sh
# Installs this release. For options, run: ./import-package.sh --help
# 이 릴리스를 설치합니다. 옵션은 ./import-package.sh --help 로 볼 수 있습니다.
self=$0
while [ -L "$self" ]; do
    target=$(readlink -- "$self")
    case $target in
        /*) self=$target ;;
        *) self=$(dirname -- "$self")/$target ;;
    esac
done
exec sh "$(dirname -- "$self")/airlock" import "$@"
