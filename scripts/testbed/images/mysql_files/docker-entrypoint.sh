#!/bin/bash
# Stand-in for the entrypoint of the official mysql image: the same environment names, and the same first start
# in two phases (a temporary server on the socket only, then the real one).
set -eo pipefail

data=/var/lib/mysql
socket=/var/run/mysqld/mysqld.sock

say() { echo "$(date --rfc-3339=seconds) [$1] [Entrypoint]: $2" >&2; }
die() { say ERROR "$1"; exit 1; }

main() {
    [ "${1#-}" = "$1" ] || set -- mysqld "$@"
    [ "$1" = mysqld ] || exec "$@"
    [ "$(id -u)" != 0 ] || become_mysql "$@"
    read_settings
    [ -d $data/mysql ] || first_start "$@"
    exec "$@"
}

become_mysql() {
    find $data /run/mysqld \! -user mysql -exec chown mysql: {} +
    exec gosu mysql "$0" "$@"
}

# MYSQL_X, also as MYSQL_X_FILE
read_settings() {
    local name setting file
    for name in ROOT_PASSWORD ROOT_HOST ALLOW_EMPTY_PASSWORD RANDOM_ROOT_PASSWORD DATABASE USER PASSWORD; do
        setting=MYSQL_$name file=MYSQL_${name}_FILE
        [ -z "${!file}" ] || declare -g "$setting=$(< "${!file}")"
    done
}

first_start() {
    [ -n "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ] ||
        die "Database is uninitialized and password option is not specified"
    say Note "Initializing database files"
    "$@" --initialize-insecure --default-time-zone=SYSTEM
    start_temporary_server "$@"
    prepare_accounts | as_root
    run_init_files
    stop_temporary_server
    say Note "MySQL init process done. Ready for start up."
}

start_temporary_server() {
    say Note "Starting temporary server"
    "$@" --skip-networking --mysqlx=OFF --socket=$socket &
    server=$!
    for _ in {1..600}; do
        if mysqladmin --socket=$socket --user=nobody ping > /dev/null 2>&1; then return; fi
        kill -0 $server 2> /dev/null || die "Temporary server did not start"
        sleep 0.1
    done
    die "Unable to start server."
}

stop_temporary_server() {
    kill $server
    wait $server || die "Temporary server did not stop cleanly"
}

as_root() { MYSQL_PWD= mysql --default-character-set=utf8mb4 --protocol=socket --socket=$socket --user=root "$@"; }

# any text as an SQL string
quoted() {
    local quote=\' text=${1//\\/\\\\}
    text=${text//$quote/$quote$quote}
    printf "'%s'" "$text"
}

prepare_accounts() {
    local root_host=${MYSQL_ROOT_HOST:-%}
    [ -z "$MYSQL_RANDOM_ROOT_PASSWORD" ] || MYSQL_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64)
    echo "SET @@SESSION.SQL_LOG_BIN = 0;"
    if [ -n "$MYSQL_DATABASE" ]; then
        echo "CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
    fi
    if [ -n "$MYSQL_USER" ]; then
        echo "CREATE USER $(quoted "$MYSQL_USER")@'%' IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");"
        [ -z "$MYSQL_DATABASE" ] ||
            echo "GRANT ALL ON \`${MYSQL_DATABASE//_/\\_}\`.* TO $(quoted "$MYSQL_USER")@'%';"
    fi
    if [ "$root_host" != localhost ]; then
        echo "CREATE USER root@$(quoted "$root_host") IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
        echo "GRANT ALL ON *.* TO root@$(quoted "$root_host") WITH GRANT OPTION;"
    fi
    echo "ALTER USER root@localhost IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
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

init_sql() { MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --default-character-set=utf8mb4 --protocol=socket --socket=$socket --user=root ${MYSQL_DATABASE:+"$MYSQL_DATABASE"}; }

main "$@"
