use std::ffi::OsStr;
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;

use crate::in_process::TestService;
use crate::process::{Ended, Process};

#[test]
fn five_problems_are_reported_together() {
    let ended = Process::run(
        &[],
        &[
            ("HOST", "*"),
            ("APP_PORT", "80a0"),
            ("APP_LOG_FORMAT", "jsno"),
            ("APP_SECRETS", "vualt"),
            ("APP_DRAIN_DELAY", "30"),
        ],
    );
    assert_eq!(
        ended,
        Ended {
            code: Some(78),
            stdout: String::new(),
            stderr: r#"demo-service: 5 problems with the environment:
  HOST             "*" is not an IP address: write 0.0.0.0 for all IPv4 addresses, or :: for all addresses
                   Address to listen on.
  APP_PORT         "80a0" is not a u16: it must be a number from 0 to 65535, such as 8000
                   Port to listen on; 0 picks a free port, which is logged.
  APP_LOG_FORMAT   "jsno" is not one of: human, json, mozlog
                   Format of log lines, for a person or for a program.
  APP_SECRETS      "vualt" is not one of: fake, dir, vault, aws, azure, gcp
                   Source of the secrets.
  APP_DRAIN_DELAY  "30" is not a duration, like 500ms, 30s or 1h30m: 30 has no unit; write 30s, or 30ms
                   Time to keep serving, not ready, after the signal; if unset, `APP_STOP_TIMEOUT / 6`.
"#
            .to_owned(),
        }
    );
}

/// A misspelt name beside a wrong value would otherwise show at the next start.
#[test]
fn warnings_stand_below_the_problems() {
    let vars = [("APP_DRAIN_DELAY", "10"), ("APP_DRAIN_TIMEOU", "25s")];
    let by_serving = Process::run(&[], &vars);
    assert_eq!(by_serving.code, Some(78));
    let warning =
        "warning: APP_DRAIN_TIMEOU: set, but no field reads it; is APP_DRAIN_TIMEOUT meant?";
    let lines: Vec<_> = by_serving.stderr.lines().collect();
    assert_eq!(lines[0], "demo-service: 1 problem with the environment:");
    assert!(lines[1].starts_with("  APP_DRAIN_DELAY  "), "{lines:?}");
    assert_eq!(lines.last(), Some(&warning));
    assert_eq!(Process::run(&["--check"], &vars), by_serving);
}

/// An image may set any variable, so that the service starts all the same.
#[test]
fn a_variable_that_nobody_reads_is_a_warning() {
    let vars = [("APP_PROT", "80"), ("APP_HOME", "/app"), ("OTHER", "x")];
    let warnings = [
        "APP_HOME: set, but no field reads it; remove it",
        "APP_PROT: set, but no field reads it; is APP_PORT meant?",
    ];
    let ended = Process::run(&["--check"], &vars);
    assert_eq!(ended.code, Some(0));
    let warned = warnings.map(|warning| format!("demo-service: warning: {warning}\n"));
    assert_eq!(ended.stderr, warned.concat());
    let process = Process::start(&vars);
    for warning in warnings {
        process.text(&format!("\"{warning}\""));
    }
    process.line("ready");
}

/// The ids of secrets are read with them.
#[test]
fn the_id_of_a_secret_is_not_one_that_nobody_reads() {
    let vars = [
        ("APP_SECRETS", "aws"),
        ("APP_DB_URL_SECRET_ID", "prod/db"),
        ("APP_DB_ULR_FILE", "x"),
        ("APP_DB_ULR_SECRET_ID", "prod/db"),
        ("APP_SECRETS_AWS_SECRET_ID", "prod/all"),
    ];
    let warned = |vars: &[(&str, &str)]| {
        let ended = Process::run(&["--check"], vars);
        assert_eq!(ended.code, Some(0));
        ended.stderr
    };
    let misspelt = "\
demo-service: warning: APP_DB_ULR_FILE: set, but no field reads it; is APP_DB_URL_FILE meant?
demo-service: warning: APP_DB_ULR_SECRET_ID: set, but no field reads it; remove it
";
    assert_eq!(warned(&vars[..4]), misspelt);
    // Where one document has them all, no other id is read.
    let unread =
        "demo-service: warning: APP_DB_URL_SECRET_ID: set, but no field reads it; remove it\n";
    assert_eq!(warned(&vars), misspelt.to_owned() + unread);
}

#[test]
fn out_of_range_and_not_utf_8_are_problems_and_a_neighbour_is_none() {
    let not_utf_8 = OsStr::from_bytes(b"inf\xff");
    let vars = [
        ("APP_LOG_LEVEL", not_utf_8),
        ("APP_WORKERS", OsStr::new("0")),
        ("PORT", OsStr::new("65536")),
        ("NEIGHBOUR", not_utf_8),
        ("APP_NEIGHBOUR", not_utf_8),
    ];
    let ended = Process::run(&["--check"], &vars);
    assert_eq!(ended.code, Some(78));
    assert_eq!(
        ended.stderr,
        r#"demo-service: 3 problems with the environment:
  PORT           "65536" is not a u16: it must be from 0 to 65535
                 Port to listen on; 0 picks a free port, which is logged.
  APP_LOG_LEVEL  "inf\xFF" is not UTF-8
                 Lowest level of log lines, for all modules or for each: `info,demo_service=debug`.
  APP_WORKERS    "0" is refused: it must be from 1 to 512
                 Threads that serve requests; if unset, a thread for each core.
warning: APP_NEIGHBOUR: set, but no field reads it; remove it
"#
    );
}

/// A misspelt level must not pass for the name of a module.
#[test]
fn a_level_is_checked_before_the_service_starts() {
    for (level, word) in [
        ("info,", ""),
        (",", ""),
        ("demo_service=", ""),
        ("3", "3"),
        ("loud", "loud"),
        ("info,demo_service=chatty", "chatty"),
    ] {
        let ended = Process::run(&["--check"], &[("LOG_LEVEL", level)]);
        assert_eq!(ended.code, Some(78));
        let line = format!(
            "  LOG_LEVEL  {level:?} is not a log level, like info or warn,demo_service=debug: \
             {word:?} is not one of off, error, warn, info, debug, trace"
        );
        assert_eq!(ended.stderr.lines().nth(1), Some(&*line));
    }
}

#[test]
fn a_level_has_modules_and_one_default() {
    for (level, reason) in [
        ("info,debug", "there are two levels for all modules"),
        ("=debug", "a `=` has no module before it"),
    ] {
        let ended = Process::run(&["--check"], &[("LOG_LEVEL", level)]);
        assert_eq!(ended.code, Some(78));
        assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    }
    let ended = Process::run(&["--check"], &[("LOG_LEVEL", "INFO, demo_service =debug")]);
    assert_eq!(ended.code, Some(0));
}

/// The name reaches the log and `/-/log-level`.
#[test]
fn the_module_of_a_level_is_a_path() {
    let long = "a".repeat(60_000);
    for module in [
        "a\u{1b}[2Jb",
        "a\nb",
        "hyper-util",
        "a:b",
        "a b",
        "é",
        &long,
    ] {
        let level = format!("info,{module}=debug");
        let ended = Process::run(&["--check"], &[("LOG_LEVEL", &*level)]);
        assert_eq!(ended.code, Some(78), "{module:?}");
        let rule = "is no module; write letters, digits, `_` and `::`, 128 at most";
        assert!(ended.stderr.contains(rule), "{}", ended.stderr);
        assert!(!ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
    }
    let ended = Process::run(
        &["--check"],
        &[("LOG_LEVEL", "info,tokio_util::codec=warn")],
    );
    assert_eq!(ended.code, Some(0));
}

/// Names of address and port in similar programs.
#[test]
fn an_address_that_cannot_be_listened_on_has_a_hint() {
    for (name, value, hint) in [
        ("HOST", "x86_64-conda-linux-gnu", "write 127.0.0.1"),
        ("HOST", "*", "write 0.0.0.0"),
        (
            "HOST",
            "127.0.0.1:8000",
            "write 127.0.0.1, and APP_PORT=8000",
        ),
        ("PORT", "8000/tcp", "write 8000"),
        ("PORT", ":8000", "write 8000"),
        ("PORT", "tcp://10.0.0.1:8000", "write 8000"),
        ("APP_ADMIN_LISTEN", ":8001", "write 127.0.0.1:8001"),
    ] {
        let ended = Process::run(&["--check"], &[(name, value)]);
        assert_eq!(ended.code, Some(78), "{name}={value}");
        assert!(ended.stderr.contains(hint), "{}", ended.stderr);
    }
    for (name, value) in [
        ("HOST", "localhost"),
        ("HOST", "[::1]"),
        ("APP_ADMIN_LISTEN", "localhost:8001"),
    ] {
        let ended = Process::run(&["--check"], &[(name, value)]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
}

#[test]
fn a_level_may_have_the_name_that_loggers_elsewhere_give_it() {
    for (level, known) in [
        ("WARNING", "warn"),
        ("FATAL", "error"),
        ("CRITICAL", "error"),
        ("NOTSET", "trace"),
        ("verbose", "debug"),
        ("Information", "info"),
        ("none,demo_service=Warning", "off,demo_service=warn"),
    ] {
        let service = TestService::start(&[("LOG_LEVEL", level)]);
        let answer = service.client.get("/-/log-level").body;
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["level"], known, "{level}");
    }
}

/// By the check, the doctor, the log and `/-/config`.
#[test]
fn a_setting_that_is_valid_and_odd_is_a_warning_everywhere() {
    let vars = [
        ("APP_ENV", "prod"),
        ("APP_DB_URL", "sqlite::memory:"),
        ("APP_CHAOS", "true"),
        ("APP_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("RUST_LOG", "debug"),
        ("DATABASE_URL", "postgres://me:hunter2@db/app"),
        ("LOG_LEVLE", "debug"),
    ];
    let expected = [
        "APP_CHAOS: true in production",
        "DATABASE_URL: set, but not read; APP_DB_URL is",
        "LOG_LEVLE: set, but not read; is LOG_LEVEL meant?",
        "RUST_LOG: set, but not read; is APP_LOG_LEVEL meant?",
        "APP_TRUSTED_PROXIES: 0.0.0.0/0 lets every client claim any address",
    ];
    let check = Process::run(&["--check"], &vars);
    assert_eq!(check.code, Some(0), "{}", check.stderr);
    let doctor = Process::run(&["doctor"], &vars).stdout;
    let process = Process::start(&vars[..]);
    process.line("ready");
    let shown = process.client().get("/-/config").body;
    for warning in expected {
        assert!(
            check.stderr.contains(warning),
            "{warning}: {}",
            check.stderr
        );
        process.text(warning);
        assert!(shown.contains(warning), "{warning}: {shown}");
        let is_found = doctor.contains(warning) || warning.starts_with("APP_CHAOS");
        assert!(is_found, "{warning}: {doctor}");
    }
    assert!(!format!("{check:?}{doctor}{shown}").contains("hunter2"));
}

#[test]
fn a_store_that_is_asked_in_plaintext_is_a_warning_in_production() {
    let vars = |env| {
        [
            ("APP_ENV", env),
            ("APP_SECRETS", "aws"),
            ("APP_SECRETS_AWS_ENDPOINT_URL", "http://secrets.example"),
            ("APP_DB_URL_SECRET_ID", "db-url"),
        ]
    };
    let warned = |vars: &[(&str, &str)]| Process::run(&["--check"], vars).stderr;
    let warning = "APP_SECRETS_AWS_ENDPOINT_URL: http:// sends tokens and secrets in plaintext to \
                   secrets.example";
    assert!(
        warned(&vars("prod")).contains(warning),
        "{}",
        warned(&vars("prod"))
    );
    assert!(!warned(&vars("dev")).contains("plaintext"));
    let google = [
        ("APP_ENV", "prod"),
        ("APP_SECRETS", "gcp"),
        ("APP_SECRETS_GCP_ENDPOINT_URL", "http://secrets.example"),
        ("APP_DB_URL_SECRET_ID", "db-url"),
    ];
    let warning = "APP_SECRETS_GCP_ENDPOINT_URL: http:// sends tokens and secrets in plaintext to \
                   secrets.example";
    assert!(warned(&google).contains(warning), "{}", warned(&google));
    let azure = [
        ("APP_ENV", "prod"),
        ("APP_SECRETS", "azure"),
        ("APP_SECRETS_AZURE_VAULT_URL", "http://secrets.example"),
        ("APP_DB_URL_SECRET_ID", "db-url"),
    ];
    let warning = "APP_SECRETS_AZURE_VAULT_URL: http:// sends tokens and secrets in plaintext to \
                   secrets.example";
    assert!(warned(&azure).contains(warning), "{}", warned(&azure));
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "token").unwrap();
    let vault = [
        ("APP_ENV", "prod"),
        ("APP_SECRETS", "vault"),
        ("APP_SECRETS_VAULT_ADDR", "http://vault.example:8200"),
        ("APP_SECRETS_VAULT_AUTH", "token"),
        (
            "APP_SECRETS_VAULT_AUTH_TOKEN_FILE",
            token.path().to_str().unwrap(),
        ),
    ];
    let said = Process::run(&["doctor"], &vault);
    let said = format!("{}{}", said.stdout, said.stderr);
    assert!(said.contains("plaintext to vault.example"), "{said}");
}

#[test]
fn a_configuration_can_be_checked_without_serving() {
    let ended = Process::run(
        &["--check"],
        &[("HOST", "::"), ("LOG_LEVEL", "WARN,demo_service=trace")],
    );
    assert_eq!(
        ended,
        Ended {
            code: Some(0),
            stdout: "the configuration is valid\n".to_owned(),
            stderr: String::new(),
        }
    );
}

/// The files of a directory are secrets: they are read only when asked.
#[test]
fn a_check_can_fetch_the_secrets() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("db_url")).unwrap();
    let path = dir.path().to_str().unwrap();
    let vars = [("APP_SECRETS", "dir"), ("APP_SECRETS_DIR_PATH", path)];
    assert_eq!(Process::run(&["--check"], &vars).code, Some(0));
    let ended = Process::run(&["--check", "--with-secrets"], &vars);
    assert_eq!(ended.code, Some(78));
    assert!(
        ended
            .stderr
            .contains("APP_DB_URL  cannot be read from the files in "),
        "{}",
        ended.stderr
    );
    assert_eq!(Process::run(&["--with-secrets"], &vars).code, Some(64));
}

#[test]
fn a_check_tells_what_is_odd_on_stderr() {
    let ended = Process::run(&["--check"], &[("PORT", "1"), ("APP_PORT", "2")]);
    assert_eq!(
        ended,
        Ended {
            code: Some(0),
            stdout: "the configuration is valid\n".to_owned(),
            stderr: "demo-service: warning: PORT: not read, since APP_PORT is set too\n".to_owned(),
        }
    );
}

#[test]
fn a_path_of_a_vault_that_its_url_would_change_is_refused() {
    let empty = "a part of it is empty, `.` or `..`; write it without `/` at its begin and end";
    let cut = "it has `?`, `#` or a control character; write %3F and %23";
    for (name, value, reason) in [
        ("APP_SECRETS_VAULT_PATH", "secret/", empty),
        ("APP_SECRETS_VAULT_PATH", "../app", empty),
        ("APP_SECRETS_VAULT_MOUNT", "/secret", empty),
        ("APP_SECRETS_VAULT_DB_MOUNT", "a//b", empty),
        ("APP_SECRETS_VAULT_DB_ROLE", ".", empty),
        ("APP_SECRETS_VAULT_PATH", "dev/app#2", cut),
        ("APP_SECRETS_VAULT_MOUNT", "secret?version=2", cut),
        ("APP_SECRETS_VAULT_DB_ROLE", "a\tb", cut),
        ("APP_ENV", "..", "it has nothing but dots"),
    ] {
        let vars = [
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", "http://127.0.0.1:8200"),
            ("APP_SECRETS_VAULT_AUTH", "token"),
            ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", "/run/token"),
            (name, value),
        ];
        let ended = Process::run(&["--check"], &vars);
        assert_eq!(ended.code, Some(78), "{name}={value}: {}", ended.stderr);
        let line = format!("  {name}  {value:?} is refused: {reason}");
        assert_eq!(ended.stderr.lines().nth(1), Some(&*line));
    }
}

/// A value that would panic later, or be rounded to nothing, is rejected.
#[test]
fn values_that_cannot_work_are_refused() {
    for (name, value, reason) in [
        ("APP_WORKERS", "100000", "it must be from 1 to 512"),
        (
            "APP_KEEP_ALIVE",
            "213503982334601d",
            "it must be a day at most",
        ),
        ("APP_DRAIN_DELAY", "25h", "it must be a day at most"),
        (
            "APP_DRAIN_TIMEOUT",
            "213503982334601d7h15s500ms",
            "it must be a day at most",
        ),
        ("APP_DB_ACQUIRE_TIMEOUT", "0s", "it must be more than 0s"),
        ("APP_DB_QUERY_TIMEOUT", "0s", "it must be more than 0s"),
        ("APP_DB_CONNECT_TIMEOUT", "0s", "it must be more than 0s"),
    ] {
        let ended = Process::run(&["--check"], &[(name, value)]);
        assert_eq!(ended.code, Some(78));
        let line = format!("  {name}  {value:?} is refused: {reason}");
        assert_eq!(ended.stderr.lines().nth(1), Some(&*line));
    }
}

#[test]
fn a_failure_is_told_on_stderr_where_the_log_is_off() {
    let vars = [
        ("LOG_LEVEL", "off"),
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", "/nope"),
    ];
    assert_eq!(
        Process::run(&[], &vars),
        Ended {
            code: Some(78),
            stdout: String::new(),
            stderr: "demo-service: cannot use the database: APP_DB_URL is not set, and there is \
                     no `db_url` in /nope, which is no directory; set one of them\n"
                .to_owned(),
        }
    );
}

#[test]
fn two_names_of_one_variable_are_a_warning_in_the_log() {
    let process = Process::start(&[("APP_PORT", "0"), ("PORT", "1")]);
    let warning = process.line("PORT: not read, since APP_PORT is set too");
    assert_eq!(
        (&warning["level"], &warning["code"]),
        (&"WARN".into(), &"shadowed".into())
    );
}

#[test]
fn a_port_in_use_is_71() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let process = Process::start(&[("APP_PORT", &port)]);
    let message = format!(
        "cannot listen on 127.0.0.1:{port} (see APP_HOST and APP_PORT): Address already in use (os error 98)"
    );
    let ended = process.wait();
    assert_eq!(ended.code, Some(71), "{}", ended.stdout);
    assert!(ended.stdout.contains(&message), "{}", ended.stdout);
}

/// Documentation has the addresses; no interface has one.
#[test]
fn an_address_that_cannot_be_listened_on_has_a_remedy() {
    for (host, message) in [
        (
            "203.0.113.77",
            "cannot listen on 203.0.113.77:0 (see APP_HOST and APP_PORT): Cannot assign requested \
             address (os error 99); no interface of this host has the address: write one that an \
             interface has, or 0.0.0.0 or :: for all",
        ),
        (
            "fe80::1",
            "cannot listen on [fe80::1]:0 (see APP_HOST and APP_PORT): Invalid argument (os error \
             22); a link-local address needs an interface, for which there is no variable: write \
             another address, or :: for all",
        ),
    ] {
        let process = Process::start(&[("APP_HOST", host)]);
        let line = process.line(message);
        assert_eq!(
            (&line["level"], &line["code"]),
            (&"ERROR".into(), &71.into())
        );
        assert_eq!(process.wait().code, Some(71));
    }
}

/// Asserts that the arguments are no command line, for this reason.
fn is_no_command_line(arguments: &[&str], problem: &str) {
    let ended = Process::run::<&str>(arguments, &[]);
    assert_eq!(
        ended,
        Ended {
            code: Some(64),
            stdout: String::new(),
            stderr: format!("demo-service: {problem}\n"),
        }
    );
}

#[test]
fn an_unknown_option_is_64() {
    for (arguments, problem) in [
        (
            &["--prot"][..],
            "invalid option '--prot'; is APP_PORT meant? see --help",
        ),
        (
            &["--chekc"],
            "invalid option '--chekc'; is --check meant? see --help",
        ),
        (
            &["doctr"],
            "unexpected argument \"doctr\"; is doctor meant? see --help",
        ),
        (
            &["check"],
            "unexpected argument \"check\"; is --check meant? see --help",
        ),
        (
            &["doctor", "--garce"],
            "invalid option '--garce'; is --grace meant? see --help",
        ),
        (
            &["--help", "APP_PROT"],
            "no variable is called \"APP_PROT\"; is APP_PORT meant?",
        ),
        (
            &["help", "HOME"],
            "no variable is called \"HOME\"; see --help",
        ),
        (
            &["--help", "NOTIFY_SOKET"],
            "no variable is called \"NOTIFY_SOKET\"; is NOTIFY_SOCKET meant?",
        ),
        (&["serve"], "unexpected argument \"serve\"; see --help"),
        (
            &["--check=yes"],
            "unexpected argument for option '--check': \"yes\"; see --help",
        ),
        (&["-\u{1}"], "invalid option '-\\u{1}'; see --help"),
        (
            &["--a\n\u{1b}[31m\u{202e}b"],
            "invalid option '--a\\n\\u{1b}[31m\\u{202e}b'; see --help",
        ),
        (
            &["probe", "--timeout=1\n\u{1b}[2J"],
            "cannot parse argument \"1\\n\\u{1b}[2J\": it is not a number of seconds above 0, \
             like 2.5 or 1m30s, and at most a day; see --help",
        ),
    ] {
        is_no_command_line(arguments, problem);
    }
}

#[test]
fn an_argument_in_the_wrong_place_is_64_and_no_secret_is_shown() {
    for (arguments, problem) in [
        (&[""][..], "unexpected argument \"\"; see --help"),
        (
            &["--strict"],
            "--strict counts after --check only; write --check before it; see --help",
        ),
        (
            &["--with-secrets", "--check"],
            "--with-secrets counts after --check only; write --check before it; see --help",
        ),
        (
            &["config", "--strict", "--check", "a.yaml"],
            "--strict counts after config --check only; write config --check before it; see \
             --help",
        ),
        (
            &[
                "config",
                "--timeout",
                "5",
                "--compare",
                "http://x",
                "http://y",
            ],
            "--timeout counts after config --compare only; write config --compare before it; see \
             --help",
        ),
        (
            &["config", "--check", "a.yaml", "--diff", "old.json"],
            "--check, --compare, --diff and another --format exclude each other; leave one out; \
             see --help",
        ),
        (
            &["APP_PORT=80"],
            "APP_PORT= sets a variable before the program's name only; see --help",
        ),
        (
            &["APP_DB_URL=hunter2"],
            "APP_DB_URL= sets a variable before the program's name only; see --help",
        ),
        (
            &["postgres://me:hun@/ter2@db/app"],
            "unexpected argument \"postgres://***@db/app\"; see --help",
        ),
        (
            &["--check=postgres://me:hunter2@db/app"],
            "unexpected argument for option '--check': \"postgres://***@db/app\"; see --help",
        ),
        (
            &["completions"],
            "completions needs a shell: bash, zsh or fish; see --help",
        ),
    ] {
        is_no_command_line(arguments, problem);
    }
}

/// Help must be there even when nothing else works.
#[test]
fn help_lists_every_variable_and_every_exit_code() {
    for option in ["--help", "-h"] {
        let ended = Process::run(&[option], &[("APP_PORT", "nonsense")]);
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
        for line in [
            "Usage: demo-service [--check [--with-secrets] | --help [NAME] | --version]",
            "       demo-service config [--format FORMAT | --diff OLD [FILE...]]",
            "  APP_PORT                       Port to listen on; 0 picks a free port, which is logged. Also:\n                                 PORT. [default: 8000]",
            "The log, on stdout",
            "  APP_LOG_FORMAT                 Format of log lines, for a person or for a program. One of: human,\n                                 json, mozlog. Also: LOG_FORMAT. [default: human]",
            "  APP_SECRETS                    Source of the secrets. One of: fake, dir, vault, aws, azure, gcp.\n                                 [default: fake]",
            "A directory with one file for each secret (if APP_SECRETS=dir)\n  APP_SECRETS_DIR_PATH           Directory with a file for each secret; the file has the name of its\n                                 secret. [default: /run/secrets]",
            "  APP_READY_CHECKS               Checks that readiness depends on; an outage of a dependency then\n                                 removes all instances. Each one of: database, secrets.",
            "  APP_DB_URL_SECRET_ID\n      Id of this secret alone, with APP_SECRETS=aws, azure or gcp.",
            "  APP_DB_URL_KMS, APP_DB_URL_KMS_FILE\n      Ciphertext of this secret (base64) for APP_SECRETS_GCP_KMS_KEY, or a file with it.",
            "  PGHOST, PGHOSTADDR, PGPORT, PGUSER, PGPASSWORD, PGPASSFILE, PGDATABASE, PGSSLMODE, PGSSLROOTCERT,\n  PGSSLCERT, PGSSLKEY, PGAPPNAME, PGOPTIONS\n      Parts that a `postgres://` URL omits, as in psql; `.pgpass` is read, too.",
            "  NOTIFY_SOCKET      Socket of systemd; a name that begins with `@` is abstract.",
            "  NO_COLOR           Switch that turns colours off, with any text.",
            "  78        the configuration is wrong, or the store of secrets or the database",
        ] {
            assert!(
                format!("\n{}", ended.stdout).contains(&format!("\n{line}\n")),
                "{line}\n{}",
                ended.stdout
            );
        }
    }
}

#[test]
fn help_explains_a_variable() {
    let expected = "\
APP_PORT
  Port to listen on; 0 picks a free port, which is logged.

  Type      u16
  Default   8000
  Names     APP_PORT, or else PORT
  Example   APP_PORT=8000
";
    for arguments in [
        &["--help", "APP_PORT"][..],
        &["--help=port"],
        &["help", "PORT"],
        &["-h", "app_port"],
    ] {
        let ended = Process::run::<&str>(arguments, &[]);
        assert_eq!((ended.code, &*ended.stdout), (Some(0), expected));
    }
    let ended = Process::run::<&str>(&["help", "COLUMNS"], &[]);
    assert!(
        ended.stdout.starts_with("COLUMNS\n  Columns of a line"),
        "{ended:?}"
    );
}

#[test]
fn help_fits_the_columns_and_has_colours_where_they_are_wanted() {
    for (columns, longest) in [("60", 88), ("100", 100), ("160", 160)] {
        let ended = Process::run(&["--help"], &[("COLUMNS", columns)]);
        let length = |line: &str| line.chars().count();
        let found = ended.stdout.lines().map(length).max();
        assert!(found <= Some(longest), "{columns}: {found:?}");
        assert!(!ended.stdout.contains('\u{1b}'));
    }
    let huge = [("COLUMNS", "18446744073709551615")];
    let default = Process::run(&["--help"], &[("COLUMNS", "100")]);
    assert_eq!(Process::run(&["--help"], &huge), default);
    let forced = ("CLICOLOR_FORCE", "1");
    let styled = Process::run(&["--help"], &[forced]).stdout;
    for part in [
        "\u{1b}[1mUsage:\u{1b}[0m demo-service",
        "\u{1b}[1mAPP_PORT\u{1b}[0m",
        "\u{1b}[2m[default: 8000]\u{1b}[0m",
    ] {
        assert!(styled.contains(part), "{part:?}: {styled}");
    }
    let plain = Process::run(&["--help"], &[forced, ("NO_COLOR", "1")]).stdout;
    assert_eq!(plain, Process::run::<&str>(&["--help"], &[]).stdout);
}

#[test]
fn the_version_is_printed() {
    for option in ["--version", "-V"] {
        let ended = Process::run::<&str>(&[option], &[]);
        assert_eq!(ended.code, Some(0));
        assert_eq!(
            ended.stdout,
            concat!("demo-service ", env!("CARGO_PKG_VERSION"), "\n")
        );
    }
}

fn config(arguments: &[&str]) -> Ended {
    let arguments = [&["config"], arguments].concat();
    Process::run::<&str>(&arguments, &[])
}

#[test]
fn the_variables_are_printed_in_every_format() {
    for (format, line) in [
        (
            "text",
            "  APP_DRAIN_TIMEOUT              Time for requests in flight after the delay; if unset, the rest of",
        ),
        (
            "markdown",
            "| `APP_DRAIN_TIMEOUT` | duration |  | Time for requests in flight after the delay; if unset, the rest of `APP_STOP_TIMEOUT`. |",
        ),
        ("env", "# APP_DRAIN_TIMEOUT=25s"),
        ("json", "      \"name\": \"APP_DRAIN_TIMEOUT\","),
        ("kubernetes", "  # - name: APP_DRAIN_TIMEOUT"),
        ("compose", "      # APP_DRAIN_TIMEOUT: \"25s\""),
        ("systemd", "# Environment=\"APP_DRAIN_TIMEOUT=25s\""),
        ("json-schema", "    \"APP_DRAIN_TIMEOUT\": {"),
        ("env-schema", "APP_DRAIN_TIMEOUT="),
        ("man", ".B APP_DRAIN_TIMEOUT"),
    ] {
        let ended = config(&["--format", format]);
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
        assert!(
            ended.stdout.lines().any(|this| this == line),
            "{format}\n{}",
            ended.stdout
        );
    }
    assert_eq!(config(&[]), config(&["--format=text"]));
    let ended = config(&["--format", "yaml"]);
    assert_eq!(ended.code, Some(64));
    assert_eq!(
        ended.stderr,
        "demo-service: cannot parse argument \"yaml\": \
         it is not one of text, markdown, env, json, kubernetes, compose, systemd, json-schema, \
         env-schema, man; see --help\n"
    );
}

/// The output is valid input.
#[test]
fn the_printed_environment_is_valid() {
    let file = config(&["--format", "env"]).stdout;
    let lines = file
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('='));
    let lines = lines.filter(|(name, _)| name.starts_with("APP_"));
    // A shell would read the quotes.
    let vars: Vec<_> = lines
        .map(|(name, value)| (name, value.trim_matches(['"', '\''])))
        .collect();
    assert!(vars.len() > 11, "{file}");
    let ended = Process::run(&["--check"], &vars);
    assert_eq!(
        (ended.code, &*ended.stdout),
        (Some(0), "the configuration is valid\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_a_release_changes_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.json");
    let compare = |text: &str| {
        std::fs::write(&path, text).unwrap();
        config(&["--diff", path.to_str().unwrap()])
    };
    let now = config(&["--format", "json"]).stdout;
    assert_eq!(
        compare(&now),
        Ended {
            code: Some(0),
            stdout: String::new(),
            stderr: String::new(),
        }
    );
    let ended = compare(&now.replace("\"75s\"", "\"5s\""));
    assert_eq!(ended.code, Some(0));
    assert_eq!(
        ended.stdout,
        "default of APP_KEEP_ALIVE changed from 5s to 75s\n"
    );
    let ended = compare(&now.replace("APP_CHAOS", "APP_MISCHIEF"));
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stdout,
        "no longer reads APP_MISCHIEF\nnewly reads APP_CHAOS\n"
    );
    let ended = compare("{}");
    assert_eq!(ended.code, Some(64));
    assert!(
        ended
            .stderr
            .ends_with(": not a specification of variables: its `format` is not 1\n"),
        "{}",
        ended.stderr
    );
}

/// The defaults parse, the example loads, the names are unique.
#[test]
fn the_configuration_type_is_valid() {
    environ::testing::assert_valid::<demo_service::config::AppConfig>();
}

/// What `--check` passes, the service takes.
#[test]
fn what_the_service_would_refuse_is_refused_by_the_check() {
    for (vars, report) in [
        (
            &[("APP_ENV", "production\r")][..],
            "APP_ENV  \"production\\r\" is refused: '\\r' is no part of a name",
        ),
        (
            &[("APP_PORT", "8001"), ("APP_ADMIN_LISTEN", "0.0.0.0:8001")],
            "APP_*  refused: APP_ADMIN_LISTEN=0.0.0.0:8001 clashes with APP_HOST and APP_PORT, \
             127.0.0.1:8001; set another port",
        ),
        (
            &[("WATCHDOG_USEC", "soon")],
            "WATCHDOG_USEC  \"soon\" is not a u64: it must be a whole number from 0 to 18446744073709551615",
        ),
    ] {
        for arguments in [&["--check"][..], &["--check", "--with-secrets"], &[]] {
            let ended = Process::run(arguments, vars);
            assert_eq!(ended.code, Some(78), "{arguments:?} {vars:?}");
            assert!(ended.stderr.contains(report), "{}", ended.stderr);
        }
    }
}
