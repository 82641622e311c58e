#!/bin/bash
# Stand-in for the entrypoint of the official mariadb image: the same environment names, and the same first
# start in two phases (a temporary server on the socket only, then the real one).
set -eo pipefail

data=/var/lib/mysql
socket=/run/mysqld/mysqld.sock

say() { echo "$(date --rfc-3339=seconds) [$1] [Entrypoint]: $2" >&2; }
die() { say ERROR "$1"; exit 1; }

main() {
    [ "${1#-}" = "$1" ] || set -- mariadbd "$@"
    [ "$1" = mariadbd ] || exec "$@"
    [ "$(id -u)" != 0 ] || become_mysql "$@"
    read_settings
    if [ ! -d $data/mysql ]; then
        first_start "$@"
    elif [ -n "$MARIADB_AUTO_UPGRADE" ]; then
        upgrade_tables "$@"
    fi
    exec "$@"
}

become_mysql() {
    find $data /run/mysqld \! -user mysql -exec chown mysql: {} +
    exec gosu mysql "$0" "$@"
}

# MARIADB_X, else MYSQL_X, either of them also as X_FILE
read_settings() {
    local name setting
    for name in ROOT_PASSWORD ROOT_HOST ALLOW_EMPTY_ROOT_PASSWORD RANDOM_ROOT_PASSWORD DATABASE USER PASSWORD AUTO_UPGRADE; do
        for setting in MARIADB_$name MYSQL_$name; do
            local file=${setting}_FILE
            [ -z "${!file}" ] || declare -g "$setting=$(< "${!file}")"
        done
        local new=MARIADB_$name old=MYSQL_$name
        [ -n "${!new}" ] || declare -g "$new=${!old}"
    done
}

first_start() {
    [ -n "$MARIADB_ROOT_PASSWORD$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD$MARIADB_RANDOM_ROOT_PASSWORD" ] ||
        die "Database is uninitialized and password option is not specified"
    say Note "Initializing database files"
    mariadb-install-db --datadir=$data --rpm --auth-root-authentication-method=normal --skip-test-db \
        --cross-bootstrap > /dev/null
    start_temporary_server "$@"
    prepare_accounts | as_root --user=root
    run_init_files
    stop_temporary_server
    say Note "MariaDB init process done. Ready for start up."
}

upgrade_tables() {
    start_temporary_server "$@"
    MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb-upgrade --user=root --socket=$socket > /dev/null
    stop_temporary_server
}

start_temporary_server() {
    say Note "Starting temporary server"
    "$@" --skip-networking --socket=$socket &
    server=$!
    for _ in {1..300}; do
        if mariadb-admin --socket=$socket --user=nobody ping > /dev/null 2>&1; then return; fi
        kill -0 $server 2> /dev/null || die "Temporary server did not start"
        sleep 0.1
    done
    die "Unable to start server."
}

stop_temporary_server() {
    kill $server
    wait $server || die "Temporary server did not stop cleanly"
}

as_root() { MYSQL_PWD= mariadb --default-character-set=utf8mb4 --host=localhost --protocol=socket --socket=$socket "$@"; }

# any text as an SQL string
quoted() {
    local quote=\' text=${1//\\/\\\\}
    text=${text//$quote/$quote$quote}
    printf "'%s'" "$text"
}

prepare_accounts() {
    local health=$RANDOM$RANDOM$RANDOM root_host=${MARIADB_ROOT_HOST:-%}
    [ -z "$MARIADB_RANDOM_ROOT_PASSWORD" ] || MARIADB_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64)
    echo "SET @@SESSION.SQL_LOG_BIN = 0;"
    echo "DELETE FROM mysql.global_priv WHERE User NOT IN ('root', 'mariadb.sys') OR Host <> 'localhost';"
    echo "FLUSH PRIVILEGES;"
    echo "CREATE USER healthcheck@'127.0.0.1' IDENTIFIED BY '$health', healthcheck@localhost IDENTIFIED BY '$health';"
    printf '[mariadb-client]\nuser=healthcheck\npassword=%s\n' "$health" > $data/.my-healthcheck.cnf
    if [ -n "$MARIADB_DATABASE" ]; then
        echo "CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\`;"
    fi
    if [ -n "$MARIADB_USER" ]; then
        echo "CREATE USER $(quoted "$MARIADB_USER")@'%' IDENTIFIED BY $(quoted "$MARIADB_PASSWORD");"
        [ -z "$MARIADB_DATABASE" ] ||
            echo "GRANT ALL ON \`${MARIADB_DATABASE//_/\\_}\`.* TO $(quoted "$MARIADB_USER")@'%';"
    fi
    if [ "$root_host" != localhost ]; then
        echo "CREATE USER root@$(quoted "$root_host") IDENTIFIED BY $(quoted "$MARIADB_ROOT_PASSWORD");"
        echo "GRANT ALL ON *.* TO root@$(quoted "$root_host") WITH GRANT OPTION;"
    fi
    echo "SET PASSWORD FOR root@localhost = PASSWORD($(quoted "$MARIADB_ROOT_PASSWORD"));"
}

run_init_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh) . "$file" ;;
        *.sql) init_sql < "$file" ;;
        *.sql.gz) gzip -dc "$file" | init_sql ;;
        esac
    done
}

init_sql() { MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb --default-character-set=utf8mb4 --host=localhost --user=root --socket=$socket ${MARIADB_DATABASE:+"$MARIADB_DATABASE"}; }

main "$@"
