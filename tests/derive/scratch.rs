use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use std::path::PathBuf;
use std::net::SocketAddr;
use environ::{Document, DotEnv, EnvConfig, EnvValue, Invalid, Secret};

fn say<T: EnvConfig + std::fmt::Debug>(what: &str, pairs: &[(&str, &str)]) {
    println!("--- {what} {pairs:?}");
    match T::loader().source(pairs).load() {
        Ok(loaded) => {
            println!("OK {:?}", loaded.config);
            for w in &loaded.warnings { println!("  warning: {w}"); }
        }
        Err(err) => {
            println!("{err}");
            for w in err.warnings() { println!("  warning: {w}"); }
        }
    }
}
fn valid<T: EnvConfig + std::fmt::Debug>() {
    let r = std::panic::catch_unwind(|| environ::testing::assert_valid::<T>());
    println!("=== {} valid: {}", std::any::type_name::<T>(), r.is_ok());
    println!("{}", T::help());
    println!("{}", T::help().to_dotenv());
}

#[derive(Debug, EnvConfig)]
struct C1b {
    #[env(default = "/data")]
    data_folder: PathBuf,
    #[env(default_from = "{data_folder}/cache")]
    cache: PathBuf,
    #[env(default_from = "{cache}/icons")]
    icons: PathBuf,
    #[env(default = 3)]
    retries: u8,
    #[env(default_from = "{retries}")]
    more: u8,
    #[env(default_from = "{more}0")]
    most: u8,
}
#[derive(Debug, EnvConfig)]
struct Rate { #[env(default = 5)] burst: u32, #[env(default = "1s", unit = "s")] every: Duration }
#[derive(Debug, EnvConfig)]
struct C2 {
    #[env(group, flatten, defaults(burst = 600, every = "2"))]
    login: Rate,
    #[env(group, defaults(burst = 7))]
    admin: Option<Rate>,
}
#[derive(Debug, EnvConfig)]
struct S3 { bucket: String, #[env(group, switch = "ENABLED")] tls: Option<Tls> }
#[derive(Debug, EnvConfig)]
struct Tls { cert: PathBuf, #[env(default = "1.3")] version: String }
#[derive(Debug, EnvConfig)]
enum Storage { #[env(default)] Local, S3(S3) }
#[derive(Debug, EnvConfig)]
struct C3 { #[env(group, selector = "TYPE")] storage: Storage }

#[derive(Debug, EnvConfig)]
struct Outer { #[env(group, when = "dsn")] sentry: Option<Sentry>, name: String }
#[derive(Debug, EnvConfig)]
struct Sentry { dsn: Secret<String>, #[env(default = 1.0, range = 0.0..=1.0)] sample_rate: f64, #[env(group, when = "url")] proxy: Option<Proxy> }
#[derive(Debug, EnvConfig)]
struct Proxy { url: String, #[env(default = 8080)] port: u16 }
#[derive(Debug, EnvConfig)]
struct C4 { #[env(group)] outer: Option<Outer> }

#[derive(Debug, EnvConfig)]
struct C5 {
    #[env(requires = "key_file")]
    cert: Option<PathBuf>,
    key_file: Option<KeyFile>,
    #[env(conflicts = "cert")]
    acme_domain: Option<String>,
    #[env(requires(cert, port))]
    https: Option<SocketAddr>,
    port: Option<u16>,
}
#[derive(Debug)] struct KeyFile;
impl std::str::FromStr for KeyFile { type Err = String; fn from_str(s:&str)->Result<Self,String>{ if s.ends_with(".pem"){Ok(KeyFile)} else {Err("must end in .pem".into())} } }

#[derive(Debug, EnvConfig)]
struct C6 {
    #[env(present, alias = "CI", name = "APP_IN_CI")]
    ci: bool,
    #[env(present, name = "NO_COLOR")]
    no_color: bool,
}
#[derive(Debug, EnvConfig)]
#[env(removed("APP_LEGACY_URL", "use APP_URL"))]
struct C7 {
    #[env(alias = "DATABASE_URL", deprecated = "APP_DB")]
    url: String,
}
#[derive(Debug, EnvValue)] struct Name(String);
#[derive(Debug, EnvValue)] struct Tags(Vec<String>);
#[derive(Debug, EnvValue, PartialEq, PartialOrd)] struct Timeout(Duration);
#[derive(Debug, EnvValue)] struct Wait { inner: Timeout }
#[derive(Debug, EnvConfig)]
struct C8 {
    #[env(non_empty)] name: Name,
    #[env(non_empty)] tags: Tags,
    #[env(non_empty, secret)] token: Secret<Name>,
    #[env(unit = "m", range = "1".."10", default = 5)] timeout: Timeout,
    #[env(unit = "ms", default = 250)] wait: Wait,
    #[env(unit = "s")] maybe: Option<Secret<Timeout>>,
    #[env(unit = "h")] many: Option<Vec<Timeout>>,
}
#[derive(Debug, EnvConfig)]
struct C9 {
    #[env(unit = "s", default = "0.5")] a: Duration,
    #[env(unit = "m", range = "1m".., default = 5)] b: Duration,
    #[env(range = "1s"..="1h")] c: Option<Secret<Duration>>,
    #[env(unit = "d", range = "1"..="30")] d: Option<Box<Duration>>,
}
#[derive(Debug, EnvConfig)]
#[env(one_of(url, host), all_or_none(user, password))]
struct C10 {
    url: Option<Secret<String>>,
    host: Option<String>,
    user: Option<String>,
    password: Option<Secret<String>>,
}
#[derive(Debug, EnvConfig)]
struct C10p { #[env(group)] db: Option<C10> }
#[derive(Debug, EnvConfig)]
#[env(validate = check)]
struct C11 { min: u8, max: u8 }
fn check(c: &C11) -> Result<(), Invalid> { if c.min > c.max { Err(Invalid::at("max", "it must not be below APP_MIN")) } else { Ok(()) } }
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP", delimiter = "__")]
struct C12 { #[env(group)] db: Option<Db12>, #[env(group)] peers: BTreeMap<String, Proxy>, log_level: Option<String> }
#[derive(Debug, EnvConfig)]
struct Db12 { url: String, #[env(default_from = "{url}/ro", secret)] read_only: Secret<String>, }
#[derive(Debug, EnvConfig)]
struct C13 {
    #[env(group, non_empty)] listeners: Vec<Proxy>,
    #[env(group)] up: HashMap<String, Proxy>,
}
#[derive(Debug, EnvConfig)]
struct C14 {
    #[env(separator = ";", unit = "s")] backoff: Vec<Duration>,
    #[env(separator = " ", len = 1..=3)] words: Vec<String>,
    #[env(expected = "weights of hosts", separator = "|")] weights: BTreeMap<String, u8>,
    #[env(len = 64..)] secret_key: Secret<String>,
}
#[derive(Debug, EnvConfig)]
struct C15b {
    #[env(allow_empty, default = "noreply@example.com")] from: Option<String>,
    #[env(default = 4, range = 1..)] cpus: usize,
    #[env(default_fn = workers(cpus))] workers: usize,
    #[env(skip, default_fn = sum(cpus, workers))] sum: usize,
}
fn workers(c: &usize) -> usize { c * 2 }
fn sum(a: &usize, b: &usize) -> usize { a + b }

#[test]
fn scratch() {
    for p in [&[][..], &[("APP_DATA_FOLDER","/x")], &[("APP_MORE","40")], &[("APP_RETRIES","x")], &[("APP_CACHE","")], &[("APP_RETRIES", "30")]] { say::<C1b>("C1", p); }
    valid::<C1b>();
    for p in [&[][..], &[("APP_EVERY","x")], &[("APP_ADMIN_BURST","1")], &[("APP_ADMIN_EVERY","-1")]] { say::<C2>("C2", p); }
    valid::<C2>();
    for p in [&[][..], &[("APP_STORAGE_TYPE","s3")], &[("APP_STORAGE_TYPE","S3"),("APP_STORAGE_S3_BUCKET","b"),("APP_STORAGE_S3_TLS_ENABLED","maybe")], &[("APP_STORAGE_TYPE","s3"),("APP_STORAGE_S3_BUCKET","b"),("APP_STORAGE_S3_TLS_ENABLED","on")], &[("APP_STORAGE_S3_TLS_CERT","x")], &[("APP_STORAGE","s3")], &[("APP_STORAGE_TYPE","s3"),("APP_STORAGE_S3_BUCKET","b"),("APP_STORAGE_S3_TLS_CERT","x")]] { say::<C3>("C3", p); }
    valid::<C3>();
    for p in [&[][..], &[("APP_OUTER_SENTRY_SAMPLE_RATE","0.5")], &[("APP_OUTER_NAME","n"),("APP_OUTER_SENTRY_DSN","d"),("APP_OUTER_SENTRY_SAMPLE_RATE","1.5")], &[("APP_OUTER_SENTRY_DSN","d")], &[("APP_OUTER_SENTRY_PROXY_PORT","1")], &[("APP_OUTER_NAME","n"),("APP_OUTER_SENTRY_PROXY_URL","1")]] { say::<C4>("C4", p); }
    valid::<C4>();
    for p in [&[("APP_CERT","c")][..], &[("APP_CERT","c"),("APP_KEY_FILE","k")], &[("APP_CERT","c"),("APP_ACME_DOMAIN","k")], &[("APP_HTTPS","x"),("APP_PORT","y")], &[("APP_HTTPS","1.2.3.4:5")]] { say::<C5>("C5", p); }
    println!("{}", C5::help());
    for p in [&[][..], &[("CI","false")], &[("CI",""),("NO_COLOR","")], &[("CI","1"),("APP_IN_CI","0")]] { say::<C6>("C6", p); }
    valid::<C6>();
    for p in [&[("APP_LEGACY_URL","x")][..], &[("DATABASE_URL","x"),("APP_LEGACY_URL","y")], &[("APP_DB","x"),("DATABASE_URL","y")], &[("APP_URL","x"),("DATABASE_URL","y")]] { say::<C7>("C7", p); }
    for p in [&[("APP_NAME"," "),("APP_TAGS",","),("APP_TOKEN","  ")][..], &[("APP_NAME","n"),("APP_TAGS","a"),("APP_TOKEN","t"),("APP_TIMEOUT","10"),("APP_WAIT","-3")], &[("APP_NAME","n"),("APP_TAGS","a"),("APP_TOKEN","t"),("APP_TIMEOUT","9.5"),("APP_WAIT","1.5"),("APP_MAYBE","3"),("APP_MANY","1,2m")], &[("APP_NAME","n"),("APP_TAGS","a"),("APP_TOKEN","t"),("APP_MAYBE","soon"),("APP_MANY","1,x")]] { say::<C8>("C8", p); }
    valid::<C8>();
    for p in [&[("APP_A","-5"),("APP_B","0.5"),("APP_C","2h"),("APP_D","31")][..], &[("APP_A","1.5.5"),("APP_B","5 m"),("APP_C","-1s"),("APP_D","1e3")], &[("APP_A","1,5"),("APP_B","5minutes"),("APP_C","60"),("APP_D","P1D")], &[("APP_A",".5"),("APP_B","1_000"),("APP_C","1s"),("APP_D","+5")], &[("APP_A","0.0000000001")]] { say::<C9>("C9", p); }
    valid::<C9>();
    for p in [&[][..], &[("APP_URL","u"),("APP_HOST","h")], &[("APP_HOST","h"),("APP_USER","u")], &[("APP_URL_FILE","/nonexistent"),("APP_HOST","h")]] { say::<C10>("C10", p); }
    for p in [&[][..], &[("APP_DB_USER","u")], &[("APP_DB_HOST","h")]] { say::<C10p>("C10p", p); }
    valid::<C10p>();
    for p in [&[("APP_MIN","5"),("APP_MAX","3")][..], &[("APP_MIN","x"),("APP_MAX","3")]] { say::<C11>("C11", p); }
    for p in [&[("APP__DB__URL","u")][..], &[("APP_DB_URL","u")], &[("APP__PEERS__A__URL","u"),("APP__PEERS__B__PORT","1")], &[("APP__DB__READ_ONLY","u")], &[("APP__LOG_LEVEL","u")], &[("APP_LOG_LEVEL","u")]] { say::<C12>("C12", p); }
    valid::<C12>();
    for p in [&[][..], &[("APP_LISTENERS_1_URL","u")], &[("APP_LISTENERS_0_PORT","1")], &[("APP_LISTENERS_URL","1")]] { say::<C13>("C13", p); }
    println!("{}", C13::help()); println!("{}", C13::help().to_dotenv());
    for p in [&[][..], &[("APP_BACKOFF","5,6"),("APP_WORDS","a b c d"),("APP_WEIGHTS","a=1,b=2"),("APP_SECRET_KEY","short")], &[("APP_BACKOFF","5;x"),("APP_WORDS","[\"a\"]"),("APP_WEIGHTS","a=1|b"),("APP_SECRET_KEY","\"0123456789\"")]] { say::<C14>("C14", p); }
    valid::<C14>();
    for p in [&[][..], &[("APP_FROM","")], &[("APP_CPUS","0")], &[("APP_CPUS","3"),("APP_WORKERS","1")]] { say::<C15b>("C15", p); }
    valid::<C15b>();

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    std::fs::write(&path, "APP_HOST=h\nAPP_USER=u\nAPP_PASSWORD=\n").unwrap();
    for p in [&[][..], &[("APP_PASSWORD","p")], &[("APP_URL","u")]] {
        println!("--- layers {p:?}");
        match C10::loader().source(p).source(DotEnv::from_path(&path)).load() { Ok(l) => println!("OK {:?} {:?}", l.config, l.warnings.iter().map(|w| w.to_string()).collect::<Vec<_>>()), Err(e) => println!("{e}") }
    }
    let toml: toml::Value = toml::from_str("timeout = 30\nname = 'n'\ntags = ['a','b']\ntoken='t'\nwait = 5\nmany=[1, '2m']").unwrap();
    for p in [&[][..], &[("APP_TIMEOUT","x")]] {
        println!("--- toml {p:?}");
        match C8::loader().source(p).source(Document::from_serialize("config.toml", &toml)).load() { Ok(l) => println!("OK {:?} {:?}", l.config, l.warnings.iter().map(|w| w.to_string()).collect::<Vec<_>>()), Err(e) => println!("{e}") }
    }
}
