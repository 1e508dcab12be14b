# make run    the product on this machine, with private services; Ctrl-C ends it
# make demo   the story, played once and checked
# make test   every test, on real Postgres and Redis (under 5 minutes)
# make bench  ratios against the plainest thing that could do the same (under 15 minutes)
SHELL := bash

GOLANGCI_LINT := .tools/bin/golangci-lint-v2.15.0
GOVULNCHECK   := .tools/bin/govulncheck-v1.8.0
VULN_DATABASE := $(or $(GOVULNDB),https://vuln.go.dev)

# The race detector needs a C compiler.
RACE := $(if $(shell command -v $${CC:-gcc}),-race)

# What test and test-long test.
PACKAGES ?= ./...

.PHONY: run demo build test test-long bench bench-large lint vulncheck tools postgres withservices clean

run: build postgres
	bin/behalf dev

demo: build postgres
	bin/behalf demo

build:
	go build -o bin/behalf ./cmd/behalf

# One throw-away Postgres for all packages; each test has its own database on it.
test: postgres withservices
	.tools/bin/withservices -- go test -timeout 5m $(PACKAGES)

# Everything again with the race detector, and what takes longer (build tag "long").
test-long: postgres withservices
	.tools/bin/withservices -- go test $(RACE) -tags long -timeout 45m $(PACKAGES)

# On a private, durable Postgres. Results go to bench/results.json.
bench: postgres
	go run ./bench

# An append to a table with ten million rows.
bench-large: postgres
	go run ./bench -large

lint: $(GOLANGCI_LINT) vulncheck
	$(GOLANGCI_LINT) run ./...

# Needs its database: skipped, and said so, where that cannot be reached.
vulncheck: $(GOVULNCHECK)
	@if curl --fail --silent --max-time 5 --output /dev/null $(VULN_DATABASE)/index/db.json; \
	then $(GOVULNCHECK) ./...; \
	else echo "vulncheck: skipped, $(VULN_DATABASE) cannot be reached"; fi

tools: $(GOLANGCI_LINT) $(GOVULNCHECK)

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/.tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv .tools/bin/golangci-lint $@

$(GOVULNCHECK):
	GOBIN=$(CURDIR)/.tools/bin go install golang.org/x/vuln/cmd/govulncheck@v1.8.0
	mv .tools/bin/govulncheck $@

# The programs only: no server of the machine's is made, started or changed.
postgres:
	@$(if $(DATABASE_URL),true,internal/devservices/programs/install.sh postgres)

withservices:
	@go build -o .tools/bin/withservices ./internal/testkit/withservices

# Leaves .data, where "make run" keeps its content.
clean:
	rm -rf bin .tools
