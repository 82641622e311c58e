#!/bin/sh
# Takes this release into operation: ./import-package.sh --help shows the options.
# 이 릴리스를 설치합니다. 옵션은 ./import-package.sh --help 로 볼 수 있습니다.
exec sh "$(dirname -- "$0")/airlock" import "$@"
