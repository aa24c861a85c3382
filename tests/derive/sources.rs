use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use environ::{EnvConfig, Process, Source, from_fn};

use crate::process;

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    port: u16,
}

const CFG: Cfg = Cfg { port: 80 };

fn load(source: &(impl Source + ?Sized)) -> Cfg {
    Cfg::from_source(source).unwrap()
}

#[test]
fn pairs_maps_and_closures_are_sources() {
    let pairs = [("APP_PORT", "80")];
    assert_eq!(load(&pairs), CFG);
    assert_eq!(load(&pairs[..]), CFG);
    assert_eq!(load(&pairs.to_vec()), CFG);
    assert_eq!(
        load(&vec![(OsString::from("APP_PORT"), OsString::from("80"))]),
        CFG
    );
    assert_eq!(load(&HashMap::from(pairs)), CFG);
    assert_eq!(
        load(&BTreeMap::from([("APP_PORT".to_owned(), "80".to_owned())])),
        CFG
    );
    assert_eq!(
        load(&from_fn(|name| (name == "APP_PORT").then_some("80"))),
        CFG
    );
    assert_eq!(load(&&pairs[..] as &dyn Source), CFG);
}

#[test]
fn a_loader_takes_a_source_or_a_reference_to_one() {
    let pairs = vec![("APP_PORT", "80")];
    let map = HashMap::from([("APP_PORT", "80")]);
    assert_eq!(Cfg::loader().source(&pairs).load().unwrap().config, CFG);
    assert_eq!(Cfg::loader().source(&pairs[..]).load().unwrap().config, CFG);
    assert_eq!(Cfg::loader().source(&map).load().unwrap().config, CFG);
    assert_eq!(Cfg::loader().source(map).load().unwrap().config, CFG);
    let find = |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
    let source = from_fn(find);
    assert_eq!(Cfg::loader().source(source).load().unwrap().config, CFG);
    let chosen: Box<dyn Source> = Box::new(pairs.clone());
    assert_eq!(Cfg::from_source(&chosen).unwrap(), CFG);
    assert_eq!(Cfg::from_source(chosen).unwrap(), CFG);
    let shared: Box<dyn Source + Send + Sync> = Box::new(pairs.clone());
    assert_eq!(Cfg::loader().source(shared).load().unwrap().config, CFG);
}

#[test]
fn a_prefix_that_no_variable_can_have_is_a_problem() {
    for (prefix, problem) in [
        (
            "MY-APP",
            "MY-APP_*: '-' cannot be part of a prefix; use A-Z, 0-9 and `_`",
        ),
        ("1st", "1ST_*: a prefix must not begin with a digit"),
    ] {
        let source = [("APP_PORT", "80")];
        let err = Cfg::loader()
            .prefix(prefix)
            .source(source)
            .load()
            .unwrap_err();
        let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
        assert_eq!(problems, [problem]);
    }
}

#[test]
fn the_last_of_two_pairs_counts() {
    assert_eq!(load(&[("APP_PORT", "79"), ("APP_PORT", "80")]), CFG);
}

#[test]
fn a_near_miss_is_found_in_pairs_and_maps() {
    let pairs = [("APP_PROT", "80")];
    let map = HashMap::from(pairs);
    let tree = BTreeMap::from(pairs);
    let near = |source: &dyn Source| Cfg::from_source(source).unwrap_err().to_string();
    for report in [
        near(&pairs),
        near(&&pairs),
        near(&&pairs[..]),
        near(&pairs.to_vec()),
        near(&&pairs.to_vec()),
        near(&map),
        near(&&map),
        near(&tree),
        near(&&tree),
        near(&(&tree as &dyn Source)),
    ] {
        assert_eq!(
            report,
            "1 problem with the environment:\n  \
             APP_PORT  not set; expected a u16\n            \
             APP_PROT is set but not read; is it meant?"
        );
    }
}

/// A closure cannot be listed, so it gives no near miss, and no error either.
#[test]
fn a_source_that_cannot_be_listed_is_enough() {
    let source = from_fn(|name| (name == "APP_PROT").then_some("80"));
    let err = Cfg::from_source(source).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "APP_PORT: not set; expected a u16"
    );
}

/// A test knows only the variables of its process that cargo sets.
#[test]
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn the_process_is_the_default_source() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "CARGO")]
    struct Cargo {
        #[env(name = "CARGO_PKG_NAME")]
        package: String,
        manifest_dir: PathBuf,
    }

    for cargo in [
        Cargo::from_env().unwrap(),
        environ::to_config().unwrap(),
        Cargo::loader().load().unwrap().config,
        Cargo::loader().source(Process).load().unwrap().config,
    ] {
        assert_eq!(cargo.package, "tests");
        assert!(cargo.manifest_dir.join("Cargo.toml").exists());
    }
    let names = Process.names().unwrap();
    assert!(names.contains(&"CARGO_MANIFEST_DIR".into()));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn the_process_is_read_as_any_source_is() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "CARGO_PKG")]
    struct Package {
        name: String,
        // Cargo sets the variable of an absent key of the manifest to nothing.
        homepage: Option<String>,
        #[env(default = "none")]
        readme: String,
        #[env(default = 7)]
        not_set: u8,
        #[env(name = "CARGO_PKG_VERSION_PRE", allow_empty)]
        pre: String,
        #[env(group)]
        version: Version,
        rust_version: String,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Version {
        minor: u8,
        patch: u8,
    }

    #[derive(Debug, EnvConfig)]
    #[env(prefix = "CARGO_PKG")]
    #[expect(dead_code, reason = "it does not load")]
    struct Wrong {
        homepage: String,
        name: u8,
        nowhere: String,
    }

    let expected = Package {
        name: "tests".into(),
        homepage: None,
        readme: "none".into(),
        not_set: 7,
        pre: String::new(),
        version: Version {
            minor: env!("CARGO_PKG_VERSION_MINOR").parse().unwrap(),
            patch: env!("CARGO_PKG_VERSION_PATCH").parse().unwrap(),
        },
        rust_version: env!("CARGO_PKG_RUST_VERSION").into(),
    };
    assert_eq!(Package::from_env().unwrap(), expected);
    assert_eq!(Package::from_source(Process).unwrap(), expected);

    let err = Wrong::from_env().unwrap_err();
    assert_eq!(
        err.to_string(),
        Wrong::from_source(Process).unwrap_err().to_string()
    );
    let codes: Vec<_> = err.problems().map(|it| (it.name(), it.code())).collect();
    assert_eq!(
        codes,
        [
            ("CARGO_PKG_HOMEPAGE", "empty"),
            ("CARGO_PKG_NAME", "invalid"),
            ("CARGO_PKG_NOWHERE", "missing"),
        ]
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn what_is_not_utf_8_is_read_from_the_process_as_from_any_source() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Dirs {
        home: PathBuf,
        temp: Option<OsString>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "it does not load")]
    struct Names {
        home: String,
        temp: Option<String>,
        #[env(default = "/bin/sh")]
        shell: String,
    }

    let text = OsStr::from_bytes(b"/srv/\xff");
    let vars = [("APP_HOME", text), ("APP_TEMP", text), ("APP_SHELL", text)];
    let itself = "sources::what_is_not_utf_8_is_read_from_the_process_as_from_any_source";
    process::with(itself, &vars, || {
        let expected = Dirs {
            home: text.into(),
            temp: Some(text.into()),
        };
        assert_eq!(Dirs::from_env().unwrap(), expected);
        assert_eq!(Dirs::from_source(vars).unwrap(), expected);
        let err = Names::from_env().unwrap_err();
        let codes: Vec<_> = err.problems().map(|it| (it.name(), it.code())).collect();
        assert_eq!(
            codes,
            [
                ("APP_HOME", "not_unicode"),
                ("APP_TEMP", "not_unicode"),
                ("APP_SHELL", "not_unicode"),
            ]
        );
        let other = Names::from_source(vars).unwrap_err();
        assert_eq!(err.to_string(), other.to_string());
    });
}

/// A source with another text at each look: `80a1`, `80a2`, and so on.
fn changing(looks: &AtomicU32) -> impl Source + Send + Sync {
    from_fn(move |name| {
        let look = looks.fetch_add(1, Ordering::Relaxed);
        let is_read = name == "APP_PORT" || name == "APP_TEXT";
        is_read.then(|| format!("80a{look}"))
    })
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "it does not load")]
struct Changing {
    port: u16,
    #[env(parse = quoted)]
    text: String,
}

fn quoted(text: &str) -> Result<String, String> {
    Err(format!("{text} is no text"))
}

/// Otherwise the report would show a text, and the reason that another text is wrong.
#[test]
fn the_report_about_a_source_that_changes_tells_a_single_story() {
    let looks = AtomicU32::new(0);
    let single = Changing::from_source(changing(&looks)).unwrap_err();
    let layers = Changing::loader().source(()).source(changing(&looks));
    for err in [single, layers.load().unwrap_err()] {
        let text = err.problems().find(|it| it.name() == "APP_TEXT").unwrap();
        let text = text.to_string();
        let said = text.split('"').nth(1).unwrap();
        assert!(text.ends_with(&format!(": {said} is no text")), "{text}");
    }
}

/// The load that ends well is the whole story.
#[test]
fn a_text_that_is_mended_during_a_load_is_no_problem() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        port: u16,
    }

    let looks = AtomicU32::new(0);
    let mended = from_fn(|_| {
        let is_first = looks.fetch_add(1, Ordering::Relaxed) == 0;
        Some(if is_first { "x" } else { "80" })
    });
    assert_eq!(Cfg::from_source(mended).unwrap(), Cfg { port: 80 });
}

#[test]
fn a_source_without_variables_lists_none() {
    let pairs = [("APP_PORT", "80")];
    assert_eq!(().names(), Some(Vec::new()));
    assert_eq!(().vars(), Some(Vec::new()));
    let port = OsString::from("APP_PORT");
    assert_eq!(((), pairs).names(), Some(vec![port.clone()]));
    assert_eq!((pairs, ()).names(), Some(vec![port.clone()]));
    let vars = Some(vec![(port, OsString::from("80"))]);
    assert_eq!(((), pairs).vars(), vars);
    assert_eq!((pairs, ()).vars(), vars);
}
