//! Mistakes as data: each is seeded into a file of `shapes/`.

use crate::mistakes::{Mistake, mistakes};

pub(crate) const MISTAKES: &[Mistake] = mistakes! {
    "kubernetes/statefulset.yaml" {
        "LOG_LEVEL: info" => "LOG_LEVL: info", 18 "APP_LOG_LEVL" "unknown" ["is APP_LOG_LEVEL meant?"];
        "DB_MAX_CONNECTIONS: \"8\"" => "DB_MAX_CONNECTIONS: eight", 20 "APP_DB_MAX_CONNECTIONS" "invalid" ["\"eight\" is not a"];
        "DRAIN_DELAY: 5s" => "DRAIN_DELAY: 5", 21 "DRAIN_DELAY" "changed" ["rejects a number", "put it in quotes"];
        "name: visits-env\n            - secretRef" => "name: visits-evn\n            - secretRef", 52 "configMapRef" "reference" ["no file has a ConfigMap visits-evn", "is visits-env meant?"];
        "name: visits-secrets\n                optional" => "name: visits-secret\n                optional", 54 "secretRef" "reference" ["no file has a Secret visits-secret", "is visits-secrets meant?"];
        "prefix: APP_\n" => "prefix: APP\n", 50 "prefix" "name" ["as in APPDB_MAX_CONNECTIONS", "write APP_"];
        "prefix: APP_\n" => "prefix: app_\n", 18 "app_LOG_LEVEL" "case" ["write APP_LOG_LEVEL"];
        "fieldPath: metadata.name" => "fieldPath: metadata.nam", 60 "POD_NAME" "syntax" ["rejects the field", "write one of metadata.name"];
        "resource: limits.cpu" => "resource: limit.cpu", 66 "APP_WORKERS" "syntax" ["rejects the resource", "write one of limits.cpu"];
        "terminationGracePeriodSeconds: 60" => "terminationGracePeriodSeconds: 20", 45 "terminationGracePeriodSeconds" "grace" ["killed after 20s", "raise it to"];
        "path: /-/ready" => "path: /-/raedy", 71 "probe" "route" ["404", "ask /-/ready"];
        "/-/ready, port: http}" => "/-/ready, port: web}", 71 "probe" "port" ["no port of this name", "add it to `ports`"];
        "APP_ADMIN_TOKEN: 3f" => "APP_ADMIN_TOKNE: 3f", 29 "APP_ADMIN_TOKNE" "unknown" ["is APP_ADMIN_TOKEN meant?"];
        "APP_ADMIN_TOKEN: 3f9b2c1d7e8a4056b1c2d3e4f5061728" => "APP_ADMIN_TOKEN: short", 29 "APP_ADMIN_TOKEN" "constraint" ["in the Secret is refused"];
    }
    "kubernetes/daemonset.yaml" {
        "value: '20000'" => "value: 20000", 48 "APP_MAX_CONNECTIONS" "changed" ["rejects a number", "in quotes"];
        ">-\n                warn" => ">-\n                wran", 46 "APP_LOG_LEVEL" "invalid" ["\"wran\" is not"];
        "192.168.0.0/16" => "192.168.0.0/61", 43 "APP_TRUSTED_PROXIES" "invalid" ["element 2"];
        "prometheus.io/port: \"8001\"" => "prometheus.io/port: \"8002\"", 18 "scrape" "port" ["nothing listens at port 8002"];
        "prometheus.io/path: \"/-/metrics\"" => "prometheus.io/path: \"/metrics\"", 19 "scrape" "route" ["404", "/-/metrics"];
        "path: /-/ready\n              port: 8001" => "path: /-/ready\n              port: 9001", 65 "probe" "port" ["nothing listens at port 9001"];
        "- name: APP_HOST" => "- name: APP_HSOT", 38 "APP_HSOT" "unknown" ["is APP_HOST meant?"];
        "prometheus.io/port: \"8001\"" => "prometheus.io/port: \"8000\"", 18 "scrape" "port" ["APP_ADMIN_LISTEN alone serves it", "ask port 8001"];
        "path: /-/ready\n              port: 8001" => "path: /-/metrics\n              port: http", 64 "probe" "port" ["APP_ADMIN_LISTEN alone serves it", "ask port 8001"];
    }
    "kubernetes/jobs.yaml" {
        "APP_DB_MIGRATE=on exec" => "APP_DB_MIGRAET=on exec", 20 "APP_DB_MIGRAET" "unknown" ["is APP_DB_MIGRATE meant?"];
        "APP_STOP_TIMEOUT, value: 30s" => "APP_STOP_TIMEOUT, value: 30", 24 "APP_STOP_TIMEOUT" "changed" ["rejects a number"];
        "APP_SECRETS, value: dir" => "APP_SECRETS, value: vault", 22 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault", "set it"];
        "mountPath: /run/secrets" => "mountPath: /run/secret", 26 "APP_SECRETS_DIR_PATH" "mount" ["looks in /run/secrets", "mount it there"];
        "value: 20s" => "value: 20 parsecs", 54 "APP_REQUEST_TIMEOUT" "invalid" ["is not a duration"];
        "- name: APP_DB_URL_FILE" => "- name: APP_DB_URL_FLIE", 55 "APP_DB_URL_FLIE" "unknown" ["is APP_DB_URL_FILE meant?"];
        "              envFrom:" => "              envForm:", 57 "envForm" "syntax" ["write `envFrom`"];
        "terminationGracePeriodSeconds: 120" => "terminationGracePeriodSeconds: 5", 46 "terminationGracePeriodSeconds" "grace" ["killed after 5s"];
        "              env:\n                - name: APP_LOG_FORMAT" => "              Env:\n                - name: APP_LOG_FORMAT", 50 "Env" "syntax" ["write `env`"];
    }
    "kubernetes/list.yaml" {
        "      APP_KEEP_ALIVE: 75s" => "      APP_KEEPALIVE: 75s", 46 "APP_KEEP_ALIVE" "reference" ["no such key", "add the key"];
        "key: APP_LOG_LEVEL}" => "key: APP_LOG_LEVL}", 44 "APP_LOG_LEVEL" "reference" ["no such key"];
        "APP_LOG_LEVEL: info" => "APP_LOG_LEVEL: inof", 9 "APP_LOG_LEVEL" "invalid" ["\"inof\" is not"];
        "value: 127.0.0.1" => "value: 127.0.0.l", 42 "APP_HOST" "invalid" ["\"127.0.0.l\" is not"];
        "kind: List" => "kind: List: x", 2 "" "syntax" ["correct the line"];
    }
    "kubernetes/deployment.json" {
        "\"value\": \"8080\"" => "\"value\": 8080", 18 "APP_PORT" "changed" ["rejects a number"];
        "\"containerPort\": 8080" => "\"containerPort\": 8000", 21 "ports" "port" ["nothing listens at port 8000"];
        "\"name\": \"APP_ENV\"" => "\"name\": \"APP_EVN\"", 17 "APP_EVN" "unknown" ["is APP_ENV meant?"];
        "\"value\": \"false\"" => "\"value\": false", 19 "APP_CHAOS" "changed" ["boolean"];
    }
    "kubernetes/sidecars.yaml" {
        "value: kubernetes" => "value: kubernets", 67 "APP_SECRETS_VAULT_AUTH" "invalid" ["not one of"];
        "- name: APP_SECRETS_VAULT_AUTH_KUBERNETES_ROLE" => "- name: APP_SECRETS_VAULT_AUTH_KUBERNETES_ROEL", 68 "APP_SECRETS_VAULT_AUTH_KUBERNETES_ROEL" "unknown" ["is APP_SECRETS_VAULT_AUTH_KUBERNETES_ROLE meant?"];
        "- &env {name: APP_ENV, value: prod}" => "- &env {name: APP_ENV, value: 'pr od'}", 61 "APP_ENV" "constraint" ["pr od"];
    }
    "helm/rendered.yaml" {
        "key: db-url" => "key: db_url", 79 "APP_DB_URL" "reference" ["no such key"];
        "admin-token: \"M2Y5" => "admin-token: \"!M2Y5", 19 "admin-token" "changed" ["not base64"];
        "APP_LOG_FORMAT: \"json\"" => "APP_LOG_FORMAT: \"jsonn\"", 28 "APP_LOG_FORMAT" "invalid" ["\"jsonn\" is not one of"];
        "value: \"8080\"" => "value: \"808O\"", 81 "APP_PORT" "invalid" ["\"808O\" is not a u16"];
        "path: /-/healthy" => "path: /-/alive", 90 "probe" "route" ["404"];
        "configMapRef:\n                name: release-demo" => "configMapRef:\n                name: release-dmeo", 68 "configMapRef" "reference" ["is release-demo meant?"];
        "terminationGracePeriodSeconds: 45" => "terminationGracePeriodSeconds: 20", 59 "terminationGracePeriodSeconds" "grace" ["killed after 20s"];
        "APP_LOG_LEVEL: \"info\"" => "APP_LOG_LEVL: \"info\"", 29 "APP_LOG_LEVL" "unknown" ["is APP_LOG_LEVEL meant?"];
        "  APP_LOG_LEVEL: \"info\"\n" => "  APP_LOG_LEVEL: \"info\"\n  APP_LOG_LEVEL: \"warn\"\n", 30 "APP_LOG_LEVEL" "twice" ["twice in the map", "remove one"];
    }
    "kustomize/settings.env" {
        "APP_MAX_BODY=65536" => "APP_MAX_BODY=\"65536\"", 3 "APP_MAX_BODY" "invalid" ["is not a"];
        "APP_LOG_LEVEL=debug" => "APP_LOG_LEVL=debug", 2 "APP_LOG_LEVL" "unknown" ["is APP_LOG_LEVEL meant?"];
    }
    "kustomize/kustomization.yaml" {
        "- APP_ENV=staging" => "- APP_ENV: staging", 15 "literals" "syntax" ["write NAME=value"];
        "- settings.env" => "- setting.env", 13 "envs" "reference" ["cannot be read"];
        "- deployment.yaml" => "- deploymnt.yaml", 6 "resources" "reference" ["deploymnt.yaml", "check the path"];
    }
    "kustomize/deployment.yaml" {
        "{name: settings}" => "{name: setting}", 14 "configMapRef" "reference" ["is settings meant?"];
        "{name: tokens}" => "{name: token}", 15 "secretRef" "reference" ["is tokens meant?"];
    }
    "compose/compose.yaml" {
        "APP_CHAOS: \"off\"" => "APP_CHAOS: off", 31 "APP_CHAOS" "changed" ["YAML boolean", "in quotes"];
        "APP_SECRETS: dir" => "APP_SECRETS: dri", 14 "APP_SECRETS" "invalid" ["not one of"];
        "\"APP_WORKERS=2\"" => "\"APP_WORKER=2\"", 41 "APP_WORKER" "unknown" ["is APP_WORKERS meant?"];
        "APP_DB_MAX_CONNECTIONS: 10" => "APP_DB_MAX_CONNECTIONS: ten", 17 "APP_DB_MAX_CONNECTIONS" "invalid" ["\"ten\" is not a"];
        "environment: &env" => "enviroment: &env", 12 "enviroment" "syntax" ["write `environment`"];
        "source: db_url" => "source: db_ulr", 27 "secrets" "reference" ["does not define"];
        "stop_grace_period: 45s" => "stop_grace_period: 45", 10 "stop_grace_period" "changed" ["write 45s"];
        "8080:8000\"" => "8080:80\"", 23 "ports" "port" ["nothing listens at port 80"];
        "8000/-/ready" => "8000/ready", 34 "probe" "route" ["404"];
        "${LOG_LEVEL:-info}" => "${LOG_LEVEL:-inof}", 16 "APP_LOG_LEVEL" "invalid" ["\"inof\" is not"];
        "${LOG_LEVEL:-info}" => "${LOG_LEVEL-info", 16 "APP_LOG_LEVEL" "changed" ["rejects"];
        "target: db_url" => "target: db-url", 28 "APP_SECRETS_DIR_PATH" "mount" ["no secret that is called so"];
    }
    "compose/files.yaml" {
        "- APP_HEAD_TIMEOUT=10s" => "- APP_HEAD_TIMEOUT: 10s", 20 "APP_HEAD_TIMEOUT" "syntax" ["write NAME=value"];
        "- APP_ENV=dev" => "- APP_EVN=dev", 17 "APP_EVN" "unknown" ["is APP_ENV meant?"];
        "./common.env" => "./comon.env", 11 "env_file" "reference" ["cannot be read"];
        "stop_grace_period: 1m30s" => "stop_grace_period: 1m30", 9 "stop_grace_period" "changed" ["write 45s"];
        "format: raw" => "format: row", 15 "env_file" "syntax" ["format", "write `raw`"];
        "- APP_ENV=dev" => "- APP_ENV=pa$word", 17 "APP_ENV" "changed" ["takes a `$`", "write `$$`"];
    }
    "compose/common.env" {
        "1s # quick" => "1s# quick", 4 "APP_DRAIN_DELAY" "invalid" ["is not a duration"];
        "${LEVEL:-debug}" => "${LEVEL:-debgu}", 3 "APP_LOG_LEVEL" "invalid" ["\"debgu\" is not"];
        "APP_LOG_FORMAT=\"human\"" => "APP_LOG_FORMAT=\"human", 2 "" "syntax" ["quotes do not end", "close quotes"];
    }
    "compose/raw.env" {
        "APP_MAX_BODY=1048576" => "APP_MAX_BODY=\"1048576\"", 1 "APP_MAX_BODY" "invalid" ["is not a"];
    }
    "compose/base.yaml" {
        "APP_HOST: 0.0.0.0" => "APP_HOTS: 0.0.0.0", 6 "APP_HOTS" "unknown" ["is APP_HOST meant?"];
    }
    "compose/extends.yaml" {
        "file: base.yaml" => "file: bases.yaml", 4 "extends" "reference" ["cannot be read"];
        "service: base" => "service: bsae", 5 "extends" "reference" ["defines no service bsae", "is base meant?"];
        "target: 8001" => "target: 8002", 15 "ports" "port" ["nothing listens at port 8002"];
        "APP_WORKERS: \"4\"" => "APP_WORKERS: \"four\"", 8 "APP_WORKERS" "invalid" ["\"four\" is not a"];
    }
    "systemd/demo-service@.service" {
        "env APP_LOG_FORMAT=json" => "env APP_LOG_FORMAT=jsno", 12 "APP_LOG_FORMAT" "invalid" ["\"jsno\" is not one of"];
        "APP_ENV=%i" => "APP_ENV=100%x", 15 "APP_ENV" "changed" ["no specifier", "write `%%`"];
        "'APP_TRUSTED_PROXIES=127.0.0.1, ::1'" => "APP_TRUSTED_PROXIES=127.0.0.1, ::1", 16 "APP_TRUSTED_PROXIES" "changed" ["ignores a word", "quotes"];
        "            APP_LOG_LEVEL=info" => "            APP_LOG_LEVL=info", 19 "APP_LOG_LEVL" "unknown" ["is APP_LOG_LEVEL meant?"];
        "TimeoutStopSec=2min 30s" => "TimeoutStopSec=20s", 23 "TimeoutStopSec" "grace" ["killed after 20s"];
    }
    "systemd/demo-service.service.d/override.conf" {
        "APP_LOG_LEVEL=warn" => "APP_LOG_LEVEL=wran", 6 "APP_LOG_LEVEL" "invalid" ["\"wran\" is not"];
        "[Service]\n" => "[Servce]\n", 5 "Environment" "syntax" ["outside of [Service]"];
    }
    "docker/Dockerfile" {
        "ENV APP_LOG_LEVEL info" => "ENV APP_LOG_LEVEL inof", 29 "APP_LOG_LEVEL" "invalid" ["\"inof\" is not"];
        "ENV APP_LOG_LEVEL info" => "ENV APP_LOG_LEVEL = info", 29 "APP_LOG_LEVEL" "invalid" ["\"= info\" is not"];
        "APP_PORT=8080" => "APP_PORT=8O80", 30 "APP_PORT" "invalid" ["\"8O80\" is not a u16"];
        "EXPOSE 8080" => "EXPOSE 8000", 36 "EXPOSE" "port" ["nothing listens at port 8000"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FORMAT=jsno", 24 "APP_LOG_FORMAT" "invalid" ["not one of"];
        "APP_DB_QUERY_TIMEOUT=\"2s\"" => "APP_DB_QUERY_TIMEOUT=2", 30 "APP_DB_QUERY_TIMEOUT" "invalid" ["write 2s"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FORMAT=$DEBIAN", 24 "APP_LOG_FORMAT" "changed" ["an ARG before FROM is empty", "repeat `ARG`"];
    }
    "docker/worker.Dockerfile" {
        "CMD APP_LOG_FORMAT=json" => "CMD APP_LOG_FORMAT=jsno", 5 "APP_LOG_FORMAT" "invalid" ["not one of"];
        "ENV APP_WORKERS=2" => "ENV APP_WORKER=2", 3 "APP_WORKER" "unknown" ["is APP_WORKERS meant?"];
        "ENV APP_ENV=staging" => "ENV APP_ENV = staging", 2 "APP_ENV" "constraint" ["\"= staging\" is refused"];
    }
    "docker/docker.env" {
        "APP_LOG_LEVEL=info" => "APP_LOG_LEVEL=\"info\"", 3 "APP_LOG_LEVEL" "invalid" ["is not"];
        "APP_ENV=staging" => "export APP_ENV=staging", 2 "" "syntax" ["docker accepts no", "no `export`"];
        "10.0.0.0/8" => "10.0.0.0/8 # lan", 4 "APP_TRUSTED_PROXIES" "invalid" ["is not"];
    }
    "heroku/Procfile" {
        "APP_HOST=0.0.0.0" => "APP_HSOT=0.0.0.0", 2 "APP_HSOT" "unknown" ["is APP_HOST meant?"];
        "APP_DB_MIGRATE=on" => "APP_DB_MIGRATE=onn", 1 "APP_DB_MIGRATE" "invalid" ["\"onn\" is not"];
    }
    "heroku/app.json" {
        "\"APP_LOG_LEVEL\": \"debug\"" => "\"APP_LOG_LEVEL\": \"dbug\"", 17 "APP_LOG_LEVEL" "invalid" ["\"dbug\" is not"];
        "\"APP_ENV\": \"staging\"" => "\"APP_EVN\": \"staging\"", 8 "APP_EVN" "unknown" ["is APP_ENV meant?"];
        "\"required\": false" => "\"value\": \"postgres://me:hunter2@db/x\"", 11 "APP_DB_URL" "plaintext" ["plain text"];
        "\"APP_ADMIN_TOKEN\": {\"generator\"" => "\"APP_ADMIN_TOKEN\": {\"genrator\"", 10 "APP_ADMIN_TOKEN" "syntax" ["write `generator`"];
    }
    "dotenv/.env.example" {
        "info,sqlx=warn" => "info;sqlx=warn", 7 "APP_LOG_LEVEL" "invalid" ["is not"];
        "APP_WORKERS=" => "APP_WORKERS=all", 9 "APP_WORKERS" "invalid" ["\"all\" is not a"];
        "APP_REQUEST_TIMEOUT=30s" => "APP_REQUEST_TIMEOUT=30", 10 "APP_REQUEST_TIMEOUT" "invalid" ["write 30s"];
        "APP_LOG_FORMAT=human" => "APP_LOG_FORMAT=\"human\"", 8 "APP_LOG_FORMAT" "dialect" ["docker keeps quotes"];
        "APP_ENV=dev" => "APP_ENV=d$USER", 5 "APP_ENV" "dialect" ["not all replace"];
        "APP_PORT=8000" => "APP_PORT=8000 # port", 6 "APP_PORT" "dialect" ["a line of its own"];
        "APP_ENV=dev" => "APP_ENV=d\\ev", 5 "APP_ENV" "dialect" ["a backslash for an escape"];
        "APP_LOG_FORMAT=human" => "APP_LOG_FORMAT= human", 8 "APP_LOG_FORMAT" "dialect" ["white space around `=`"];
    }
    "dotenv/production.env" {
        "APP_SECRETS=aws" => "APP_SECRETS=asw", 2 "APP_SECRETS" "invalid" ["not one of"];
        "APP_STOP_TIMEOUT=45s" => "APP_STOP_TIMEOUT=12s", 5 "APP_STOP_TIMEOUT" "grace" ["12s is less than"];
        "fd00::/8" => "fd00::/800", 3 "APP_TRUSTED_PROXIES" "invalid" ["element 2"];
    }
};
