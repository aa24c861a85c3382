//! Combinations that `assert_valid` tries.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret, testing};

#[derive(Debug, EnvConfig)]
#[env(validate = not_both)]
struct Either {
    cert_file: Option<String>,
    cert_domain: Option<String>,
}

fn not_both(it: &Either) -> Result<(), &'static str> {
    match (&it.cert_file, &it.cert_domain) {
        (Some(_), Some(_)) => Err("set one of APP_CERT_FILE and APP_CERT_DOMAIN"),
        _ => Ok(()),
    }
}

#[derive(Debug, EnvConfig)]
#[env(validate = exactly_one)]
struct OneOfThree {
    #[env(group)]
    file: Option<Account>,
    #[env(group)]
    server: Option<Account>,
    token: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its presence matters")]
struct Account {
    user: String,
    password: Secret<String>,
    realm: Option<String>,
}

fn exactly_one(it: &OneOfThree) -> Result<(), &'static str> {
    let set = [it.file.is_some(), it.server.is_some(), it.token.is_some()];
    match set.into_iter().filter(|is_set| *is_set).count() {
        1 => Ok(()),
        _ => Err("set one of them"),
    }
}

/// Eight that belong together, against eight others.
#[derive(Debug, EnvConfig)]
#[env(validate = all_or_none)]
struct Many {
    a: Option<u8>,
    b: Option<u8>,
    c: Option<u8>,
    d: Option<u8>,
    e: Option<u8>,
    f: Option<u8>,
    g: Option<u8>,
    h: Option<u8>,
    s: Option<u8>,
    t: Option<u8>,
    u: Option<u8>,
    v: Option<u8>,
    w: Option<u8>,
    x: Option<u8>,
    y: Option<u8>,
    z: Option<u8>,
}

fn all_or_none(it: &Many) -> Result<(), &'static str> {
    let count = |of: [Option<u8>; 8]| of.into_iter().flatten().count();
    let first = count([it.a, it.b, it.c, it.d, it.e, it.f, it.g, it.h]);
    let second = count([it.s, it.t, it.u, it.v, it.w, it.x, it.y, it.z]);
    match (first, second) {
        (8, 0) | (0, 8) => Ok(()),
        _ => Err("set all of the first eight, or all of the second"),
    }
}

/// The examples of numbers are equal, and a flag is off.
#[derive(Debug, EnvConfig)]
#[env(validate = ordered)]
struct Ordered {
    min: u16,
    max: u16,
    #[env(default = "1s")]
    pause: Duration,
    #[env(default = "1s")]
    timeout: Duration,
    #[env(default = false)]
    tls: bool,
    key_file: Option<String>,
    level: Level,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Quiet,
    Loud,
}

fn ordered(it: &Ordered) -> Result<(), String> {
    if it.min >= it.max {
        return Err("APP_MIN must be below APP_MAX".to_owned());
    }
    if it.pause >= it.timeout {
        return Err("APP_PAUSE must be below APP_TIMEOUT".to_owned());
    }
    if it.key_file.is_some() != it.tls {
        return Err("APP_KEY_FILE goes with APP_TLS".to_owned());
    }
    match it.level {
        Level::Loud => Ok(()),
        Level::Quiet => Err("APP_LEVEL must be loud".to_owned()),
    }
}

#[derive(Debug, EnvConfig)]
struct Nested {
    #[env(group)]
    #[expect(dead_code, reason = "only its rule matters")]
    upstream: Vec<Either>,
    #[env(group)]
    #[expect(dead_code, reason = "only its rule matters")]
    from: From,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its rule matters")]
enum From {
    #[env(default)]
    Here,
    There(Either),
}

#[test]
fn rules_that_refuse_some_examples_pass() {
    testing::assert_valid::<Either>();
    testing::assert_valid::<OneOfThree>();
    testing::assert_valid::<Many>();
    testing::assert_valid::<Ordered>();
    testing::assert_valid::<Nested>();
}

#[derive(Debug, EnvConfig)]
#[env(validate = never)]
struct Never {
    #[expect(dead_code, reason = "what it holds does not matter")]
    port: u16,
}

fn never(_: &Never) -> Result<(), &'static str> {
    Err("not today")
}

#[derive(Debug, EnvConfig)]
#[env(validate = no_port)]
struct OneNever {
    host: Option<String>,
    port: Option<u16>,
    path: Option<String>,
}

fn no_port(it: &OneNever) -> Result<(), &'static str> {
    match (&it.host, it.port, &it.path) {
        (Some(_), _, Some(_)) => Err("set one of them"),
        (_, Some(_), _) => Err("no port"),
        _ => Ok(()),
    }
}

/// The variant is refused, while another variant loads with the same variables set.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its rule matters")]
enum Stores {
    #[env(default)]
    Memory,
    Disk(Disk),
}

#[derive(Debug, EnvConfig)]
#[env(validate = no_size)]
struct Disk {
    path: String,
    size: Option<u64>,
}

fn no_size(it: &Disk) -> Result<(), String> {
    match it.size {
        Some(_) => Err(format!("no size in {}", it.path.len())),
        None => Ok(()),
    }
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its rule matters")]
struct Outer {
    #[env(group)]
    store: Stores,
}

#[test]
fn what_never_loads_is_reported() {
    assert_eq!(
        message(testing::assert_valid::<Never>),
        "the example of `Never` does not load; 1 problem with the environment:\n  \
         APP_*  refused: not today\n\
         what was set: APP_PORT"
    );
    assert_eq!(
        message(testing::assert_valid::<OneNever>),
        "the example of `OneNever` does not load; 1 problem with the environment:\n  \
         APP_*  refused: no port\n\
         what was set: APP_PORT"
    );
    assert_eq!(
        message(testing::assert_valid::<Outer>),
        "the example of `Outer` does not load; 1 problem with the environment:\n  \
         APP_STORE_DISK_*  refused: no size in 9\n\
         what was set: APP_STORE, APP_STORE_DISK_PATH, APP_STORE_DISK_SIZE"
    );
}

/// A default that is wrong is not hidden by a text that is right.
#[test]
fn a_wrong_default_is_reported_where_another_text_loads() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct WithoutAUnit {
        #[env(default = "30")]
        timeout: Duration,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct WithAnExample {
        host: Option<String>,
        #[env(default = "30", example = "30s")]
        timeout: Duration,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Refused {
        #[env(default = 5, validate = even)]
        count: u8,
        #[env(example = 7, validate = even)]
        other: Option<u8>,
    }

    fn even(count: &u8) -> Result<(), &'static str> {
        if count.is_multiple_of(2) {
            Ok(())
        } else {
            Err("it must be even")
        }
    }

    let said = |test: fn()| message(test).lines().nth(1).unwrap().to_owned();
    let no_unit = "  APP_TIMEOUT  the default \"30\" is not a duration, like 500ms, 30s or 1h30m: \
                   30 has no unit; write 30s, or 30ms";
    assert_eq!(said(testing::assert_valid::<WithoutAUnit>), no_unit);
    assert_eq!(said(testing::assert_valid::<WithAnExample>), no_unit);
    assert_eq!(
        said(testing::assert_valid::<Refused>),
        "  APP_COUNT  the default \"5\" is refused: it must be even"
    );
}

/// Loads of the config below, by its first field.
static RULED: AtomicUsize = AtomicUsize::new(0);

/// 14 variables, of which rules let no two groups of variables stand together.
#[derive(Debug, EnvConfig)]
#[env(
    one_of(url, host),
    all_or_none(user, password),
    at_most_one_of(tls, socket)
)]
#[expect(dead_code, reason = "only its rules matter")]
struct Server {
    #[env(conflicts(port, zone))]
    url: Option<String>,
    host: Option<String>,
    #[env(requires(host))]
    port: Option<u16>,
    zone: Option<String>,
    user: Option<String>,
    password: Option<Secret<String>>,
    socket: Option<String>,
    #[env(group)]
    tls: Option<Account>,
    #[env(default = 1, conflicts(socket))]
    retries: u8,
    #[env(default = "1s")]
    pause: Duration,
    #[env(group)]
    token: Tokens,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its variables matter")]
enum Tokens {
    #[env(default)]
    None,
    Of(Account),
}

/// Twelve servers, the fields of `before`, and the rules of `keys`.
macro_rules! twelve_servers {
    ($name:ident, [$($keys:tt)*], $($before:tt)*) => {
        #[derive(Debug, EnvConfig)]
        #[env($($keys)*)]
        #[expect(dead_code, reason = "only its rules matter")]
        struct $name {
            $($before)*
            #[env(group)]
            a: Option<Server>,
            #[env(group)]
            b: Option<Server>,
            #[env(group)]
            c: Option<Server>,
            #[env(group)]
            d: Option<Server>,
            #[env(group)]
            e: Option<Server>,
            #[env(group)]
            f: Option<Server>,
            #[env(group)]
            g: Option<Server>,
            #[env(group)]
            h: Option<Server>,
            #[env(group)]
            i: Option<Server>,
            #[env(group)]
            j: Option<Server>,
            #[env(group)]
            k: Option<Server>,
            #[env(group)]
            l: Option<Server>,
        }
    };
}

twelve_servers! {
    Ruled, [one_of(a, b, c, d, e, f), at_most_one_of(f, g, h, i, j, k, l)],
    #[env(parse = counted_by_rules, example = 1)] one: u8,
}

fn counted_by_rules(text: &str) -> Result<u8, std::num::ParseIntError> {
    RULED.fetch_add(1, Ordering::Relaxed);
    text.parse()
}

/// The loads are counted, because the time of a search depends on the machine.
#[test]
fn nested_rules_take_few_loads_for_each_variable() {
    fn variables<T: EnvConfig>() -> usize {
        T::help().to_lines().lines().count()
    }

    testing::assert_valid::<Ruled>();
    let loads = RULED.load(Ordering::Relaxed);
    let count = variables::<Ruled>();
    assert!(count > 180, "{count}");
    assert!(loads < 3 * count, "{loads} loads of {count} variables");
}

/// Loads of the config below, by its first field.
static REFUSING: AtomicUsize = AtomicUsize::new(0);

twelve_servers! {
    Refusing, [validate = three_of_twelve],
    #[env(parse = counted_refusals, example = 1)] one: u8,
}

fn counted_refusals(text: &str) -> Result<u8, std::num::ParseIntError> {
    REFUSING.fetch_add(1, Ordering::Relaxed);
    text.parse()
}

/// Refuses every combination that the search is likely to try.
fn three_of_twelve(it: &Refusing) -> Result<(), &'static str> {
    match (&it.c, &it.g, &it.k) {
        (Some(_), Some(_), Some(_)) if it.a.is_none() && it.l.is_some() && it.one == 77 => Ok(()),
        _ => Err("set c, g, k and l"),
    }
}

/// The failure says how many combinations were tried, and how a rule is told to the search.
#[test]
fn a_rule_that_refuses_most_combinations_fails_after_a_bounded_search() {
    let said = message(testing::assert_valid::<Refusing>);
    let loads = REFUSING.load(Ordering::Relaxed);
    let count = Refusing::help().to_lines().lines().count();
    let most = 150_000_usize.div_ceil(count);
    // A load that fails reads a variable twice.
    assert!((most..2 * most + 200).contains(&loads), "{loads} loads");
    let stopped = format!("the search stopped after {most} combinations: with and without each");
    assert!(said.contains(&stopped), "{said}");
    assert!(said.contains("write the rule as `one_of(...)`"), "{said}");
}

fn message(test: fn()) -> String {
    let panic = std::panic::catch_unwind(test).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

/// Twelve variables, of which every second is set, or every other.
#[derive(Debug, EnvConfig)]
#[env(validate = every_second)]
struct EverySecond {
    a: Option<u8>,
    b: Option<u8>,
    c: Option<u8>,
    d: Option<u8>,
    e: Option<u8>,
    f: Option<u8>,
    g: Option<u8>,
    h: Option<u8>,
    i: Option<u8>,
    j: Option<u8>,
    k: Option<u8>,
    l: Option<u8>,
}

const ALL: [bool; 6] = [true; 6];
const NONE: [bool; 6] = [false; 6];

fn every_second(it: &EverySecond) -> Result<(), &'static str> {
    let even = [it.a, it.c, it.e, it.g, it.i, it.k].map(|it| it.is_some());
    let odd = [it.b, it.d, it.f, it.h, it.j, it.l].map(|it| it.is_some());
    let is_second = matches!((even, odd), (ALL, NONE) | (NONE, ALL));
    is_second.then_some(()).ok_or("set every second of them")
}

/// No few changes of an example lead to it, and no neighbours belong together.
#[test]
fn all_subsets_of_twelve_variables_are_tried() {
    testing::assert_valid::<EverySecond>();
}

#[test]
fn a_text_that_was_made_up_and_is_refused_needs_an_example() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(range = ..0.5)]
        share: Option<f64>,
    }

    let said = message(testing::assert_valid::<Cfg>);
    assert_eq!(
        said,
        "the example of `Cfg` does not load; 1 problem with the environment:\n  \
         APP_SHARE  \"0.5\" is refused: it must be below 0.5\n\
         what was set: APP_SHARE\n\
         add `#[env(example = \"...\")]` to the field of APP_SHARE, because the text was made up"
    );
}

#[test]
fn a_text_that_was_made_up_and_is_refused_in_a_default_needs_an_example() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        base: String,
        #[env(default_from = "{base}0")]
        count: u16,
    }

    let said = message(testing::assert_valid::<Cfg>);
    assert!(
        said.ends_with("to the field of APP_BASE, because the text was made up"),
        "{said}"
    );
}
