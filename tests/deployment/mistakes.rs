//! Mistakes as data: each is seeded into a file of `good/`.

/// A mistake, and the finding that names it.
pub(crate) struct Mistake {
    /// The file of `good/`.
    pub(crate) file: &'static str,
    /// The text that is replaced, which must be there once.
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// The line and the name of the finding.
    pub(crate) line: usize,
    pub(crate) name: &'static str,
    pub(crate) code: &'static str,
    /// A part of the reason, and of the remedy.
    pub(crate) says: &'static [&'static str],
}

macro_rules! mistakes {
    ($($file:literal { $($from:literal => $to:literal, $line:literal $name:literal $code:literal [$($says:literal),+];)* })*) => {
        &[$($(Mistake {
            file: $file,
            from: $from,
            to: $to,
            line: $line,
            name: $name,
            code: $code,
            says: &[$($says),+],
        }),*),*]
    };
}
pub(crate) use mistakes;

pub(crate) const MISTAKES: &[Mistake] = mistakes! {
    "app.yaml" {
        "- name: APP_WORKERS" => "- name: APP__WORKERS", 47 "APP__WORKERS" "unknown" ["is APP_WORKERS meant?"];
        "value: \"4\"" => "value: \" 4\"", 48 "APP_WORKERS" "invalid" ["write 4", "white space"];
        "value: \"4\"" => "value: [4]", 48 "APP_WORKERS" "changed" ["rejects a list", "one text in quotes"];
        "value: \"4\"" => "valueFrom: {secretKeyRef: {name: x}}", 48 "APP_WORKERS" "syntax" ["needs `name` and `key`"];
        "value: \"4\"" => "valueFrom: {secretKeyReff: {name: x, key: y}}", 48 "APP_WORKERS" "syntax" ["does not know", "secretKeyRef"];
        "value: \"4\"" => "valueFrom: {}", 48 "APP_WORKERS" "syntax" ["no source"];
        "- name: APP_WORKERS" => "- Name: APP_WORKERS", 47 "env" "syntax" ["without a name"];
        "terminationGracePeriodSeconds: 45" => "terminationGracePeriodSecond: 45", 18 "terminationGracePeriodSecond" "syntax" ["write `terminationGracePeriodSeconds`"];
        "enableServiceLinks: false" => "enableServiceLink: false", 17 "enableServiceLink" "syntax" ["write `enableServiceLinks`"];
        "APP_LOG_FORMAT: json" => "app.log.format: json", 6 "app.log.format" "case" ["write APP_LOG_FORMAT"];
        "APP_DRAIN_DELAY: 10s" => "APP_DRAIN_DELAY: 10 minuts", 7 "APP_DRAIN_DELAY" "invalid" ["is not a duration"];
        "value: \"[::]:8001\"" => "value: \":8001\"", 52 "APP_ADMIN_LISTEN" "invalid" ["\":8001\" is not"];
        "value: \"4\"" => "value: \"4x\"", 48 "APP_WORKERS" "invalid" ["\"4x\" is not a usize"];
        "value: \"4\"" => "value: 4", 48 "APP_WORKERS" "changed" ["rejects a number", "put it in quotes"];
        "value: \"no\"" => "value: no", 50 "APP_CHAOS" "changed" ["boolean", "put it in quotes"];
        "APP_LOG_FORMAT: json" => "APP_LOG_FORMAT: jsno", 6 "APP_LOG_FORMAT" "invalid" ["not one of: human, json, mozlog"];
        "APP_DRAIN_DELAY: 10s" => "APP_DRAIN_DELAY: 10", 7 "APP_DRAIN_DELAY" "changed" ["put it in quotes"];
        "APP_DRAIN_DELAY: 10s" => "APP_DRAIN_DELAY: \"10\"", 7 "APP_DRAIN_DELAY" "invalid" ["10 has no unit", "write 10s"];
        "- name: APP_WORKERS" => "- name: APP_WOKERS", 47 "APP_WOKERS" "unknown" ["is APP_WORKERS meant?"];
        "- name: APP_WORKERS" => "- name: app_workers", 47 "app_workers" "case" ["write APP_WORKERS"];
        "- name: APP_WORKERS" => "- name: APP-WORKERS", 47 "APP-WORKERS" "case" ["write APP_WORKERS"];
        "- name: APP_WORKERS" => "- name: \"APP_WORKERS \"", 47 "APP_WORKERS" "name" ["white space", "remove it"];
        "APP_SECRETS_VAULT_ADDR" => "APP_SECRETS_VAULT_ADDRR", 36 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault", "APP_SECRETS_VAULT_ADDRR is set but not read"];
        "            - name: APP_SECRETS_VAULT_ADDR\n              value: https://vault.internal:8200\n" => "", 34 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault", "set it"];
        "name: elsewhere\n                  key: token" => "name: elsewhere\n                  key: token\n            - name: APP_DB_URL\n              value: postgres://me:hunter2@db/x", 48 "APP_DB_URL" "plaintext" ["plain text", "secretKeyRef"];
        "value: \"4\"" => "value: \"4\"\n            - name: APP_WORKERS\n              value: \"5\"", 49 "APP_WORKERS" "twice" ["first in line 47", "remove one"];
        "              value: \"4\"" => "              value: \"4\"\n              valueFrom: {fieldRef: {fieldPath: metadata.name}}", 47 "APP_WORKERS" "conflict" ["contradict", "remove one"];
        "value: \"4\"" => "vlaue: \"4\"", 48 "APP_WORKERS" "syntax" ["does not know", "write `value`"];
        "value: demo-service" => "value: $(ROLE)", 41 "APP_SECRETS_VAULT_AUTH_KUBERNETES_ROLE" "changed" ["nothing before it sets"];
        "value: demo-service" => "value: a$$b", 41 "APP_SECRETS_VAULT_AUTH_KUBERNETES_ROLE" "changed" ["one `$`"];
        "value: \"4\"" => "valueFrom: {configMapKeyRef: {name: settings, key: WORKERS}}", 48 "APP_WORKERS" "reference" ["no such key", "add the key"];
        "APP_DRAIN_DELAY: 10s" => "APP_STOP_TIMEOUT: 20s", 7 "APP_STOP_TIMEOUT" "grace" ["20s is less than", "APP_DRAIN_DELAY", "APP_DRAIN_TIMEOUT"];
        "terminationGracePeriodSeconds: 45" => "terminationGracePeriodSeconds: 30", 18 "terminationGracePeriodSeconds" "grace" ["up to 39.5s", "raise it to 40s"];
        "APP_DRAIN_TIMEOUT: 25s" => "APP_DRAIN_TIMEOUT: 60s", 18 "terminationGracePeriodSeconds" "grace" ["up to 74.5s", "raise it to 75s"];
        "      terminationGracePeriodSeconds: 45\n" => "", 25 "terminationGracePeriodSeconds" "grace" ["30s, the default"];
        "containerPort: 8000" => "containerPort: 8080", 55 "ports" "port" ["nothing listens at port 8080", "APP_PORT is 8000"];
        "port: admin" => "port: metrics", 61 "probe" "port" ["no port of this name", "add it to `ports`"];
        "port: admin" => "port: http", 60 "probe" "port" ["404 at port 8000", "ask port 8001"];
        "port: 8001" => "port: 8002", 65 "probe" "port" ["nothing listens at port 8002"];
        "path: /-/ready" => "path: /ready", 60 "probe" "route" ["404", "/-/ready"];
        "value: \"[::]:8001\"" => "value: 127.0.0.1:8001", 61 "probe" "port" ["cannot reach", "[::]:8001"];
        "enableServiceLinks: false" => "enableServiceLinks: true", 17 "enableServiceLinks" "links" ["for each Service", "set it to false"];
        "value: \"[::]:8001\"" => "value: \"'[::]:8001'\"", 52 "APP_ADMIN_LISTEN" "invalid" ["has quotes around it", "remove them"];
        "- name: APP_WORKERS" => "- name: DATABASE_URL", 48 "DATABASE_URL" "unread" ["is APP_DB_URL meant?"];
        "value: \"4\"" => "valueFrom: {fieldRef: {fieldPath: status.podIp}}", 48 "APP_WORKERS" "syntax" ["rejects the field", "status.podIP"];
        "- configMapRef:" => "- configMapReff:", 29 "configMapReff" "syntax" ["does not know", "write `configMapRef`"];
        "name: settings\n          env:" => "nam: settings\n          env:", 30 "configMapRef" "syntax" ["needs a name", "add `name`"];
        "          envFrom:\n" => "          command: [/usr/bin/env, APP_PROT=80, /app]\n          envFrom:\n", 28 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "          envFrom:\n" => "          command: [sh, -c]\n          args: [APP_WORKERS=x exec /app]\n          envFrom:\n", 29 "APP_WORKERS" "invalid" ["is not a usize"];
    }
    "compose.yaml" {
        "  app:\n" => "  app:\n    enviroment: {APP_PORT: x}\n", 10 "enviroment" "syntax" ["rejects the key", "write `environment`"];
        "stop_grace_period: 45s" => "stop_grace_period: 45", 11 "stop_grace_period" "changed" ["without a unit", "write 45s"];
        "- APP_LOG_FORMAT=json" => "- APP_LOG_FORMAT: json", 29 "APP_LOG_FORMAT" "syntax" ["rejects a map in a list", "write NAME=value"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    stop_grace_period: 2m", 28 "stop_grace_period" "twice" ["rejects a key that is there twice"];
        "APP_WORKERS: 4" => "APP_WORKERS: 2024-01-01", 17 "APP_WORKERS" "changed" ["a YAML date", "put it in quotes"];
        "APP_WORKERS: 4" => "APP_WORKERS: 1e2", 17 "APP_WORKERS" "changed" ["in another way", "quotes"];
        "APP_WORKERS: 4" => "APP_DB_URL_FILE: a$;b", 17 "APP_DB_URL_FILE" "changed" ["some versions of Compose reject", "write `$$`"];
        "APP_HOST: \"::\"" => "APP_HOST: 127.0.0.1", 20 "ports" "port" ["cannot reach APP_HOST=127.0.0.1", "listen on 0.0.0.0"];
        "APP_WORKERS: 4" => "APP_ADMIN_TOKEN: \"${TOKEN:-hunter2hunter2hunter2}\"", 17 "APP_ADMIN_TOKEN" "plaintext" ["plain text", "list it in `secrets`"];
        "APP_WORKERS: 4" => "APP_WORKERS: four", 17 "APP_WORKERS" "invalid" ["\"four\" is not a usize"];
        "APP_LOG_FORMAT: json\n  APP_ENV" => "APP_LOG_FORMAT: jsno\n  APP_ENV", 2 "APP_LOG_FORMAT" "invalid" ["not one of: human"];
        "APP_MAX_BODY" => "APP_MAX_BDOY", 30 "APP_MAX_BDOY" "unknown" ["is APP_MAX_BODY meant?"];
        "APP_WORKERS: 4" => "App_Workers: 4", 17 "App_Workers" "case" ["write APP_WORKERS"];
        "APP_WORKERS: 4" => "APP_DB_URL: postgres://me:hunter2@db/x", 17 "APP_DB_URL" "plaintext" ["plain text", "list it in `secrets`"];
        "APP_WORKERS: 4" => "APP_CHAOS: on", 17 "APP_CHAOS" "changed" ["boolean", "quotes"];
        "APP_WORKERS: 4" => "APP_WORKERS: 010", 17 "APP_WORKERS" "changed" ["in another way", "quotes"];
        "${LEVEL:-info}" => "${LEVEL:-inof}", 16 "APP_LOG_LEVEL" "invalid" ["\"inof\" is not"];
        "${LEVEL:-info}" => "${LEVEL", 16 "APP_LOG_LEVEL" "changed" ["rejects a `$`", "write `$$`"];
        "APP_WORKERS: 4" => "APP_DB_URL_FILE: pa$word", 17 "APP_DB_URL_FILE" "changed" ["takes a `$`", "write `$$`"];
        "APP_SECRETS: dir" => "APP_SECRETS: fake", 3 "APP_*" "constraint" ["rejects fake secrets", "set APP_DB_URL"];
        "APP_SECRETS: dir" => "APP_SECRETS: vault", 15 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault"];
        "- APP_LOG_FORMAT=json" => "- APP_LOG_FORMAT=\"json\"", 29 "APP_LOG_FORMAT" "invalid" ["has quotes around it", "remove them"];
        "stop_grace_period: 45s" => "stop_grace_period: 20s", 11 "stop_grace_period" "grace" ["killed after 20s", "raise it to 45s"];
        "\"80:8000\"" => "\"80:8080\"", 20 "ports" "port" ["nothing listens at port 8080"];
        "/-/ready" => "/health", 24 "probe" "route" ["404"];
        "- db_url" => "- source: db_url\n        target: /etc/secrets/db_url", 23 "APP_SECRETS_DIR_PATH" "mount" ["looks in /run/secrets", "mount it there"];
        "- db_url\n    health" => "- db-url\n    health", 22 "APP_SECRETS_DIR_PATH" "mount" ["no secret that is called so", "db_url"];
        "APP_WORKERS: 4" => "APP_WORKERS: 4\n      APP_WORKERS: 5", 18 "APP_WORKERS" "twice" ["rejects", "remove one"];
        "- APP_MAX_BODY=1024" => "- APP_MAX_BODY = 1024", 30 "APP_MAX_BODY" "name" ["white space", "remove it"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    env_file: none.env", 28 "env_file" "reference" ["cannot be read"];
        "secrets:\n  db_url:" => "x-secrets:\n  db_url:", 22 "secrets" "reference" ["does not define", "add it to the `secrets`"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    configs: [settings]", 28 "configs" "reference" ["settings", "does not define"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    entrypoint: [/usr/bin/env, APP_PROT=80, ./run-app.sh]", 28 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    command: env APP_WORKERS=four ./run-app.sh", 28 "APP_WORKERS" "invalid" ["\"four\" is not a usize"];
        "stop_grace_period: 1m" => "stop_grace_period: 1m\n    extends: {file: none.yaml, service: app}", 28 "extends" "reference" ["cannot be read"];
        "\"80:8000\"" => "\"9000-9001:8000-8001\"", 20 "ports" "port" ["nothing listens at port 8001"];
    }
    "demo-service.service" {
        "Environment=APP_LOG_FORMAT=json" => "Enviroment=APP_LOG_FORMAT=json", 7 "Enviroment" "syntax" ["ignores the key", "write `Environment`"];
        "TimeoutStopSec=45s" => "TimeoutStopSecs=45s", 11 "TimeoutStopSecs" "syntax" ["ignores the key", "write `TimeoutStopSec`"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FORMAT = json", 7 "Environment" "changed" ["ignores a word without `=`", "quotes"];
        "APP_LOG_FORMAT=json" => "APP_STOP_TIMEOUT=2min", 11 "TimeoutStopSec" "grace" ["up to 120s", "raise it to 120s"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FORMAT=jsno", 7 "APP_LOG_FORMAT" "invalid" ["not one of: human"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FROMAT=json", 7 "APP_LOG_FROMAT" "unknown" ["is APP_LOG_FORMAT meant?"];
        "APP_LOG_FORMAT=json" => "app_log_format=json", 7 "app_log_format" "case" ["write APP_LOG_FORMAT"];
        "\"APP_LOG_LEVEL=info\"" => "APP_LOG_LEVEL=info debug", 7 "APP_LOG_LEVEL" "changed" ["ignores a word", "quotes"];
        "\"APP_LOG_LEVEL=info\"" => "\"APP_LOG_LEVEL=info", 7 "APP_LOG_FORMAT" "changed" ["a quote is not closed", "close it"];
        "APP_LOG_FORMAT=json" => "APP_DB_URL=postgres://me:hunter2@db/x", 7 "APP_DB_URL" "plaintext" ["plain text", "LoadCredential="];
        "APP_LOG_FORMAT=json" => "APP_ENV=100%x", 7 "APP_ENV" "changed" ["no specifier", "write `%%`"];
        "APP_SECRETS_DIR_PATH=%d" => "APP_SECRETS_DIR_PATH=/run/secrets", 10 "APP_SECRETS_DIR_PATH" "mount" ["looks in /run/secrets"];
        "LoadCredential=db_url" => "LoadCredential=db-url", 10 "APP_SECRETS_DIR_PATH" "mount" ["no secret that is called so"];
        "APP_SECRETS=dir" => "APP_SECRETS=vault", 8 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault"];
        "TimeoutStopSec=45s" => "TimeoutStopSec=20", 11 "TimeoutStopSec" "grace" ["killed after 20s"];
        "Description=Demo service" => "Description=Demo service\nEnvironment=APP_ENV=prod", 3 "Environment" "syntax" ["outside of [Service]", "move it"];
        "EnvironmentFile=/etc/demo-service/unit.env" => "EnvironmentFile=unit.env", 12 "EnvironmentFile" "reference" ["not absolute"];
        "ExecStart=/app/run-app.sh" => "ExecStart=/usr/bin/env APP_WORKERS=x /app/run-app.sh", 6 "APP_WORKERS" "invalid" ["is not a usize"];
        "ExecStart=/app/run-app.sh" => "ExecStart=/bin/sh -c 'APP_PROT=80 exec /app/run-app.sh'", 6 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "Type=notify" => "Type=notify\nUnsetEnvironment=APP_SECRETS_DIR_PATH", 11 "APP_SECRETS_DIR_PATH" "mount" ["looks in /run/secrets"];
    }
    "demo-service.container" {
        "Environment=APP_HOST" => "Enviroment=APP_HOST", 7 "Enviroment" "syntax" ["rejects the file", "write `Environment`"];
        "\"APP_LOG_FORMAT=json\"" => "APP_LOG_FORMAT=jsno", 7 "APP_LOG_FORMAT" "invalid" ["not one of: human"];
        "\"APP_LOG_FORMAT=json\"" => "APP_LOG_FROMAT=json", 7 "APP_LOG_FROMAT" "unknown" ["is APP_LOG_FORMAT meant?"];
        "\"APP_LOG_FORMAT=json\"" => "APP_ENV=100%x", 7 "APP_ENV" "changed" ["no specifier", "write `%%`"];
        "\"APP_LOG_FORMAT=json\"" => "\"APP_LOG_FORMAT=json", 7 "Environment" "changed" ["a quote is not closed", "close it"];
        "\"APP_LOG_FORMAT=json\"" => "APP_DB_URL=postgres://me:hunter2@db/x", 7 "APP_DB_URL" "plaintext" ["plain text", "Secret=NAME,type=env,target=APP_DB_URL"];
        "APP_HOST=::" => "APP_HOST=127.0.0.1", 6 "ports" "port" ["Podman cannot reach", "listen on"];
        "80:8000" => "80:8080", 6 "ports" "port" ["nothing listens at port 8080"];
        "Secret=db_url" => "Secret=db-url", 9 "APP_SECRETS_DIR_PATH" "mount" ["no secret that is called so"];
        "Secret=db_url,uid=10001" => "Secret=db_url,target=/etc/db_url", 9 "APP_SECRETS_DIR_PATH" "mount" ["looks in /run/secrets"];
        "StopTimeout=45" => "StopTimeout=45s", 11 "StopTimeout" "syntax" ["whole seconds", "write 45"];
        "StopTimeout=45" => "StopTimeout=20", 11 "StopTimeout" "grace" ["killed after 20s"];
        "StopTimeout=45" => "StopTimeout=45\nExec=env APP_WORKERS=x /app/run-app.sh", 12 "APP_WORKERS" "invalid" ["is not a usize"];
        "StopTimeout=45" => "StopTimeout=45\nEntrypoint=/bin/sh\nExec=-c 'APP_PROT=80 exec /app/run-app.sh'", 13 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "StopTimeout=45" => "StopTimeout=45\nEntrypoint=[\"env\", \"APP_WORKERS=x\", \"/app/run-app.sh\"]", 12 "APP_WORKERS" "invalid" ["is not a usize"];
        "StopTimeout=45" => "StopTimeout=45\nExce=/app/run-app.sh", 12 "Exce" "syntax" ["rejects the file", "write `Exec`"];
        "TimeoutStopSec=1min" => "TimeoutStopSec=15", 15 "StopTimeout" "grace" ["killed after 15s"];
        "TimeoutStopSec=1min" => "Environment=APP_WORKERS=4", 15 "APP_WORKERS" "changed" ["does not get", "move it to [Container]"];
        "-/healthy" => "-/helthy", 12 "probe" "route" ["no such route"];
        "[Service]" => "EnvironmentFile=-/etc/app.env\n[Service]", 14 "EnvironmentFile" "reference" ["no optional files", "remove the `-`"];
    }
    "demo-service.service.d/10-limits.conf" {
        "=1000" => "=1000000000", 2 "APP_MAX_CONNECTIONS" "constraint" ["1000000"];
    }
    "unit.env" {
        "APP_DB_MIGRATE=off" => "app_db_migrate=off", 2 "app_db_migrate" "case" ["write APP_DB_MIGRATE"];
        "APP_DB_MIGRATE=off" => "APP_DB_MIGRAET=off", 2 "APP_DB_MIGRAET" "unknown" ["is APP_DB_MIGRATE meant?"];
        "APP_DB_MIGRATE=off" => "APP_DB_MIGRATE=maybe", 2 "APP_DB_MIGRATE" "invalid" ["\"maybe\" is not"];
        "APP_DB_MIGRATE=off" => "export APP_DB_MIGRATE=off", 2 "" "syntax" ["systemd ignores", "write NAME=value"];
        "\"5s\"" => "5s # seconds", 3 "APP_HEAD_TIMEOUT" "invalid" ["\"5s # seconds\" is not a duration"];
    }
    ".env" {
        "APP_PORT=8000" => "APP_PORT: 8000", 5 "" "syntax" ["write NAME=value"];
        "APP_PORT=8000" => "set APP_PORT=8000", 5 "" "syntax" ["write NAME=value"];
        "APP_PORT=8000" => "APP_PORT =8000", 5 "APP_PORT" "dialect" ["white space", "around `=`"];
        "APP_PORT=8000" => "APP_LOG_LEVEL=$LEVEL", 5 "APP_LOG_LEVEL" "invalid" ["\"$LEVEL\" is not"];
        "APP_PORT=8000" => "APP_PORT=80;APP_WORKERS=4", 5 "APP_PORT" "invalid" ["is not a u16"];
        "APP_PORT=8000" => "APP_PORT=80a0", 5 "APP_PORT" "invalid" ["\"80a0\" is not a u16"];
        "APP_PORT=8000" => "APP_PROT=8000", 5 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "APP_PORT=8000" => "app_port=8000", 5 "app_port" "case" ["write APP_PORT"];
        "APP_PORT=8000" => "APP_PORT=\"8000\"", 5 "APP_PORT" "dialect" ["docker --env-file would read another value", "remove the quotes"];
        "APP_PORT=8000" => "export APP_PORT=8000", 5 "APP_PORT" "dialect" ["docker --env-file and systemd", "only dotenv accepts `export`"];
        "APP_PORT=8000" => "APP_PORT=8000 # the port", 5 "APP_PORT" "dialect" ["ends the value at a comment"];
        "APP_PORT=8000" => "APP_DB_URL=postgres://me:hunter2@db/x", 5 "APP_DB_URL" "plaintext" ["out of the repository"];
        "APP_PORT=8000" => "APP_PORT=8000\nPORT=9000", 6 "PORT" "shadowed" ["not read, since APP_PORT is set too"];
        "APP_PORT=8000" => "APP_SECRETS=vault", 5 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault"];
        "APP_PORT=8000" => "APP_PORT=8000\nAPP_PORT=8001", 6 "APP_PORT" "twice" ["first in line 5"];
        "APP_PORT=8000" => "APP_PORT=\"8000", 5 "" "syntax" ["close quotes"];
        "APP_PORT=8000" => "APP_DB_URL=sqlite:x\nAPP_DB_URL_FILE=/x", 5 "APP_DB_URL" "conflict" ["so is APP_DB_URL_FILE", "remove one"];
    }
    "Dockerfile" {
        "APP_DRAIN_DELAY=5s" => "app_drain_delay=5s", 12 "app_drain_delay" "case" ["write APP_DRAIN_DELAY"];
        "APP_DRAIN_DELAY=5s" => "APP_DRAIN_DELAY=5s # wait", 12 "ENV" "changed" ["rejects a word", "quotes"];
        "FORMAT=json" => "FORMAT=jsno", 9 "APP_LOG_FORMAT" "invalid" ["\"jsno\" is not one of"];
        "APP_DRAIN_DELAY=5s" => "APP_DRAIN_DELAY=5", 12 "APP_DRAIN_DELAY" "invalid" ["write 5s"];
        "APP_DRAIN_DELAY=5s" => "APP_DRAIN_DEALY=5s", 12 "APP_DRAIN_DEALY" "unknown" ["is APP_DRAIN_DELAY meant?"];
        "APP_DRAIN_DELAY=5s" => "APP_DB_URL=postgres://me:hunter2@db/x", 12 "APP_DB_URL" "plaintext" ["plain text", "APP_DB_URL_FILE"];
        "APP_DRAIN_DELAY=5s" => "APP_SECRETS=vault", 12 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault"];
        "APP_LOG_LEVEL=\"info\"" => "APP_LOG_LEVEL=info debug", 10 "ENV" "changed" ["rejects a word", "quotes"];
        "EXPOSE 8000" => "EXPOSE 80", 13 "EXPOSE" "port" ["nothing listens at port 80"];
        "ENTRYPOINT [\"/app/run-app.sh\"]" => "ENTRYPOINT APP_PROT=80 exec /app/run-app.sh", 15 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "[\"/app/run-app.sh\"]" => "[\"/usr/bin/env\"]\nCMD [\"APP_WORKERS=x\", \"/app/run-app.sh\"]", 15 "APP_WORKERS" "invalid" ["is not a usize"];
        "ENV APP_HOST=:: APP_LOG_FORMAT=$FORMAT" => "ENV APP_LOG_FORMAT ${FORMAT}x", 9 "APP_LOG_FORMAT" "invalid" ["\"jsonx\" is not one of"];
        "/-/ready" => "/ready", 14 "probe" "route" ["404"];
    }
    "Procfile" {
        "exec ./run-app.sh" => "bash -c 'APP_PROT=80 exec ./run-app.sh'", 2 "APP_PROT" "unknown" ["is APP_PORT meant?"];
        "FORMAT=json" => "FORMAT=json APP_ADMIN_TOKEN=hunter2hunter2hunter2", 2 "APP_ADMIN_TOKEN" "plaintext" ["plain text"];
        "FORMAT=json" => "FORMAT=json env -i APP_WORKERS=x", 2 "APP_WORKERS" "invalid" ["is not a usize"];
        "FORMAT=json" => "FORMAT=jsno", 2 "APP_LOG_FORMAT" "invalid" ["\"jsno\" is not one of"];
        "APP_LOG_LEVEL='info'" => "APP_LOG_LEVLE='info'", 3 "APP_LOG_LEVLE" "unknown" ["is APP_LOG_LEVEL meant?"];
        "APP_LOG_LEVEL='info'" => "app_log_level='info'", 3 "app_log_level" "case" ["write APP_LOG_LEVEL"];
    }
    "app.json" {
        "\"name\": \"demo-service\"" => "\"name\": \"demo-service\", \"environments\": {\"test\": {\"env\": {\"APP_WORKERS\": \"x\"}}}", 2 "APP_WORKERS" "invalid" ["is not a usize"];
        "\"json\"" => "\"json\", \"app_port\": \"80\"", 4 "app_port" "case" ["write APP_PORT"];
        "\"json\"" => "\"jsno\"", 4 "APP_LOG_FORMAT" "invalid" ["\"jsno\" is not one of"];
        "\"5s\"" => "5", 5 "APP_DRAIN_DELAY" "changed" ["wants a text", "quotes"];
        "\"APP_LOG_FORMAT\"" => "\"APP_LOG_FROMAT\"", 4 "APP_LOG_FROMAT" "unknown" ["is APP_LOG_FORMAT meant?"];
        "\"generator\": \"secret\"" => "\"value\": \"0123456789abcdef\"", 10 "APP_ADMIN_TOKEN" "plaintext" ["plain text", "set it in the platform"];
        "\"json\"" => "\"json\",\n    \"APP_SECRETS\": \"vault\"", 5 "APP_SECRETS_VAULT_ADDR" "missing" ["required because APP_SECRETS is vault"];
    }
    "kustomization.yaml" {
        "APP_DRAIN_DELAY=10s" => "APP_DRAIN_DELAY = 10s", 7 "APP_DRAIN_DELAY" "name" ["white space", "remove it"];
        "APP_DRAIN_DELAY=10s" => "app_drain_delay=10s", 7 "app_drain_delay" "case" ["write APP_DRAIN_DELAY"];
        "APP_LOG_FORMAT=json" => "APP_LOG_FORMAT=jsno", 6 "APP_LOG_FORMAT" "invalid" ["\"jsno\" is not one of"];
        "APP_DRAIN_DELAY=10s" => "APP_DRAIN_DEALY=10s", 7 "APP_DRAIN_DEALY" "unknown" ["is APP_DRAIN_DELAY meant?"];
        "APP_DRAIN_DELAY=10s" => "APP_DB_URL=postgres://me:hunter2@db/x", 7 "APP_DB_URL" "plaintext" ["plain text"];
        "APP_DRAIN_DELAY=10s" => "APP_LOG_FORMAT=human", 7 "APP_LOG_FORMAT" "twice" ["first in line 6"];
        "APP_DRAIN_DELAY=10s" => "APP_DRAIN_DELAY", 7 "literals" "syntax" ["without `=`"];
        "      - \"APP_HOST=::\"\n" => "      - \"APP_HOST=::\"\n    files: [APP_LOG_LEVEL=level.txt]\n", 9 "files" "reference" ["no file level.txt", "check the path"];
    }
};
