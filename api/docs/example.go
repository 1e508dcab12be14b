package docs

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// examples are values of fields whose schema does not say enough, by their names.
var examples = map[string]any{
	"email": "carl@example.com", "password": "correct horse battery staple", "name": "Acme", "text": "Hello from Acme.",
	"link": "https://acme.example/opening", "url": "https://social.example/acme/1", "alt": "A red kite above the town hall.",
	"note": "Please name the date.",
	"zone": "Europe/Berlin", "language": "en", "network": "sandbox", "remote": "acme-news", "code": "287082",
}

// other are fields that are one of several ways, or that few need: none stands in
// an example where it may be left out.
var other = []string{"invitation", "identity", "passkey", "recovery_code"}

// aMoment is an example of every instant.
const aMoment = "2030-01-02T15:04:05Z"

// exampleOf makes a value that fits a schema: with all that has to be there
// and, of what need not, lists' first elements left out.
func exampleOf(document *huma.OpenAPI, schema *huma.Schema, name string, depth int) any {
	for schema.Ref != "" {
		schema = document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	switch {
	case len(schema.Examples) > 0:
		return schema.Examples[0]
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type == huma.TypeObject:
		value := map[string]any{}
		for field, inner := range schema.Properties {
			needed := slices.Contains(schema.Required, field)
			if (needed || depth < deepest && !slices.Contains(other, field)) && !inner.ReadOnly {
				value[field] = exampleOf(document, inner, field, depth+1)
			}
		}
		return value
	case schema.Type == huma.TypeArray:
		if depth >= deepest {
			return []any{}
		}
		return []any{exampleOf(document, schema.Items, name, depth+1)}
	case schema.Type == huma.TypeBoolean:
		return true
	case schema.Type == huma.TypeInteger, schema.Type == huma.TypeNumber:
		if schema.Minimum != nil {
			return *schema.Minimum
		}
		return 1
	}
	return textOf(schema, name)
}

func textOf(schema *huma.Schema, name string) any {
	text, known := examples[name].(string)
	switch {
	case schema.Format == "date-time":
		return aMoment
	case schema.Format == "uri":
		return "https://behalf.example"
	case !known:
		text = strings.ReplaceAll(name, "_", " ")
	}
	if schema.MinLength != nil && len(text) < *schema.MinLength {
		text += strings.Repeat("x", *schema.MinLength-len(text))
	}
	if schema.MaxLength != nil && len(text) > *schema.MaxLength {
		text = text[:*schema.MaxLength]
	}
	return text
}
