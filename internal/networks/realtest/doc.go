// Package realtest runs the connectors of networks that people host against
// real servers on this machine: a WordPress with a private MariaDB, and a
// Bluesky PDS with its directory of identities; and a server of Mastodon's API
// where BEHALF_TEST_MASTODON_URL names one. On the first two a whole Behalf plays
// the story of two people as well. Its tests have the build tag
// "networks": "make test-networks" installs what they need and runs them.
//
// The servers listen on loopback alone, keep their data in a folder that goes
// with the test, and are stopped by their process group.
package realtest
