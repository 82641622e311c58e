#!/bin/bash
# The official image's options that compose files use; every check asks over TCP, where the temporary server
# of the first start does not listen, so that "healthy" is never said too early.
set -eo pipefail
account=/var/lib/mysql/.my-healthcheck.cnf

ask() {
    mariadb --defaults-extra-file="$account" --host=127.0.0.1 --protocol=tcp --connect-timeout=2 \
        --skip-column-names --execute "$1"
}

[ $# -gt 0 ] || set -- --connect
for check; do
    case $check in
    --connect) ask 'select 1' > /dev/null ;;
    --innodb_initialized)
        [ "$(ask "select 1 from information_schema.ENGINES where engine='innodb' and support in ('YES', 'DEFAULT')")" = 1 ] ;;
    *) echo "healthcheck.sh: unknown option $check" >&2; exit 1 ;;
    esac
done
