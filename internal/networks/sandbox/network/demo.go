package network

import "behalf/internal/networks/sandbox/network/control"

// Demo is what the sandbox shows to somebody new.
type Demo struct {
	OliviaPassword string
	CarlPassword   string
	Client         Client
}

// Seed adds olivia and carl, the page "Acme News" that olivia administers, and
// the client. Seeding again changes passwords and client, and leaves a page
// that is there already as it is.
func (n *Network) Seed(d Demo) error {
	for name, password := range map[string]string{"olivia": d.OliviaPassword, "carl": d.CarlPassword} {
		if err := n.AddPerson(control.Person{Name: name, Password: password}); err != nil {
			return err
		}
	}
	if err := n.Register(d.Client); err != nil {
		return err
	}
	if _, known := n.store.Page(DemoPage); known {
		return nil
	}
	return n.AddPage(control.Page{
		Slug: DemoPage, Name: "Acme News", Admins: []string{"olivia"},
		Identities: []control.Identity{{ID: "newsroom", Name: "Acme Newsroom"}},
	})
}

// DemoPage is the slug of "Acme News".
const DemoPage = "acme-news"
