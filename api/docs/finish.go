package docs

import (
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// tags explain the groups of operations, in the order of the page. A group that
// is not here stands behind them.
var tags = []*huma.Tag{
	{Name: "People", Description: "Signing up and in; who one is."},
	{Name: "Workspaces", Description: "Beginning a workspace."},
	{Name: "Connecting", Description: "Authorizing Behalf at a social network, in the browser."},
	{Name: "Commands", Description: "What members change. Each is one operation with its own rules."},
	{Name: "Queries", Description: "What members see."},
	{Name: "Media", Description: "Pictures and films for posts."},
	{Name: "History", Description: "What auditors ask."},
}

// finish completes the document once every operation is registered: groups,
// and an example for every body.
func finish(document *huma.OpenAPI) {
	named := map[string]bool{}
	for _, item := range document.Paths {
		for _, op := range operationsOf(item) {
			named[op.Tags[0]] = true
			complete(document, op)
		}
	}
	document.Tags = nil
	for _, tag := range tags {
		if named[tag.Name] {
			document.Tags = append(document.Tags, tag)
			delete(named, tag.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		document.Tags = append(document.Tags, &huma.Tag{Name: name, Description: name + "."})
	}
}

// operationsOf lists what can be done at one path.
func operationsOf(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

// complete says what no registration has to say: what the answer without a
// body means, and what a body looks like.
func complete(document *huma.OpenAPI, op *huma.Operation) {
	if op.Description == "" {
		op.Description = op.Summary
	}
	if op.RequestBody == nil {
		return
	}
	if body := op.RequestBody.Content["application/json"]; body != nil && body.Example == nil && body.Schema != nil {
		body.Example = exampleOf(document, body.Schema, "", 0)
	}
}
