#!/bin/bash
# Stand-in for the entrypoint of the official postgres image: the same environment names, and the same first
# start in two phases (a temporary server on the socket only, then the real one).
set -eo pipefail

run=/var/run/postgresql
old_place=/var/lib/postgresql/data

say() { echo "$(date --rfc-3339=seconds) [Entrypoint]: $1" >&2; }
die() { echo "Error: $1" >&2; exit 1; }

main() {
    [ "${1#-}" = "$1" ] || set -- postgres "$@"
    [ "$1" = postgres ] || exec "$@"
    refuse_old_place
    make_folders
    [ "$(id -u)" != 0 ] || exec gosu postgres "$0" "$@"
    read_settings
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        first_start "$@"
    else
        say "PostgreSQL Database directory appears to contain a database; Skipping initialization"
    fi
    exec "$@"
}

# from 18 on, the volume is one folder above: data of the old place would lie in a volume that nobody keeps
refuse_old_place() {
    [ "$PG_MAJOR" -ge 18 ] && [ "$PGDATA" != $old_place ] || return 0
    if [ -s $old_place/PG_VERSION ] || grep -q " $old_place " /proc/self/mountinfo; then
        die "in 18+, these Docker images are configured to store database data in a format which is compatible
       with pg_ctlcluster; the mount or data in $old_place is unused. Mount /var/lib/postgresql instead."
    fi
}

make_folders() {
    mkdir -p "$PGDATA" "${POSTGRES_INITDB_WALDIR:-$PGDATA}"
    chmod 0700 "$PGDATA" || true
    if [ "$(id -u)" = 0 ]; then
        find "$PGDATA" "${POSTGRES_INITDB_WALDIR:-$PGDATA}" $run \! -user postgres -exec chown postgres {} +
        [ "$PG_MAJOR" -lt 18 ] || chown postgres "$(dirname "$PGDATA")"
    fi
    chmod 3775 $run || true
}

# POSTGRES_X, or the content of the file POSTGRES_X_FILE
read_settings() {
    local name file
    for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS; do
        file=${name}_FILE
        [ -z "${!name}" ] || [ -z "${!file}" ] || die "both $name and $file are set (but are exclusive)"
        [ -z "${!file}" ] || declare -gx "$name=$(< "${!file}")"
        unset "$file"
    done
    export POSTGRES_USER=${POSTGRES_USER:-postgres}
    export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
}

first_start() {
    [ -n "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ] ||
        die "Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser."
    local waldir=${POSTGRES_INITDB_WALDIR:+--waldir=$POSTGRES_INITDB_WALDIR}
    eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $waldir $POSTGRES_INITDB_ARGS \"\$PGDATA\"" > /dev/null
    let_hosts_in "$@"
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")" -w start > /dev/null
    create_database
    run_init_files
    pg_ctl -D "$PGDATA" -m fast -w stop > /dev/null
    unset PGPASSWORD
    say "PostgreSQL init process complete; ready for start up."
}

let_hosts_in() {
    local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "${@:2}")}
    printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

create_database() {
    [ "$POSTGRES_DB" != postgres ] || return 0
    POSTGRES_DB= in_database --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
}

in_database() {
    PGHOST= PGHOSTADDR= psql --set ON_ERROR_STOP=1 --quiet --no-password --no-psqlrc --username "$POSTGRES_USER" \
        ${POSTGRES_DB:+--dbname "$POSTGRES_DB"} "$@"
}

run_init_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
        *.sql) in_database < "$file" ;;
        *.sql.gz) gzip -dc "$file" | in_database ;;
        esac
    done
}

main "$@"
