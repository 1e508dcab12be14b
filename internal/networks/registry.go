package networks

import (
	"fmt"
	"maps"
	"slices"
)

// Registry is the explicit list of networks that this installation speaks to,
// by the name that accounts carry ("sandbox").
type Registry map[string]Connector

// Connector returns a network's connector.
func (r Registry) Connector(network string) (Connector, error) {
	connector, known := r[network]
	if !known {
		return nil, fmt.Errorf("no connector for network %q", network)
	}
	return connector, nil
}

// Names lists the networks in alphabetical order.
func (r Registry) Names() []string { return slices.Sorted(maps.Keys(r)) }
