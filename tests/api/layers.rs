//! Layers: their names in origins, errors and warnings, their order, and the secrets in
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use environ::{Document, DotEnv, EnvConfig, Loaded, Place, Process, Secret, Source, Warning};
use serde_json::json;

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(default = 1, alias = "PORT")]
    port: u16,
    #[env(default = "none")]
    host: String,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the warnings are asked for")]
struct WithSecret {
    #[env(deprecated = "OLD_TOKEN")]
    token: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "CARGO_PKG")]
struct Name {
    name: Secret<String>,
}

fn origin<T>(loaded: &Loaded<T>, name: &str) -> String {
    loaded.origins.get(name).unwrap().to_string()
}

/// A `.env` file with this text.
fn file(text: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, text).unwrap();
    (dir, path)
}

#[test]
fn the_first_layer_that_has_a_variable_under_any_name_counts() {
    let loaded = Cfg::loader()
        .source([("PORT", "80"), ("APP_HOST", "")])
        .layer("the image", [("APP_PORT", "81"), ("APP_HOST", "image")])
        .layer("the rest", [("APP_HOST", "rest"), ("PORT", "82")])
        .load()
        .unwrap();
    assert_eq!((loaded.config.port, &*loaded.config.host), (80, "image"));
    assert_eq!(origin(&loaded, "APP_PORT"), "environment, as PORT");
    let host = loaded.origins.get("APP_HOST").unwrap();
    assert_eq!(
        (host.place(), host.name()),
        (Place::Layer, Some("the image"))
    );
    assert_eq!(loaded.warnings, [], "a lower layer is not shadowed");
}

#[test]
fn errors_name_the_layer() {
    let loader = Cfg::loader().source(()).layer("the image", [("PORT", "x")]);
    let err = loader.load().unwrap_err();
    let problem = err.problems().next().unwrap();
    assert!(
        problem
            .to_string()
            .starts_with("PORT: \"x\" in the image is not a u16"),
        "{problem}"
    );
}

#[test]
fn strict_mode_sees_every_layer() {
    let loader = Cfg::loader()
        .source(())
        .layer("the image", [("APP_HOTS", "x")])
        .source(Document::from_serialize(
            "config.toml",
            &json!({ "prot": 1 }),
        ));
    let err = loader.strict().load().unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "APP_HOTS: set in the image, but no field reads it; is APP_HOST meant?",
            "APP_PROT: set in config.toml, but no field reads it; is APP_PORT meant?",
        ]
    );
}

/// A member is a field of a group outside of the group only if the group is flattened.
#[test]
fn a_member_beside_its_group_is_unknown() {
    let document = json!({
        "port": 80, "net": { "host": "h" }, "backlog": 9, "log": { "min_level": "info" },
        "storage": "memory", "cache": "memory", "min_level": "debug",
    });
    let loader = Whole::loader().source(Document::from_serialize("config.toml", &document));
    let err = loader.strict().load().unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["APP_MIN_LEVEL: set in config.toml, but no field reads it; remove it"]
    );
}

#[test]
fn only_the_process_exposes_a_secret() {
    let codes = |loader: environ::Loader<'_, WithSecret>| {
        let warnings = loader.load().unwrap().warnings;
        warnings.iter().map(Warning::code).collect::<Vec<_>>()
    };
    let pairs = [("APP_TOKEN", "hunter2")];
    assert_eq!(codes(WithSecret::loader().source(pairs)), [""; 0]);
    let named = || WithSecret::loader().source(()).layer("the vault", pairs);
    assert_eq!(codes(named()), [""; 0]);
    assert_eq!(codes(named().deny_env_secrets()), [""; 0]);

    let by_ref = &Process;
    for loader in [
        Name::loader().layer("the process", Process),
        Name::loader().layer("the process", by_ref),
        Name::loader().layer("the process", ((), Process)),
    ] {
        let loaded = loader.load().unwrap();
        assert_eq!(loaded.config.name.expose(), "tests");
        assert_eq!(loaded.warnings[0].code(), "exposed");
    }
    let over = [("CARGO_PKG_NAME", "over")];
    let loader = Name::loader().layer("pairs, then the process", (over, Process));
    assert_eq!(loader.load().unwrap().warnings, []);
}

#[test]
fn a_dotenv_file_is_a_layer() {
    let (_dir, path) = file(
        "\u{feff}# for development\nexport APP_PORT=80\nAPP_PORT=81 # the last counts\n\n\
         APP_HOST=\"two\nlines\"\n",
    );
    let loaded = Cfg::loader()
        .source(DotEnv::from_path(&path))
        .load()
        .unwrap();
    assert_eq!(
        (loaded.config.port, &*loaded.config.host),
        (81, "two\nlines")
    );
    assert_eq!(origin(&loaded, "APP_PORT"), path.display().to_string());
    assert_eq!(Cfg::from_source(DotEnv::from_path(&path)).unwrap().port, 81);
    let file = DotEnv::from_path(&path);
    assert_eq!(Cfg::check(&file).unwrap(), []);
    assert_eq!(file.path(), Some(&*path));

    let absent = DotEnv::from_path(path.with_file_name("absent"));
    assert_eq!(Cfg::from_source(absent).unwrap().port, 1);
}

/// dotenvy itself leaves such a variable empty.
#[test]
fn a_line_of_a_dotenv_file_is_read_for_a_variable_that_is_empty() {
    let (_dir, path) = file("APP_PORT=81\nAPP_HOST=file\n");
    let process = [("APP_PORT", ""), ("APP_HOST", "process")];
    let loader = Cfg::loader().source(process);
    let cfg = loader
        .source(DotEnv::from_path(&path))
        .load()
        .unwrap()
        .config;
    assert_eq!((cfg.port, &*cfg.host), (81, "process"));
}

/// The nearest file counts, whatever kind of thing nearer directories call `.env`.
#[test]
fn a_dotenv_file_is_found_in_the_directory_or_the_nearest_above() {
    const FOUND: &str = "TEST_FOUND";
    let test = "layers::a_dotenv_file_is_found_in_the_directory_or_the_nearest_above";
    if let Some(expected) = Process.get(FOUND) {
        let found = DotEnv::find();
        let expected = Some(Path::new(&*expected)).filter(|path| !path.as_os_str().is_empty());
        assert_eq!(found.path(), expected);
        let host = expected.map(|path| path.parent().unwrap().display().to_string());
        let cfg = Cfg::from_source(found).unwrap();
        assert_eq!(cfg.host, host.unwrap_or_else(|| "none".to_owned()));
        return;
    }
    let root = tempfile::tempdir().unwrap();
    // The current directory of a child is without symbolic links.
    let root = root.path().canonicalize().unwrap();
    let project = root.join("project");
    let of_package = project.join("crates/package");
    let src = of_package.join("src");
    fs::create_dir_all(&src).unwrap();
    let assert_found = |from: &Path, expected: Option<&Path>| {
        let expected = expected.map(|dir| dir.join(".env")).unwrap_or_default();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env_clear()
            .env(FOUND, expected)
            .current_dir(from)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && said.contains("1 passed"),
            "{from:?}: {said}"
        );
    };
    let write = |dir: &Path| {
        let line = format!("APP_HOST={}\n", dir.display());
        fs::write(dir.join(".env"), line).unwrap();
    };

    assert_found(&src, None);
    // As Python's virtual environments are called.
    fs::create_dir(of_package.join(".env")).unwrap();
    std::os::unix::fs::symlink("absent", src.join(".env")).unwrap();
    assert_found(&src, None);
    write(&project);
    for from in [&src, &of_package, &project] {
        assert_found(from, Some(&project));
    }
    assert_found(&root, None);
    fs::remove_dir(of_package.join(".env")).unwrap();
    write(&of_package);
    assert_found(&src, Some(&of_package));
    assert_found(&project, Some(&project));
    // A file of another name, or in a directory below, is not looked for.
    fs::rename(project.join(".env"), project.join(".env.local")).unwrap();
    assert_found(&project, None);
}

/// No line is quoted, because it may hold a secret.
#[test]
fn each_unreadable_line_is_a_problem_with_file_and_line() {
    let (_dir, path) = file(
        b"# hunter2\n\nAPP_HOST=a hunter2 b\nAPP_PORT=80\nhunter2\n\n# x\n\
          B='a\nb'\nC=\xff hunter2\nAPP_X=\"hunter2\n",
    );
    let err = Cfg::from_source(DotEnv::from_path(&path)).unwrap_err();
    let problems: Vec<_> = err.problems().map(|it| (it.name(), it.code())).collect();
    let at = [3, 5, 10, 11].map(|line| format!("{}:{line}", path.display()));
    assert_eq!(problems, at.each_ref().map(|name| (&**name, "file")));
    assert!(!err.to_string().contains("hunter2"), "{err}");

    let dir = path.parent().unwrap();
    let err = Cfg::from_source(DotEnv::from_path(dir)).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "file");
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Whole {
    #[env(name = "PORT")]
    port: u16,
    #[env(default, separator = ";")]
    tags: Vec<String>,
    #[env(default)]
    limits: BTreeMap<String, u8>,
    #[env(json, default = "[]")]
    rules: Vec<BTreeMap<String, u8>>,
    since: Option<String>,
    #[env(group, prefix = "LOGGING")]
    log: Log,
    #[env(group, flatten)]
    net: Net,
    #[env(group)]
    storage: Storage,
    #[env(group)]
    cache: Storage,
    #[env(group)]
    upstream: Vec<Upstream>,
    #[env(group)]
    db: BTreeMap<String, Upstream>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Log {
    min_level: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Net {
    host: String,
    backlog: u16,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Storage {
    Memory,
    BigDisk(Upstream),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Upstream {
    #[env(default = "none")]
    host: String,
}

#[test]
fn a_document_is_read_by_the_paths_of_fields() {
    let value = json!({
        "port": 80,
        "tags": ["a;b", "c\\", "d"],
        "limits": { "x": 1, "y": 2 },
        "rules": [{ "x": 1 }],
        "since": { "$__toml_private_datetime": "2026-11-28" },
        "log": { "min-level": "debug" },
        "net": { "host": "in net" },
        "backlog": 9,
        "storage": { "big-disk": { "host": "s" } },
        "cache": "memory",
        "upstream": [{ "host": "0" }, { "host": null }, { "host": "2" }],
        "db": { "eu-west": { "host": "e" } },
    });
    let whole = Whole::from_source(Document::from_serialize("config.toml", &value)).unwrap();
    let upstream = |host: &str| Upstream {
        host: host.to_owned(),
    };
    assert_eq!(
        whole,
        Whole {
            port: 80,
            tags: vec!["a;b".to_owned(), "c\\".to_owned(), "d".to_owned()],
            limits: BTreeMap::from([("x".to_owned(), 1), ("y".to_owned(), 2)]),
            rules: vec![BTreeMap::from([("x".to_owned(), 1)])],
            since: Some("2026-11-28".to_owned()),
            log: Log {
                min_level: "debug".to_owned()
            },
            net: Net {
                host: "in net".to_owned(),
                backlog: 9
            },
            storage: Storage::BigDisk(upstream("s")),
            cache: Storage::Memory,
            upstream: vec![upstream("0"), upstream("none"), upstream("2")],
            db: BTreeMap::from([("eu_west".to_owned(), upstream("e"))]),
        }
    );
}

#[test]
fn a_document_that_is_no_object_is_a_problem() {
    let bad = BTreeMap::from([((1, 2), 3)]);
    for document in [
        Document::from_serialize("config.toml", &[1]),
        Document::from_serialize("config.toml", &bad),
    ] {
        assert!(format!("{document:?}").contains("config.toml"));
        let err = Cfg::from_source(document).unwrap_err();
        let problem = err.problems().next().unwrap();
        assert_eq!((problem.name(), problem.code()), ("config.toml", "file"));
    }
    let null = Document::from_serialize("config.toml", &());
    assert_eq!(Cfg::from_source(null).unwrap().port, 1);
}

#[test]
fn a_document_and_a_file_are_secret_in_debug() {
    let document = Document::from_serialize("x", &json!({ "token": "hunter2" }));
    assert!(!format!("{document:?}").contains("hunter2"));
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is asked for")]
struct Named {
    name: String,
}

/// A hint that joins the halves of a typing error names the layer, too.
#[test]
fn a_missing_variable_says_in_which_layer_the_misspelt_name_is() {
    let loader = Named::loader()
        .source([("APP_OTHER", "x")])
        .layer("the image", [("APP_NMAE", "x")]);
    let err = loader.load().unwrap_err();
    assert_eq!(
        err.to_string(),
        "\
1 problem with the environment:
  APP_NAME  not set
            APP_NMAE is set in the image but not read; is it meant?"
    );
}

#[test]
fn known_names_are_neither_unknown_nor_meant() {
    let pairs = [
        ("APP_NAME", "x"),
        ("APP_HOME", "/srv"),
        ("APP_PROXY_PORT", "1"),
        ("APP_PROXY", "1"),
    ];
    let unknown = |known: &[&str]| {
        let loader = Named::loader().source(pairs).strict();
        let problems = match loader.known(known.iter().copied()).load() {
            Ok(_) => Vec::new(),
            Err(err) => err.problems().map(|it| it.name().to_owned()).collect(),
        };
        problems.join(" ")
    };
    assert_eq!(unknown(&[]), "APP_HOME APP_PROXY APP_PROXY_PORT");
    assert_eq!(unknown(&["APP_PROXY_*"]), "APP_HOME APP_PROXY");
    assert_eq!(unknown(&["APP_HOME", "APP_PROXY*"]), "");
    assert_eq!(
        unknown(&["APP_HOM", "app_home", "APP_PROXY"]),
        "APP_HOME APP_PROXY_PORT"
    );

    // A known name stays readable, and is no misspelt name.
    let loader = || Named::loader().source([("APP_NAMES", "x")]);
    let hints = |err: environ::Error| err.to_string().contains("APP_NAMES");
    assert!(hints(loader().load().unwrap_err()));
    assert!(!hints(loader().known(["APP_NAMES"]).load().unwrap_err()));
    let loader = Named::loader().source([("APP_NAME", "x")]);
    loader.known(["APP_*"]).load().unwrap();
}
