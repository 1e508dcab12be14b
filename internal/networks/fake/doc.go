// Package fake is what the strict fakes of networks are made of: a table of the
// documented endpoints, behind which everything undocumented fails the test; an
// OAuth 2.0 half that nobody here invented; and a gate in front of any network,
// fake or real, that keeps a log and lets calls fail before or after they have
// had their effect. For tests only.
package fake

import "behalf/internal/networks"

// Post is a post as it stands on a network, read back from there.
type Post struct {
	ID       string
	Account  string // as networks.Account.RemoteID
	Person   string // who it was posted by
	URL      string // its permalink
	Text     string // as a reader sees it, without the network's escaping
	Link     string // of its card; empty where links stand in the text
	Identity string // as networks.Identity.RemoteID
	Media    []Medium
}

// Medium is one picture or film of a Post.
type Medium struct {
	Kind networks.MediaKind
	Alt  string
	Size int64 // bytes; 0 where the network does not say
}
