use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Ranged {
    #[env(default = 4, range = 1..=64)]
    workers: u16,
    #[env(range = 0.0..1.0)]
    ratio: Option<f64>,
    #[env(default = "1s", range = Duration::from_millis(10)..)]
    timeout: Duration,
}

#[test]
fn a_range_refuses_what_is_outside() {
    let pairs = [
        ("APP_WORKERS", "64"),
        ("APP_RATIO", "0"),
        ("APP_TIMEOUT", "10ms"),
    ];
    let timeout = Duration::from_millis(10);
    assert_eq!(
        load::<Ranged>(&pairs),
        Ranged {
            workers: 64,
            ratio: Some(0.0),
            timeout
        }
    );
    assert_eq!(
        problems::<Ranged>(&[
            ("APP_WORKERS", "65"),
            ("APP_RATIO", "1"),
            ("APP_TIMEOUT", "9ms")
        ]),
        "  APP_WORKERS  \"65\" is refused: it must be from 1 to 64\n\
         \x20 APP_RATIO    \"1\" is refused: it must be at least 0 and below 1\n\
         \x20 APP_TIMEOUT  \"9ms\" is refused: it must be at least 10ms"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct NonEmpty {
    #[env(non_empty)]
    name: String,
    #[env(default = "", non_empty)]
    hosts: Vec<String>,
    #[env(default = "x", allow_empty, non_empty)]
    path: PathBuf,
}

#[test]
fn non_empty_refuses_white_space_and_empty_lists() {
    let cfg = load::<NonEmpty>(&[("APP_NAME", "x"), ("APP_HOSTS", "a")]);
    assert_eq!(
        cfg,
        NonEmpty {
            name: "x".into(),
            hosts: vec!["a".into()],
            path: "x".into(),
        }
    );
    assert_eq!(
        problems::<NonEmpty>(&[("APP_NAME", " "), ("APP_PATH", "")]),
        "  APP_NAME   \" \" is refused: it must not be empty\n\
         \x20            it begins or ends with white space; remove that\n\
         \x20 APP_HOSTS  the default \"\" is refused: it must not be empty\n\
         \x20 APP_PATH   \"\" is refused: it must not be empty"
    );
}

#[test]
fn non_empty_refuses_a_secret_of_white_space() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(non_empty)]
        token: Secret<String>,
    }

    let cfg = load::<Cfg>(&[("APP_TOKEN", "x")]);
    assert_eq!(cfg.token.expose(), "x");
    assert_eq!(
        problems::<Cfg>(&[("APP_TOKEN", " ")]),
        "  APP_TOKEN  the secret is refused: it must not be empty\n\
         \x20            it begins or ends with white space; remove that"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Allowed {
    #[env(allow_empty)]
    prefix: String,
    #[env(allow_empty)]
    suffix: Option<String>,
    #[env(allow_empty, default = 1)]
    number: u8,
}

#[test]
fn an_empty_value_is_a_value_where_it_is_allowed() {
    let cfg = load::<Allowed>(&[("APP_PREFIX", ""), ("APP_SUFFIX", "")]);
    assert_eq!(
        cfg,
        Allowed {
            prefix: String::new(),
            suffix: Some(String::new()),
            number: 1
        }
    );
    assert_eq!(problems::<Allowed>(&[]), "  APP_PREFIX  not set");
    assert_eq!(
        problems::<Allowed>(&[("APP_PREFIX", "x"), ("APP_NUMBER", "")]),
        "  APP_NUMBER  \"\" is not a u8: it must be a whole number from 0 to 255"
    );
}

#[test]
fn an_empty_value_switches_a_group_on_where_it_is_allowed() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group)]
        group: Option<Group>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Group {
        #[env(allow_empty)]
        text: Option<String>,
        required: u8,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_GROUP_TEXT", "")]),
        "  APP_GROUP_REQUIRED  not set; required because APP_GROUP_TEXT is set; expected a u8"
    );
}

#[test]
fn truthy_is_environ_configs_reading_of_a_bool() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(truthy, default = false)]
        debug: bool,
    }

    for word in ["1", "true", "yes", " tRUE ", "YES"] {
        assert!(load::<Cfg>(&[("APP_DEBUG", word)]).debug, "{word}");
    }
    for word in ["0", "no", "ture", "on", "2", "enabled"] {
        assert!(!load::<Cfg>(&[("APP_DEBUG", word)]).debug, "{word}");
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(validate = ordered)]
struct Limits {
    #[env(group)]
    pool: Pool,
    #[env(default = 1)]
    most: u8,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(validate = ordered_pool, validate = even)]
struct Pool {
    #[env(default = 0)]
    least: u8,
    #[env(default = 10)]
    most: u8,
}

fn ordered(limits: &Limits) -> Result<(), String> {
    if limits.most > limits.pool.most {
        Err("`most` is above the pool's".to_owned())
    } else {
        Ok(())
    }
}

fn ordered_pool(pool: &Pool) -> Result<(), String> {
    if pool.least > pool.most {
        return Err(format!("{} is above {}", pool.least, pool.most));
    }
    Ok(())
}

fn even(pool: &Pool) -> Result<(), &'static str> {
    if pool.most % 2 == 1 {
        Err("`most` is odd")
    } else {
        Ok(())
    }
}

#[test]
fn a_whole_value_is_validated_when_all_its_fields_are_there() {
    assert_eq!(load::<Limits>(&[]).pool, Pool { least: 0, most: 10 });
    assert_eq!(
        problems::<Limits>(&[("APP_POOL_LEAST", "6"), ("APP_POOL_MOST", "5")]),
        "  APP_POOL_*  refused: 6 is above 5\n\
         \x20 APP_POOL_*  refused: `most` is odd"
    );
    assert_eq!(
        problems::<Limits>(&[("APP_MOST", "11")]),
        "  APP_*  refused: `most` is above the pool's"
    );
    assert_eq!(
        problems::<Limits>(&[("APP_POOL_MOST", "x"), ("APP_MOST", "11")]),
        "  APP_POOL_MOST  \"x\" is not a u8: it must be a whole number from 0 to 255"
    );
}

#[test]
fn a_list_with_a_gap_is_not_validated_as_a_whole() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = never)]
    struct Pools {
        #[env(group)]
        pool: Vec<Pool>,
    }

    fn never(pools: &Pools) -> Result<(), String> {
        Err(format!("{} is too few", pools.pool.len()))
    }

    assert_eq!(
        problems::<Pools>(&[("APP_POOL_0_MOST", "2")]),
        "  APP_*  refused: 1 is too few"
    );
    assert_eq!(
        problems::<Pools>(&[("APP_POOL_1_MOST", "2")]),
        "  APP_POOL_0_*  0 is left out, since APP_POOL_1_* is set; \
         groups are numbered from 0, without a gap"
    );
}

#[test]
fn a_one_of_group_is_validated_too() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(validate = not_here)]
    enum Place {
        #[env(default)]
        Here,
        There(Limits),
    }

    fn not_here(place: &Place) -> Result<(), &'static str> {
        if *place == Place::Here {
            Err("not here")
        } else {
            Ok(())
        }
    }

    assert_eq!(problems::<Place>(&[]), "  APP_*  refused: not here");
    let there = load::<Place>(&[("APP", "there"), ("APP_THERE_MOST", "2")]);
    assert!(matches!(there, Place::There(Limits { most: 2, .. })));
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Shapes {
    #[env(default)]
    pairs: HashMap<String, u16>,
    #[env(default, separator = ";")]
    sorted: BTreeMap<u8, String>,
    #[env(default = "1,2,3")]
    array: [u8; 3],
    point: Option<(f32, f32)>,
    #[env(default = "a,true,1")]
    triple: (char, bool, u8),
    nested: Option<Vec<Vec<u8>>>,
}

#[test]
fn maps_arrays_and_tuples_are_read() {
    let cfg = load::<Shapes>(&[
        ("APP_PAIRS", "a=1, b = 2"),
        ("APP_SORTED", "2=x=y;1=a,b"),
        ("APP_ARRAY", "7,8,9"),
        ("APP_POINT", "0.5,-1"),
    ]);
    assert_eq!(cfg.pairs, HashMap::from([("a".into(), 1), ("b".into(), 2)]));
    assert_eq!(
        cfg.sorted,
        BTreeMap::from([(1, "a,b".into()), (2, "x=y".into())])
    );
    assert_eq!(cfg.array, [7, 8, 9]);
    assert_eq!(cfg.point, Some((0.5, -1.0)));
    assert_eq!(cfg.triple, ('a', true, 1));
}

#[test]
fn what_is_wrong_with_a_map_an_array_or_a_tuple_is_said() {
    assert_eq!(
        problems::<Shapes>(&[
            ("APP_PAIRS", "a=1,b"),
            ("APP_SORTED", "1=a;1=b"),
            ("APP_ARRAY", "1,2"),
            ("APP_POINT", "1,x"),
            ("APP_TRIPLE", "a,b"),
        ]),
        "  APP_PAIRS   \"a=1,b\": element 2, \"b\", has no =; write key=value\n\
         \x20 APP_SORTED  \"1=a;1=b\": element 2 repeats the key \"1\"\n\
         \x20 APP_ARRAY   \"1,2\" is not 3 elements, each a u8: it has 2 elements\n\
         \x20 APP_POINT   \"1,x\": element 2, \"x\", is not an f32: it must be a number, like 0.5\n\
         \x20 APP_TRIPLE  \"a,b\" is not 3 elements: a single character, one of: true, false, yes, \
         no, on, off, 1, 0, a u8: it has 2 elements"
    );
    assert_eq!(
        problems::<Shapes>(&[("APP_PAIRS", "a=x")]),
        "  APP_PAIRS  \"a=x\": the value of element 1, \"a=x\", is not a u16: \
         it must be a whole number from 0 to 65535"
    );
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Route {
    path: String,
    weight: u8,
}

#[derive(Debug, EnvConfig)]
struct Json {
    #[env(json, default = "[]")]
    routes: Vec<Route>,
    #[env(json, secret)]
    key: Option<Secret<Vec<u8>>>,
}

#[test]
fn a_variable_can_hold_json() {
    let pairs = [
        ("APP_ROUTES", r#"[{"path": "/", "weight": 1}]"#),
        ("APP_KEY", "[1,2]"),
    ];
    let cfg = load::<Json>(&pairs);
    assert_eq!(
        cfg.routes,
        [Route {
            path: "/".into(),
            weight: 1
        }]
    );
    assert_eq!(cfg.key.unwrap().expose(), &[1, 2]);
    assert_eq!(
        problems::<Json>(&[("APP_ROUTES", "[{]"), ("APP_KEY", "hunter2")]),
        "  APP_ROUTES  the text is not a JSON value: key must be a string at line 1 column 3\n\
         \x20 APP_KEY     the secret is not a JSON value, at line 1 column 1; the reason is not shown"
    );
    assert_eq!(
        problems::<Json>(&[("APP_ROUTES", "{}"), ("APP_KEY", "{}")]),
        "  APP_ROUTES  the text is JSON of another shape: expected a sequence\n\
         \x20 APP_KEY     the secret is JSON of another shape; the reason is not shown"
    );
    assert_eq!(
        problems::<Json>(&[("APP_ROUTES", "[{}]"), ("APP_KEY", "[1, 256]")]),
        "  APP_ROUTES  the text is JSON of another shape: missing field `path` at line 1 column 3\n\
         \x20 APP_KEY     the secret is JSON of another shape, at line 1 column 7; the reason is not shown"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Filed {
    #[env(file, alias = "MOTD")]
    motd: String,
    #[env(file, default = 3)]
    number: u8,
}

#[test]
fn a_variable_can_stand_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for (text, expected) in [
        ("hello", "hello"),
        ("hello\n", "hello"),
        ("hello\n\n", "hello\n"),
        ("hello\r\n", "hello"),
        (" hello ", " hello "),
    ] {
        let file = path("motd", text.as_bytes());
        let cfg = load::<Filed>(&[("APP_MOTD_FILE", &file)]);
        assert_eq!(
            cfg,
            Filed {
                motd: expected.into(),
                number: 3
            }
        );
        assert_eq!(load::<Filed>(&[("MOTD_FILE", &file)]).motd, expected);
    }
    let (motd, number) = (path("motd", b"x\n"), path("number", b"300\n"));
    assert_eq!(
        problems::<Filed>(&[("APP_MOTD_FILE", &motd), ("APP_NUMBER_FILE", &number)]),
        format!("  APP_NUMBER_FILE  \"300\" in {number} is not a u8: it must be from 0 to 255")
    );
    let nowhere = dir.path().join("nope");
    let nowhere = nowhere.to_str().unwrap();
    assert_eq!(
        problems::<Filed>(&[("APP_MOTD_FILE", nowhere)]),
        format!("  APP_MOTD_FILE  cannot read {nowhere}: No such file or directory (os error 2)")
    );
    let empty = path("empty", b"\n");
    assert_eq!(
        problems::<Filed>(&[("APP_MOTD_FILE", &empty)]),
        format!("  APP_MOTD_FILE  the file {empty} is empty, which counts as not set")
    );
    assert_eq!(
        load::<Filed>(&[("APP_MOTD", "x"), ("APP_MOTD_FILE", "")]).motd,
        "x"
    );
    assert_eq!(
        problems::<Filed>(&[("APP_MOTD", "x"), ("APP_MOTD_FILE", &motd)]),
        "  APP_MOTD  set, and so is APP_MOTD_FILE; remove one of them"
    );
    let by_alias = [("APP_MOTD", "y"), ("MOTD_FILE", &motd)];
    assert_eq!(
        load::<Filed>(&by_alias).motd,
        "y",
        "the own name comes first"
    );
    assert_eq!(
        problems::<Filed>(&[("APP_MOTD_FILE", "/dev/zero")]),
        "  APP_MOTD_FILE  cannot read /dev/zero: it is not a regular file"
    );
}
