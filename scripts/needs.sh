# Sourced by the scripts beside it. Installs the programs that a bare Debian lacks, or lists them in one line.
#
#     needs python3=python3-venv git
#
# requires programs, each with its Debian package after `=` if the name differs. `python3` must be 3.10 or newer and
# able to create virtual environments. As root, the packages are installed with apt-get; otherwise they are listed.

needs() {
    find_missing "$@"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        stop "Error: Missing programs: $missing. As root, run: apt-get install$packages"
    fi
    echo "Installing$packages …" >&2
    install_packages $packages || stop "Error: apt-get could not install$packages (see its messages above)."
    find_missing "$@"
    [ -z "$missing" ] || stop "Error: Still missing after apt-get install$packages: $missing"
}

find_missing() {
    missing='' packages=''
    for wanted; do
        program=${wanted%=*}
        if ! is_there "$program"; then
            [ "$program" != python3 ] || program="python3 (3.10 or newer, with venv)"
            missing="${missing:+$missing, }$program" packages="$packages ${wanted#*=}"
        fi
    done
}

is_there() {
    case $1 in
        python3) python3 -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))' 2> /dev/null ;;
        *) command -v "$1" > /dev/null ;;
    esac
}

install_packages() {
    apt-get update -qq  # an unreachable source may not be needed: the installation decides
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "$@" > /dev/null
}

stop() {
    echo "$1" >&2
    exit 1
}
