use environ::{EnvConfig, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Leaf {
    value: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "own")]
struct Prefixed {
    value: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "")]
struct Unprefixed {
    value: String,
}

fn leaf(value: &str) -> Leaf {
    Leaf {
        value: value.into(),
    }
}

#[test]
fn the_default_prefix_is_app() {
    assert_eq!(load::<Leaf>(&[("APP_VALUE", "x")]), leaf("x"));
}

#[test]
fn a_prefix_is_upper_case_whatever_was_written() {
    let cfg: Prefixed = load(&[("OWN_VALUE", "x")]);
    assert_eq!(cfg.value, "x");
}

#[test]
fn a_group_is_called_after_its_prefix_then_its_type_then_its_field() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "MY_APP")]
    struct Cfg {
        #[env(group)]
        by_field: Leaf,
        #[env(group)]
        by_type: Prefixed,
        #[env(group)]
        not_by_type: Unprefixed,
        #[env(group, prefix = "x")]
        by_attribute: Prefixed,
        #[env(group, flatten)]
        by_nothing: Leaf,
    }

    let cfg: Cfg = load(&[
        ("MY_APP_BY_FIELD_VALUE", "1"),
        ("MY_APP_OWN_VALUE", "2"),
        ("MY_APP_NOT_BY_TYPE_VALUE", "3"),
        ("MY_APP_X_VALUE", "4"),
        ("MY_APP_VALUE", "5"),
    ]);
    assert_eq!(
        cfg,
        Cfg {
            by_field: leaf("1"),
            by_type: Prefixed { value: "2".into() },
            not_by_type: Unprefixed { value: "3".into() },
            by_attribute: Prefixed { value: "4".into() },
            by_nothing: leaf("5"),
        }
    );
}

#[test]
fn a_flattened_group_keeps_its_types() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group, flatten)]
        server: Server,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Server {
        port: u16,
        tls: bool,
        weights: Vec<f32>,
    }

    let cfg: Cfg = load(&[
        ("APP_PORT", "80"),
        ("APP_TLS", "on"),
        ("APP_WEIGHTS", "0.5,1"),
    ]);
    let (port, tls, weights) = (80, true, vec![0.5, 1.0]);
    assert_eq!(cfg.server, Server { port, tls, weights });
}

#[test]
fn one_struct_serves_under_two_prefixes() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group)]
        primary: Leaf,
        #[env(group)]
        replica: Leaf,
    }

    let cfg: Cfg = load(&[("APP_PRIMARY_VALUE", "1"), ("APP_REPLICA_VALUE", "2")]);
    let (primary, replica) = (leaf("1"), leaf("2"));
    assert_eq!(cfg, Cfg { primary, replica });
}

#[test]
fn a_prefix_can_be_chosen_when_loading() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "APP")]
    struct Cfg {
        #[env(group)]
        db: Option<Db>,
    }

    #[derive(Debug, EnvConfig)]
    struct Db {
        host: String,
        token: Secret<String>,
    }

    let pairs = [("STAGING_DB_HOST", "x"), ("STAGING_DB_TOKEN", "y")];
    let staging = Cfg::loader().prefix("staging_").source(pairs);
    assert_eq!(staging.load().unwrap().config.db.unwrap().host, "x");

    // A group alone, with the prefix of its names in the whole.
    let group = || Db::loader().prefix("STAGING_DB").source(pairs);
    let db = group().load().unwrap().config;
    assert_eq!((db.host.as_str(), db.token.expose().as_str()), ("x", "y"));
    let err = group().source([("STAGING_DB_PROT", "1")]).strict().load();
    assert_eq!(
        err.unwrap_err().to_string(),
        "1 problem with the environment:\n  \
         STAGING_DB_PROT  set, but no field reads it; remove it"
    );
    let err = Db::loader().prefix("").source([("HOST", "x")]).load();
    assert_eq!(
        err.unwrap_err().to_string(),
        "1 problem with the environment:\n  TOKEN  not set"
    );

    // Documents follow, and the key of a secret in a store does not change.
    let help = Db::help().prefix("STAGING_DB");
    assert_eq!(
        help.to_lines(),
        "STAGING_DB_HOST (Required)\nSTAGING_DB_TOKEN (Required, Secret): \
         Or a file: STAGING_DB_TOKEN_FILE."
    );
    assert_eq!(
        help.clone().secret_object("s").to_kubernetes(),
        Db::help()
            .secret_object("s")
            .to_kubernetes()
            .replace("APP_", "STAGING_DB_")
    );
}

#[test]
fn groups_nest_to_any_depth() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        middle: Middle,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Middle {
        #[env(group)]
        inner_most: Leaf,
    }

    let cfg: Outer = load(&[("APP_MIDDLE_INNER_MOST_VALUE", "x")]);
    assert_eq!(cfg.middle.inner_most, leaf("x"));
}

#[test]
fn a_raw_identifier_drops_its_mark() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        r#type: String,
        #[env(group)]
        r#loop: Leaf,
    }

    let cfg: Cfg = load(&[("APP_TYPE", "x"), ("APP_LOOP_VALUE", "y")]);
    assert_eq!(
        cfg,
        Cfg {
            r#type: "x".into(),
            r#loop: leaf("y")
        }
    );
}

/// The compiler knows the prefix of the type alone.
#[test]
fn a_variable_that_two_fields_read_because_of_a_prefix_is_a_conflict() {
    #[derive(Debug, EnvConfig)]
    #[env(removed("SHOP_HOST", "use SHOP_ADDR"))]
    #[expect(dead_code, reason = "only its problems are asked for")]
    struct Cfg {
        #[env(default = 1)]
        port: u16,
        #[env(name = "PORT")]
        whole: Option<u16>,
        host: Option<String>,
    }

    let load = |prefix, pairs: [(&'static str, &'static str); 2]| {
        let loaded = Cfg::loader().prefix(prefix).source(pairs).load();
        loaded.map_err(|err| err.to_string())
    };
    let pairs = [("PORT", "2"), ("SHOP_HOST", "a")];
    assert_eq!(load("APP", pairs).unwrap().config.whole, Some(2));
    assert_eq!(
        load("", pairs).unwrap_err(),
        "1 problem with the environment:\n  \
         PORT  read as port and as whole; rename one of the fields, or load with another prefix"
    );
    assert_eq!(
        load("SHOP", pairs).unwrap_err(),
        "1 problem with the environment:\n  \
         SHOP_HOST  read as host, although `removed` says that it is no longer read; remove one of \
         them, or load with another prefix"
    );
}

/// A key names such a field with or without the mark.
#[test]
fn a_key_names_a_field_without_the_mark_of_a_raw_identifier() {
    #[derive(Debug, EnvConfig)]
    #[env(all_or_none(fn, r#mod))]
    struct Cfg {
        r#type: String,
        #[env(default_from = "{type}/{r#type}")]
        twice: String,
        #[env(default_fn = Clone::clone(type))]
        copy: String,
        r#fn: Option<u8>,
        r#mod: Option<u8>,
        #[env(requires = "fn", conflicts(virtual))]
        port: Option<u8>,
        r#virtual: Option<u8>,
    }

    let cfg = load::<Cfg>(&[("APP_TYPE", "a")]);
    assert_eq!((&*cfg.r#type, &*cfg.twice, &*cfg.copy), ("a", "a/a", "a"));
    assert_eq!(
        (cfg.r#fn, cfg.r#mod, cfg.port, cfg.r#virtual),
        (None, None, None, None)
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_TYPE", "a"), ("APP_PORT", "1"), ("APP_VIRTUAL", "2")]),
        "  APP_FN       not set; required because APP_PORT is set; expected a u8\n  \
         APP_VIRTUAL  set, although APP_PORT is set; remove one of them"
    );
}

#[test]
fn a_name_is_used_as_it_is_written() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group)]
        http: Http,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Http {
        #[env(name = "http_proxy")]
        proxy: String,
    }

    assert_eq!(load::<Cfg>(&[("http_proxy", "x")]).http.proxy, "x");
    assert_eq!(
        problems::<Cfg>(&[("HTTP_PROXY", "x"), ("APP_HTTP_PROXY", "x")]),
        "  http_proxy  not set"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Aliased {
    #[env(alias = "PORT", alias = "HTTP_PORT")]
    port: u16,
}

#[test]
fn the_first_name_that_is_set_wins() {
    for (pairs, port) in [
        (&[("HTTP_PORT", "3")][..], 3),
        (&[("HTTP_PORT", "3"), ("PORT", "2")], 2),
        (&[("HTTP_PORT", "3"), ("PORT", "2"), ("APP_PORT", "1")], 1),
        (&[("HTTP_PORT", "3"), ("PORT", ""), ("APP_PORT", "")], 3),
    ] {
        assert_eq!(load::<Aliased>(pairs), Aliased { port });
    }
}

#[test]
fn a_problem_names_the_alias_that_was_set() {
    assert_eq!(
        problems::<Aliased>(&[("PORT", "x")]),
        "  PORT  \"x\" is not a u16: it must be a whole number from 0 to 65535"
    );
    assert_eq!(
        problems::<Aliased>(&[("PORT", "")]),
        "  PORT  set to nothing, which counts as not set; expected a u16"
    );
    assert_eq!(
        problems::<Aliased>(&[]),
        "  APP_PORT  not set; expected a u16"
    );
}

#[test]
fn two_names_of_a_variable_that_are_set_are_a_warning() {
    let pairs = [("HTTP_PORT", "1"), ("PORT", "1"), ("APP_PORT", "1")];
    let loaded = Aliased::loader().source(pairs).load().unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "PORT: not read, since APP_PORT is set too",
            "HTTP_PORT: not read, since APP_PORT is set too",
        ]
    );
    assert_eq!(loaded.warnings[0].code(), "shadowed");
    assert_eq!(loaded.warnings[0].name(), "PORT");
    let loaded = Aliased::loader().source([("PORT", "1")]).load().unwrap();
    assert_eq!(loaded.warnings, []);
}

/// The text of a variable that need only be there says nothing.
#[test]
fn a_deprecated_name_of_a_variable_that_is_present_contradicts_nothing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(present, deprecated = "NOCOLOR")]
        no_color: bool,
    }

    let pairs = [("APP_NO_COLOR", "1"), ("NOCOLOR", "")];
    let loaded = Cfg::loader().source(pairs).load().unwrap();
    assert_eq!(loaded.config, Cfg { no_color: true });
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["NOCOLOR: deprecated; write APP_NO_COLOR instead"]
    );
}

/// With the prefix of the loader, both are one name.
#[test]
fn an_alias_that_is_the_own_name_is_no_other_name() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(alias = "PORT")]
        port: u16,
        #[env(deprecated = "HOST")]
        host: String,
    }

    let pairs = [("PORT", "80"), ("HOST", "a")];
    let loaded = Cfg::loader().prefix("").source(pairs).load().unwrap();
    assert_eq!((loaded.config.port, &*loaded.config.host), (80, "a"));
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, [""; 0]);
}
