// Package docs describes the API: as an OpenAPI 3.1 document for programs and
// as pages for people. Both follow from what is registered; nothing is loaded
// from another host.
package docs

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"behalf/domain"
)

// Config describes the API before anything is registered.
func Config(publicURL string) huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	aliasIDs(registry)
	config := huma.DefaultConfig("Behalf", "1")
	config.Info.Description = introduction
	config.Components.Schemas = registry
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A session's token, or an API token (bhf_…)."},
		"cookie": {Type: "apiKey", In: "cookie", Name: "behalf", Description: "The session cookie; over https its name is __Host-behalf."},
	}
	config.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
	config.Info.Contact = &huma.Contact{Name: "Behalf", URL: publicURL + "/docs"}
	config.Servers = []*huma.Server{{URL: publicURL}}
	config.CreateHooks = nil // else every body would get a "$schema"
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.RejectUnknownQueryParameters = true
	return config
}

const introduction = `Teams publish to social accounts: a member through the Owner's connection or through their own.

**Commands** change things; each answers the position in the log and what happened. **Queries** read views that follow the log: ` +
	`name a position as ` + "`?position=`" + ` to read at least what it wrote.

Every refusal is a problem (RFC 9457) with a stable code and the number of the rule behind it. ` +
	`To somebody outside a workspace everything in it answers 404.`

// schemaName names a type by its package and its own name, because packages
// share words: two of them know an Account.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	room := path.Base(t.PkgPath())
	if below, is := strings.CutPrefix(t.PkgPath(), "behalf/domain/"); is {
		room, _, _ = strings.Cut(below, "/") // a command's name does not tell in which room of its aggregate it lives
	}
	if t.Name() == "" || room == "." || strings.EqualFold(room, name) {
		return name
	}
	return strings.ToUpper(room[:1]) + room[1:] + name
}

// aliasIDs gives ids the schema of the text that they are written as.
func aliasIDs(registry huma.Registry) {
	alias(registry, domain.WorkspaceID{})
	alias(registry, domain.UserID{})
	alias(registry, domain.AccountID{})
	alias(registry, domain.PostID{})
	alias(registry, domain.InvitationID{})
	alias(registry, domain.ConnectionID{})
	alias(registry, domain.AttemptID{})
	alias(registry, domain.EventID{})
	alias(registry, domain.MediaID{})
}

func alias[K domain.Kind](registry huma.Registry, _ domain.ID[K]) {
	registry.RegisterTypeAlias(reflect.TypeFor[domain.ID[K]](), reflect.TypeFor[idSchema[K]]())
}

type idSchema[K domain.Kind] struct{}

// Schema implements huma.SchemaProvider.
func (idSchema[K]) Schema(huma.Registry) *huma.Schema {
	var kind K
	return &huma.Schema{
		Type:               huma.TypeString,
		Pattern:            "^" + kind.Prefix() + "_[0-9a-f]{32}$",
		PatternDescription: kind.Prefix() + "_ and 32 hexadecimal digits",
		Examples:           []any{kind.Prefix() + "_0199c0ffee007000800000000000c0de"},
	}
}
