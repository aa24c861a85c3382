use std::collections::{BTreeMap, HashMap};

use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group)]
    db: BTreeMap<String, Db>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Db {
    url: String,
    #[env(default = 8)]
    size: u16,
    #[env(default = 1, file)]
    pool_size: u16,
    #[env(group)]
    replica: Vec<Replica>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Replica {
    host: String,
}

fn db(url: &str) -> Db {
    Db {
        url: url.into(),
        size: 8,
        pool_size: 1,
        replica: vec![],
    }
}

#[test]
fn the_key_stands_between_path_and_field() {
    assert_eq!(load::<Cfg>(&[]).db, BTreeMap::new());
    let cfg = load::<Cfg>(&[
        ("APP_DB_MAIN_URL", "a"),
        ("APP_DB_READ_ONLY_URL", "b"),
        ("APP_DB_READ_ONLY_SIZE", "9"),
        ("APP_DB_MAIN_POOL_SIZE", "2"),
        ("APP_DB_MAIN_REPLICA_0_HOST", "r"),
    ]);
    let replica = vec![Replica { host: "r".into() }];
    let main = Db {
        pool_size: 2,
        replica,
        ..db("a")
    };
    let read_only = Db { size: 9, ..db("b") };
    assert_eq!(
        cfg.db,
        BTreeMap::from([
            ("main".to_owned(), main),
            ("read_only".to_owned(), read_only)
        ])
    );
}

#[test]
fn what_is_missing_in_one_is_named() {
    assert_eq!(
        problems::<Cfg>(&[
            ("APP_DB_MAIN_POOL_SIZE", "2"),
            ("APP_DB_OTHER_REPLICA_1_HOST", "r")
        ]),
        "  APP_DB_MAIN_URL           not set; required because APP_DB_MAIN_POOL_SIZE is set\n\
         \x20 APP_DB_OTHER_URL          not set; required because APP_DB_OTHER_REPLICA_1_HOST is set\n\
         \x20 APP_DB_OTHER_REPLICA_0_*  0 is left out, since APP_DB_OTHER_REPLICA_1_* is set; \
         groups are numbered from 0, without a gap"
    );
}

#[test]
fn what_has_no_key_or_no_field_is_none() {
    for name in [
        "APP_DB_URL",
        "APP_DB__URL",
        "APP_DB_MAIN",
        "APP_DB_MAIN_",
        "APP_DBS_MAIN_URL",
    ] {
        assert_eq!(load::<Cfg>(&[(name, "x")]).db, BTreeMap::new(), "{name}");
    }
}

#[test]
fn a_hash_map_and_a_demand_work() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Hashed {
        #[env(group, non_empty)]
        db: HashMap<String, Replica>,
    }

    assert_eq!(problems::<Hashed>(&[]), "  APP_DB_*  not set");
    let db = HashMap::from([("a".to_owned(), Replica { host: "x".into() })]);
    assert_eq!(load::<Hashed>(&[("APP_DB_A_HOST", "x")]), Hashed { db });
}

#[test]
fn a_source_that_cannot_be_listed_is_a_problem() {
    let err = Cfg::from_source(environ::from_fn(|_| None::<String>)).unwrap_err();
    let problem = err.problems().next().unwrap();
    assert_eq!(
        problem.to_string(),
        "APP_DB_*: the source cannot list its variables, so the keys are not known"
    );
    assert_eq!(problem.code(), "unknown");
}

#[test]
fn a_variable_of_another_field_makes_no_group() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Beside {
        #[env(group)]
        db: BTreeMap<String, Replica>,
        db_main_host: String,
        #[env(group)]
        up: Vec<Replica>,
        up_0_host: Option<String>,
    }

    let cfg = load::<Beside>(&[("APP_DB_MAIN_HOST", "a"), ("APP_UP_0_HOST", "b")]);
    assert_eq!(
        cfg,
        Beside {
            db: BTreeMap::new(),
            db_main_host: "a".into(),
            up: vec![],
            up_0_host: Some("b".into()),
        }
    );
}

#[test]
fn two_keys_in_different_letter_case_are_a_conflict() {
    let err = Cfg::from_source([("APP_DB_Main_URL", "a"), ("APP_DB_MAIN_URL", "b")]).unwrap_err();
    let problem = err.problems().next().unwrap();
    assert_eq!(
        problem.to_string(),
        "APP_DB_Main_*: the same key as APP_DB_MAIN_*, for keys are in lower case; rename one"
    );
    assert_eq!((problem.code(), err.problems().len()), ("conflict", 1));
}

/// `a` has the variant `tree` with a variable `tree_depth`, and so does `a_tree` with `depth`.
#[test]
fn a_variable_that_another_key_reads_is_no_warning() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        by: BTreeMap<String, Shape>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    enum Shape {
        None,
        Tree(Tree),
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    struct Tree {
        depth: u8,
        tree_depth: Option<u8>,
    }

    let pairs = [
        ("APP_BY_A", "none"),
        ("APP_BY_A_TREE", "tree"),
        ("APP_BY_A_TREE_TREE_DEPTH", "2"),
        ("APP_BY_A_TREE_DEPTH", "1"),
    ];
    let loaded = Cfg::loader().source(pairs).load().unwrap();
    let keys: Vec<&String> = loaded.config.by.keys().collect();
    assert_eq!(keys, ["a", "a_tree"]);
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["APP_BY_A_TREE_DEPTH: not read, since APP_BY_A is none"]
    );
}
