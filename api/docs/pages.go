package docs

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"behalf/api/docs/rulebook"
	"behalf/api/problem"
)

//go:embed templates/*.html
var templates embed.FS

// Mount serves the OpenAPI document and the pages. It is called when every
// operation is registered: both are written once.
func Mount(router chi.Router, document *huma.OpenAPI) error {
	finish(document)
	written, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	pages := map[string]any{
		"operations": groups(document),
		"problems":   problem.Codes(),
		"rules":      rulebook.Rules(),
	}
	for name, content := range pages {
		page, err := render(name, content)
		if err != nil {
			return err
		}
		address := "/docs/" + name
		if name == "operations" {
			address = "/docs"
		}
		router.Get(address, serve("text/html; charset=utf-8", page))
	}
	router.Get("/openapi.json", serve("application/json", written))
	router.Method(http.MethodGet, "/", http.RedirectHandler("/docs", http.StatusSeeOther))
	return nil
}

func render(name string, content any) ([]byte, error) {
	functions := template.FuncMap{"paragraphs": paragraphs, "rules": citing}
	page, err := template.New("").Funcs(functions).ParseFS(templates, "templates/layout.html", "templates/"+name+".html")
	if err != nil {
		return nil, fmt.Errorf("read the documentation of %s: %w", name, err)
	}
	var written bytes.Buffer
	if err := page.ExecuteTemplate(&written, "layout", content); err != nil {
		return nil, fmt.Errorf("write the documentation of %s: %w", name, err)
	}
	return written.Bytes(), nil
}

func serve(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(content) // the client is gone, nobody is left to tell
	}
}

// group is the operations under one tag.
type group struct {
	Name       string
	Operations []operation
}

type operation struct {
	*huma.Operation
	Public bool
	Body   []property
	Answer []property
}

// property is one line of a body.
type property struct {
	Name, Type, Description string
	Required                bool
}

func groups(document *huma.OpenAPI) []group {
	byTag := map[string][]operation{}
	for _, item := range document.Paths {
		for _, op := range operationsOf(item) {
			byTag[op.Tags[0]] = append(byTag[op.Tags[0]], operation{
				Operation: op, Public: op.Security != nil, Body: requestOf(document, op), Answer: answerOf(document, op),
			})
		}
	}
	var all []group
	for _, tag := range document.Tags {
		name := tag.Name
		slices.SortFunc(byTag[name], func(a, b operation) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
		})
		all = append(all, group{Name: name, Operations: byTag[name]})
	}
	return all
}

func requestOf(document *huma.OpenAPI, op *huma.Operation) []property {
	if op.RequestBody == nil {
		return nil
	}
	return properties(document, op.RequestBody.Content["application/json"], "", 0)
}

func answerOf(document *huma.OpenAPI, op *huma.Operation) []property {
	for _, status := range []string{"200", "201"} {
		if response := op.Responses[status]; response != nil {
			return properties(document, response.Content["application/json"], "", 0)
		}
	}
	return nil
}

// deepest bounds how far bodies are unfolded; none of ours is deeper.
const deepest = 4

func properties(document *huma.OpenAPI, media *huma.MediaType, prefix string, depth int) []property {
	if media == nil || media.Schema == nil {
		return nil
	}
	return unfold(document, media.Schema, prefix, depth)
}

func unfold(document *huma.OpenAPI, schema *huma.Schema, prefix string, depth int) []property {
	for schema.Ref != "" {
		schema = document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema.Type == huma.TypeArray {
		return unfold(document, schema.Items, prefix+"[]", depth)
	}
	var lines []property
	names := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		inner := schema.Properties[name]
		path := strings.TrimPrefix(prefix+"."+name, ".")
		lines = append(lines, property{
			Name: path, Type: typeOf(document, inner), Description: inner.Description, Required: slices.Contains(schema.Required, name),
		})
		if depth < deepest {
			lines = append(lines, unfold(document, inner, path, depth+1)...)
		}
	}
	return lines
}

func typeOf(document *huma.OpenAPI, schema *huma.Schema) string {
	for schema.Ref != "" {
		schema = document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	switch {
	case len(schema.Enum) > 0:
		words := make([]string, len(schema.Enum))
		for i, word := range schema.Enum {
			words[i] = fmt.Sprint(word)
		}
		return strings.Join(words, " | ")
	case schema.Type == huma.TypeArray:
		return "list of " + typeOf(document, schema.Items)
	case schema.PatternDescription != "":
		return schema.PatternDescription
	case schema.Format != "":
		return schema.Format
	case schema.Type == "":
		return "any"
	default:
		return schema.Type
	}
}
