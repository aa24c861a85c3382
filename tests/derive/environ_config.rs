//! environ-config's own tests, restated: `tests/test_environ_config.py` and the
//! groups of `tests/test_secrets.py` at 26.1.0. Where this crate differs on
//! purpose, the test says so.

use environ::{EnvConfig, Secret};

use crate::{load, problems};

#[test]
fn an_empty_config_is_accepted() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Empty {}

    assert_eq!(load::<Empty>(&[]), Empty {});
}

#[test]
fn a_flat_config_is_extracted() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "APP")]
    struct Flat {
        x: String,
        y: String,
    }

    let cfg: Flat = load(&[("APP_X", "foo"), ("APP_Y", "bar")]);
    assert_eq!(
        cfg,
        Flat {
            x: "foo".into(),
            y: "bar".into()
        }
    );
}

#[test]
fn a_nested_config_is_extracted() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "XYZ")]
    struct Nested {
        x: String,
        #[env(group)]
        sub: Sub,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Sub {
        y: String,
    }

    let cfg: Nested = load(&[("APP_X", "nope"), ("XYZ_X", "foo"), ("XYZ_SUB_Y", "bar")]);
    assert_eq!(
        cfg,
        Nested {
            x: "foo".into(),
            sub: Sub { y: "bar".into() }
        }
    );
}

#[test]
fn a_missing_variable_is_named() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Mandatory {
        x: String,
    }

    assert_eq!(
        problems::<Mandatory>(&[("y", "boring")]),
        "  APP_X  not set"
    );
}

#[test]
fn defaults_are_used_if_the_variables_are_missing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Defaults {
        #[env(default = "foo")]
        x: String,
        #[env(default = "qux")]
        y: String,
    }

    let cfg: Defaults = load(&[("APP_Y", "bar")]);
    assert_eq!(
        cfg,
        Defaults {
            x: "foo".into(),
            y: "bar".into()
        }
    );
}

#[test]
fn a_default_can_be_made_anew_for_each_load() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Defaults {
        #[env(default)]
        x: Vec<String>,
        #[env(default)]
        y: Vec<String>,
    }

    let cfg: Defaults = load(&[("APP_Y", "bar")]);
    assert_eq!(
        cfg,
        Defaults {
            x: vec![],
            y: vec!["bar".into()]
        }
    );
}

#[test]
fn an_empty_prefix_adds_no_underscore() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "")]
    struct Cfg {
        x: String,
        y: String,
        #[env(group)]
        sub: Sub,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Sub {
        y: String,
    }

    let cfg: Cfg = load(&[("X", "x"), ("Y", "y"), ("SUB_Y", "sub_y")]);
    let sub = Sub { y: "sub_y".into() };
    assert_eq!(
        cfg,
        Cfg {
            x: "x".into(),
            y: "y".into(),
            sub
        }
    );
}

#[test]
fn a_name_can_be_overwritten() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(name = "LANG")]
        x: String,
        y: String,
    }

    let cfg: Cfg = load(&[("APP_X", "nope"), ("LANG", "foo"), ("APP_Y", "bar")]);
    assert_eq!(
        cfg,
        Cfg {
            x: "foo".into(),
            y: "bar".into()
        }
    );
}

/// Different on purpose: there, every word but three is false, typos included.
#[test]
fn a_bool_takes_words_in_any_case() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        t: bool,
        f: bool,
        #[env(default = true)]
        d: bool,
    }

    for (truth, falsehood) in [("1", "0"), ("trUe", "FALSE"), ("yEs", "No"), ("on", "oFF")] {
        let cfg: Cfg = load(&[("APP_T", truth), ("APP_F", falsehood)]);
        assert_eq!(
            cfg,
            Cfg {
                t: true,
                f: false,
                d: true
            }
        );
    }
    assert_eq!(
        problems::<Cfg>(&[("APP_T", "yEs  "), ("APP_F", "nope")]),
        r#"  APP_T  "yEs  " is not one of: true, false, yes, no, on, off, 1, 0
         it begins or ends with white space; remove that
  APP_F  "nope" is not one of: true, false, yes, no, on, off, 1, 0"#
    );
}

#[test]
fn a_field_that_is_no_variable_is_tolerated() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        e: String,
        #[env(skip)]
        x: u8,
    }

    assert_eq!(
        load::<Cfg>(&[("APP_E", "e")]),
        Cfg {
            e: "e".into(),
            x: 0
        }
    );
}

/// Different on purpose: the default is always shown.
#[test]
fn help_has_a_line_for_each_variable() {
    #[derive(EnvConfig)]
    #[env(prefix = "FOO")]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Parent {
        #[env(skip)]
        not_a_var: u8,
        /// var1, no default
        var1: String,
        /// var2, has default
        #[env(default = "bar")]
        var2: String,
        #[env(name = "DOG", default = "canine", help = "var5, named, has default")]
        var5: String,
        #[env(name = "CAT", help = "var6, named, no default")]
        var6: String,
        #[env(group)]
        child: Child,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Child {
        /// var7, no default
        var7: String,
        #[env(default = "default")]
        var13: String,
        var14: String,
    }

    assert_eq!(
        environ::generate_help::<Parent>(),
        "\
FOO_VAR1 (Required): var1, no default
FOO_VAR2 (Optional, Default=bar): var2, has default
DOG (Optional, Default=canine): var5, named, has default
CAT (Required): var6, named, no default
FOO_CHILD_VAR7 (Required): var7, no default
FOO_CHILD_VAR13 (Optional, Default=default)
FOO_CHILD_VAR14 (Required)"
    );
}

/// There, both lines are wrong: the default prefix and a nested type's prefix
/// are left out of help.
#[test]
fn help_has_the_names_that_loading_reads() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        v: String,
        #[env(group)]
        db: Database,
    }

    #[derive(EnvConfig)]
    #[env(prefix = "database")]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Database {
        host: String,
    }

    assert_eq!(
        environ::generate_help::<Cfg>(),
        "APP_V (Required)\nAPP_DATABASE_HOST (Required)"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "CHILD")]
struct Required {
    grandchild: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "CHILD")]
struct Defaulted {
    #[env(default = "FOO")]
    grandchild: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "CHILD")]
struct Mixed {
    grandchild_a: String,
    #[env(default = "FOO")]
    grandchild_b: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "PARENT")]
struct With<T: EnvConfig> {
    #[env(group)]
    child: T,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "PARENT")]
struct WithOptional<T: EnvConfig> {
    #[env(group)]
    child: Option<T>,
}

#[test]
fn a_group_is_required_if_something_in_it_is() {
    let cfg: With<Required> = load(&[("PARENT_CHILD_GRANDCHILD", "FOO")]);
    assert_eq!(cfg.child.grandchild, "FOO");
    assert_eq!(
        problems::<With<Required>>(&[]),
        "  PARENT_CHILD_GRANDCHILD  not set"
    );
}

#[test]
fn a_required_group_of_defaults_is_built() {
    let cfg: With<Defaulted> = load(&[]);
    assert_eq!(cfg.child.grandchild, "FOO");
}

#[test]
fn an_optional_group_without_its_required_variable_is_none() {
    assert_eq!(load::<WithOptional<Required>>(&[]).child, None);
}

#[test]
fn an_optional_group_of_defaults_is_built() {
    let child = Some(Defaulted {
        grandchild: "FOO".into(),
    });
    assert_eq!(load::<WithOptional<Defaulted>>(&[]).child, child);
}

#[test]
fn an_optional_group_with_nothing_set_is_none() {
    assert_eq!(load::<WithOptional<Mixed>>(&[]).child, None);
}

#[test]
fn an_optional_group_with_something_set_needs_what_is_required() {
    assert_eq!(
        problems::<WithOptional<Mixed>>(&[("PARENT_CHILD_GRANDCHILD_B", "BAR")]),
        "  PARENT_CHILD_GRANDCHILD_A  not set; required because PARENT_CHILD_GRANDCHILD_B is set"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Leaf {
    leaf: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "CHILD")]
struct Nested {
    #[env(group)]
    grandchild: Option<Leaf>,
}

#[test]
fn a_required_group_of_an_optional_group_is_built() {
    assert_eq!(load::<With<Nested>>(&[]).child, Nested { grandchild: None });
    let cfg: With<Nested> = load(&[("PARENT_CHILD_GRANDCHILD_LEAF", "BAR")]);
    let grandchild = Some(Leaf { leaf: "BAR".into() });
    assert_eq!(cfg.child, Nested { grandchild });
}

/// There, both raise: the documentation says `None`.
#[test]
fn an_optional_group_that_contains_a_group_is_none_when_nothing_is_set() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct AndOptional {
        own: String,
        #[env(group)]
        inner: Option<Leaf>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct AndRequired {
        #[env(group)]
        inner: Leaf,
    }

    assert_eq!(load::<WithOptional<AndOptional>>(&[]).child, None);
    assert_eq!(load::<WithOptional<AndRequired>>(&[]).child, None);
    assert_eq!(
        problems::<WithOptional<AndOptional>>(&[("PARENT_CHILD_INNER_LEAF", "x")]),
        "  PARENT_CHILD_OWN  not set; required because PARENT_CHILD_INNER_LEAF is set"
    );
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "secrets are not compared")]
struct WithSecret {
    #[env(default = 42)]
    another_option: u8,
    secret: Secret<String>,
}

#[test]
fn an_optional_group_counts_its_secrets() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        opt_sub: Option<WithSecret>,
    }

    assert!(load::<Cfg>(&[]).opt_sub.is_none());
    assert_eq!(
        problems::<Cfg>(&[("APP_OPT_SUB_ANOTHER_OPTION", "23")]),
        "  APP_OPT_SUB_SECRET  not set; required because APP_OPT_SUB_ANOTHER_OPTION is set"
    );
}
