package networks

// Account is something on the network that posts appear as.
type Account struct {
	RemoteID   string     // the network's id, stable; where networks are spread over hosts, the host is part of it
	Name       string     // for people
	URL        string     // where people see it; empty where the network does not say
	Identities []Identity // what a post may appear as instead (R40); empty on most networks
}

// Identity is a posting identity: a profile or an author.
type Identity struct {
	RemoteID string
	Name     string
}

// Session is a credential at work: on which account, and posting as whom.
type Session struct {
	Credential Credential
	Account    string // Account.RemoteID
	Identity   string // Identity.RemoteID; empty = the account itself
}

// Access is the network's word that a credential may post.
type Access struct {
	Account    Account
	Person     Person     // whose credential it is
	Credential Credential // to be kept instead of the session's, where the network gives one for each account; else zero
}

// Person is somebody as the network knows them.
type Person struct {
	RemoteID string // nobody else's on the network; where it is spread over hosts, the host is part of it
	Name     string
}
