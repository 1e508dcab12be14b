package devservices

import "slices"

// durableSettings keep what "behalf dev" has answered for.
var durableSettings = []string{
	"fsync=on",
	"synchronous_commit=on",
	"max_connections=200",
}

// throwawaySettings are for data that nobody will miss.
var throwawaySettings = []string{
	"fsync=off",
	"synchronous_commit=off",
	"full_page_writes=off",
	"max_connections=300",
	"wal_level=minimal",
	"max_wal_senders=0",
	"checkpoint_timeout=1h",
	"max_wal_size=4GB",
	"autovacuum_naptime=1min",
}

// postgresArgs start a server that listens on a socket in one folder and nowhere else.
func postgresArgs(data, sockets string, settings []string) []string {
	args := []string{"-D", data}
	for _, setting := range slices.Concat([]string{
		"listen_addresses=",
		"port=5432", // only part of the socket's name
		"unix_socket_directories=" + sockets,
		"unix_socket_permissions=0700",
		"jit=off",
		"timezone=UTC",
		"log_timezone=UTC",
		"lc_messages=C",
	}, settings) {
		args = append(args, "-c", setting)
	}
	return args
}
