#!/usr/bin/env bash
# Installs the programs of the services named, where they are missing:
#
#   install.sh postgres [redis]
#
# Programs only. On Debian and its relatives the packages would also make and
# start a server of the machine's own, on the standard port: that is prevented,
# and what prevents it is put back as it was.
set -euo pipefail

readonly oldest=15 # see OldestMajor in programs.go

have_postgres() {
  local folder version
  for folder in \
    "$(dirname "$(readlink -f "$(command -v postgres || echo /nowhere/postgres)")")" \
    "$(pg_config --bindir 2>/dev/null || echo /nowhere)" \
    /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
    /usr/local/opt/postgresql*/bin /usr/local/pgsql/bin; do
    [[ -x $folder/initdb && -x $folder/postgres ]] || continue
    version=$("$folder/postgres" --version | sed -E 's/.*\(PostgreSQL\) ([0-9]+).*/\1/')
    ((version >= oldest)) && return 0
  done
  return 1
}

have_redis() { command -v redis-server >/dev/null; }

give_up() {
  echo "The programs of PostgreSQL $oldest or newer (initdb, postgres) are missing, and $1." >&2
  echo "Install them (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server;" >&2
  echo "Alpine: apk add postgresql; macOS: brew install postgresql@17), or set DATABASE_URL to a server." >&2
  exit 1
}

# as_root runs a command with the rights to install packages.
as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null || return 1
  ((EUID == 0)) && return 0
  command -v sudo >/dev/null || return 1
  [[ -t 0 ]] || sudo -n true 2>/dev/null # without a terminal nobody can type a password
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null
}

# Packages ask this program before they start a service; 101 forbids it.
readonly policy=/usr/sbin/policy-rc.d
readonly create=/etc/postgresql-common/createcluster.conf
undo=()

put_back() {
  local command
  for command in "${undo[@]}"; do eval "as_root $command"; done
}

forbid_services() {
  [[ -e $policy ]] && return 0
  undo+=("rm -f $policy")
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod 755 $policy
}

# A machine that has postgresql-common already has been told by its owner
# whether to make a cluster: that is left alone.
install_postgres() {
  if [[ ! -e $create ]]; then
    apt_install postgresql-common
    undo+=("mv $create.before-behalf $create")
    as_root cp -p $create $create.before-behalf
    echo 'create_main_cluster = false' | as_root tee -a $create >/dev/null
  fi
  apt_install postgresql
}

main() {
  local wanted=() service
  for service in "$@"; do "have_$service" || wanted+=("$service"); done
  ((${#wanted[@]})) || return 0

  may_install || give_up "they cannot be installed from here"
  echo "installing: ${wanted[*]}"
  trap put_back EXIT
  as_root apt-get update -q </dev/null
  forbid_services
  for service in "${wanted[@]}"; do
    case $service in
      postgres) install_postgres ;;
      redis) apt_install redis-server ;;
    esac
  done
  [[ " ${wanted[*]} " != *" postgres "* ]] || have_postgres || give_up "this system's packages are older"
}

main "$@"
