#!/bin/sh
# Installs this release. For options, run: ./import-package.sh --help
# 이 릴리스를 설치합니다. 옵션은 ./import-package.sh --help 로 볼 수 있습니다.
self=$0
while [ -L "$self" ]; do
    target=$(readlink -- "$self")
    case $target in
        /*) self=$target ;;
        *) self=${self%"${self##*/}"}$target ;;
    esac
done
case $self in
    */*) folder=${self%/*} ;;
    *) folder=. ;;
esac
if [ ! -s "$folder/airlock" ]; then  # sh runs an empty file without a word
    echo "Error: $folder/airlock is empty. Unpack the package again." >&2
    echo "오류: $folder/airlock 파일이 비어 있습니다. 패키지를 다시 푸십시오." >&2
    exit 4
fi
exec sh "$folder/airlock" import "$@"
