use environ::{EnvConfig, Place};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(alias = "HOST")]
    host: String,
    #[env(deprecated = "APP_LISTEN", deprecated = "LISTEN")]
    port: u16,
    #[env(default = "info")]
    level: String,
    #[env(default)]
    tags: Vec<String>,
    node: Option<String>,
    #[env(group)]
    cache: Option<Cache>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cache {
    #[env(default = 1)]
    size: u8,
    url: String,
}

#[test]
fn each_value_tells_where_it_came_from() {
    let pairs = [("HOST", "x"), ("LISTEN", "1"), ("APP_TAGS", "a")];
    let loaded = Cfg::loader().source(pairs).load().unwrap();
    let origins: Vec<_> = loaded
        .origins
        .iter()
        .map(|(name, origin)| (name, origin.to_string()))
        .collect();
    assert_eq!(
        origins,
        [
            ("APP_HOST", "environment, as HOST".to_owned()),
            (
                "APP_PORT",
                "environment, as LISTEN, which is deprecated".to_owned()
            ),
            ("APP_LEVEL", "default".to_owned()),
            ("APP_TAGS", "environment".to_owned()),
        ]
    );
    let level = loaded.origins.get("APP_LEVEL").unwrap();
    assert_eq!((level.place(), level.variable()), (Place::Default, None));
    assert!(level.is_default() && !level.is_deprecated());
    let host = loaded.origins.get("APP_HOST").unwrap();
    assert_eq!(host.place(), Place::Environment);
    assert_eq!(host.variable(), Some("HOST"));
    assert!(!host.is_default() && !host.is_deprecated());
    let port = loaded.origins.get("APP_PORT").unwrap();
    assert_eq!(port.variable(), Some("LISTEN"));
    assert!(port.is_deprecated());
    assert_eq!(loaded.origins.get("APP_NODE"), None);
    assert_eq!(
        loaded.origins.get("APP_CACHE_SIZE"),
        None,
        "the group is not there"
    );
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["LISTEN: deprecated; write APP_PORT instead"]);
    assert_eq!(loaded.warnings[0].code(), "deprecated");
}

#[test]
fn a_deprecated_name_must_not_contradict_the_one_that_is_used() {
    let load = |pairs: &[(&str, &str)]| Cfg::loader().source(pairs).load();
    let same = load(&[("APP_HOST", "x"), ("APP_PORT", "1"), ("APP_LISTEN", "1")]).unwrap();
    assert_eq!(same.config.port, 1);
    assert_eq!(
        same.warnings[0].to_string(),
        "APP_LISTEN: deprecated; write APP_PORT instead"
    );

    let pairs = [
        ("APP_HOST", "x"),
        ("APP_PORT", "1"),
        ("APP_LISTEN", "2"),
        ("LISTEN", "1"),
    ];
    let err = load(&pairs).unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["APP_LISTEN: deprecated, and set to something else than APP_PORT; remove APP_LISTEN"]
    );
    assert_eq!(err.problems().next().unwrap().code(), "conflict");
    assert!(
        Cfg::from_source(pairs).is_err(),
        "it does not depend on who listens"
    );

    let err = load(&[("APP_HOST", "x"), ("APP_LISTEN", "1"), ("LISTEN", "2")]).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "LISTEN: deprecated, and set to something else than APP_LISTEN; remove LISTEN"
    );
}

#[test]
fn the_first_source_that_has_a_variable_counts() {
    let over = [("APP_HOST", "over"), ("APP_PORT", "")];
    let under = [("APP_HOST", "under"), ("APP_PORT", "2"), ("APP_NODE", "n")];
    let loaded = Cfg::loader().source(over).source(under).load().unwrap();
    assert_eq!((&*loaded.config.host, loaded.config.port), ("over", 2));
    assert_eq!(loaded.config.node.as_deref(), Some("n"));
    let strict = Cfg::loader()
        .source(over)
        .source(under)
        .source([("APP_X", "x")])
        .strict();
    assert_eq!(strict.load().unwrap_err().problems().len(), 1);
}

#[test]
fn a_check_gives_the_report_and_no_value() {
    let pairs = [("HOST", "x"), ("LISTEN", "1")];
    let warnings = Cfg::check(pairs).unwrap();
    assert_eq!(
        warnings[0].to_string(),
        "LISTEN: deprecated; write APP_PORT instead"
    );
    let err = Cfg::check([("HOST", "x")]).unwrap_err();
    assert_eq!(err.problems().next().unwrap().name(), "APP_PORT");
}

#[test]
fn origins_are_equal_where_each_value_has_the_same_text_and_place() {
    let origins = |pairs: &[(&str, &str)]| Cfg::loader().source(pairs).load().unwrap().origins;
    let asked = origins(&[("HOST", "x"), ("LISTEN", "1")]);
    assert!(asked.get("APP_HOST").is_some());
    assert_eq!(asked.iter().len(), 4);
    assert_eq!(asked, origins(&[("HOST", "x"), ("LISTEN", "1")]));
    assert_ne!(asked, origins(&[("APP_HOST", "x"), ("LISTEN", "1")]));
    assert_ne!(asked, origins(&[("HOST", "y"), ("LISTEN", "1")]));
}

#[test]
fn the_origin_of_a_layer_has_its_name_and_that_of_a_file_its_path() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only the origins are asked for")]
    struct Http {
        port: u16,
        #[env(file)]
        motd: String,
    }

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "hello").unwrap();
    let path = file.path().to_str().unwrap();
    let http = Http::loader().source([("APP_MOTD_FILE", path)]);
    let loaded = http.layer("the image", [("APP_PORT", "80")]).load();
    let origins = loaded.unwrap().origins;
    let [port, motd] = ["APP_PORT", "APP_MOTD"].map(|name| origins.get(name).unwrap());
    assert_eq!(
        (port.place(), port.name()),
        (Place::Layer, Some("the image"))
    );
    assert_eq!((port.variable(), port.path()), (Some("APP_PORT"), None));
    assert_eq!(port.to_string(), "the image");
    assert_eq!((motd.place(), motd.name()), (Place::File, None));
    assert_eq!(motd.path(), Some(file.path()));
    assert_eq!(motd.variable(), Some("APP_MOTD_FILE"));
    assert_eq!(motd.to_string(), format!("file {path}, from APP_MOTD_FILE"));
}
