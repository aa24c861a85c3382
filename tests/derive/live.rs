//! Live values: the key `live`, and loads after the first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::future::Future as _;
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use environ::secrets::{DirSecrets, Found, Request, SecretStore, StoreError};
use environ::watch::{Applied, Reload, Watcher};
use environ::{DotEnv, EnvConfig, Live, Place, Secret, Source, Warning};
use tempfile::TempDir;

use crate::{load, problems};

/// Stands in files and must be in no output.
const CANARY: &str = "hunter2-canary";

/// A token and its limits.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "values that are not live are only shown")]
struct Service {
    /// Token of operators.
    #[env(live, validate = long_enough)]
    token: Live<Option<Secret<String>>>,
    /// Requests at a time.
    #[env(live, file, default = 100, range = 1..=1000)]
    max_requests: Live<u32>,
    /// Name of the service.
    #[env(file, default = "shop")]
    name: String,
    #[env(group)]
    db: Db,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "values that are not live are only shown")]
struct Db {
    #[env(live)]
    url: Live<Option<Secret<String>>>,
    pool: Option<Secret<String>>,
}

fn long_enough(token: &Secret<String>) -> Result<(), &'static str> {
    match token.expose().len() {
        ..8 => Err("it is too short"),
        _ => Ok(()),
    }
}

/// A directory of secrets, and a config that watches it.
struct Watched {
    dir: TempDir,
    config: Service,
    watcher: Watcher<'static, Service>,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, ())
    }

    fn with(files: &[(&str, &str)], env: impl Source + Send + Sync + 'static) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), files);
        let store = DirSecrets::from_path(dir.path());
        let loader = Service::loader().source(env).secrets(store);
        let (first, watcher) = loader.watch().unwrap();
        Self {
            dir,
            config: first.config,
            watcher,
        }
    }

    fn write(&self, files: &[(&str, &str)]) {
        write(self.dir.path(), files);
    }

    /// Loads now, and applies the update.
    fn apply(&mut self) -> Applied {
        self.watcher.ask();
        match self.watcher.poll(Instant::now()) {
            Some(Reload::Update(update)) => {
                let before = texts(update.warnings());
                let applied = update.apply();
                assert_eq!(texts(&applied.warnings), before);
                applied
            }
            reload => panic!("{reload:?}"),
        }
    }

    fn token(&self) -> Option<String> {
        let token = self.config.token.get();
        Option::as_ref(&token).map(|token| token.expose().clone())
    }
}

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(dir.join(name), text).unwrap();
    }
}

fn warnings(applied: &Applied) -> Vec<String> {
    texts(&applied.warnings)
}

fn texts(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_live_field_is_read_as_its_type_is() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "some fields are only shown")]
    struct Cfg {
        #[env(live)]
        port: Live<u16>,
        #[env(live, default = "a,b")]
        hosts: Live<Vec<String>>,
        #[env(live)]
        secret: Live<Secret<String>>,
        #[env(live)]
        none: Live<Option<u8>>,
        #[env(live, parse = str::parse::<u8>)]
        parsed: Live<u8>,
        #[env(live, json)]
        json: Live<Vec<u8>>,
        #[env(live, default)]
        empty: Live<Vec<u8>>,
        #[env(live, default_fn = seven)]
        seven: Live<u8>,
        #[env(default = "seven")]
        seven_text: String,
        #[env(live, default_from = "{seven_text}!")]
        from: Live<String>,
        #[env(live, present)]
        present: Live<bool>,
        #[env(live, unit = "m")]
        time: Live<Duration>,
        #[env(live, allow_empty, default = "30s")]
        pause: Live<Option<Duration>>,
        #[env(group)]
        groups: Vec<Group>,
        #[env(group)]
        by_name: BTreeMap<String, Group>,
    }
    #[derive(Debug, EnvConfig)]
    struct Group {
        #[env(live)]
        token: Live<Secret<String>>,
    }
    fn seven() -> u8 {
        7
    }
    let cfg: Cfg = load(&[
        ("APP_PORT", "80"),
        ("APP_SECRET", CANARY),
        ("APP_PARSED", "5"),
        ("APP_JSON", "[1,2]"),
        ("APP_PRESENT", ""),
        ("APP_TIME", "2"),
        ("APP_PAUSE", ""),
        ("APP_GROUPS_0_TOKEN", CANARY),
        ("APP_BY_NAME_EU_TOKEN", CANARY),
    ]);
    assert_eq!(*cfg.port.get(), 80);
    assert_eq!(*cfg.hosts.get(), ["a", "b"]);
    assert_eq!(*cfg.none.get(), None);
    assert_eq!((*cfg.parsed.get(), *cfg.seven.get()), (5, 7));
    assert_eq!(*cfg.json.get(), [1, 2]);
    assert_eq!(*cfg.from.get(), "seven!");
    assert!(*cfg.present.get());
    assert_eq!(*cfg.time.get(), Duration::from_mins(2));
    assert_eq!(*cfg.pause.get(), None);
    assert_eq!(cfg.by_name["eu"].token.get().expose(), CANARY);
    assert!(!format!("{cfg:?}").contains(CANARY), "{cfg:?}");
    assert_eq!(problems::<Group>(&[]), "  APP_TOKEN  not set");
}

#[test]
fn help_says_that_a_value_is_live() {
    let help = Service::help();
    let text = help.to_lines();
    assert!(
        text.contains(
            "APP_MAX_REQUESTS (Optional, Default=100): Requests at a time. From 1 to 1000. \
             Or a file: APP_MAX_REQUESTS_FILE. Takes effect without a restart."
        ),
        "{text}"
    );
    let explained = help.explain("APP_MAX_REQUESTS").unwrap();
    assert!(
        explained.contains("\n  Live      yes, a change needs no restart\n"),
        "{explained}"
    );
    let remark = "Takes effect without a restart.";
    for (format, text) in [
        ("text", text),
        ("markdown", help.to_markdown()),
        ("env", help.to_dotenv()),
        ("man", help.to_man()),
        ("json schema", help.to_json_schema()),
        ("env schema", help.to_env_schema()),
    ] {
        let text = text.replace("\n## ", " ").replace('\n', " ");
        assert_eq!(text.matches(remark).count(), 3, "{format}: {text}");
    }
    let json: serde_json::Value = serde_json::from_str(&help.to_json()).unwrap();
    let live = |index: usize| json["variables"][index]["live"].clone();
    assert_eq!([live(0), live(1)], [true, true]);
    assert!(live(2).is_null());
}

#[test]
fn a_file_that_changes_replaces_its_value_alone() {
    let mut watched = Watched::new(&[("token", "the-first"), ("db_url", "pg://one")]);
    let url = watched.config.db.url.get();
    watched.write(&[("token", "the-second")]);
    let mut follow = watched.config.token.follow();
    let applied = watched.apply();
    assert_eq!(applied.names, ["APP_TOKEN"]);
    assert_eq!(warnings(&applied), [""; 0]);
    assert_eq!(watched.token().as_deref(), Some("the-second"));
    assert!(std::sync::Arc::ptr_eq(&url, &watched.config.db.url.get()));
    assert!(follow.try_changed().is_some());
    assert!(follow.try_changed().is_none());
}

#[test]
fn all_problems_are_reported_and_nothing_is_replaced() {
    let mut watched = Watched::new(&[("token", "the-first"), ("limit", "10")]);
    watched.write(&[("token", "short"), ("db_url", "pg://new")]);
    fs::write(watched.dir.path().join("db_pool"), [0xff]).unwrap();
    watched.watcher.ask();
    let Some(Reload::Refused(err)) = watched.watcher.poll(Instant::now()) else {
        panic!("it is refused");
    };
    assert_eq!(err.problems().count(), 2, "{err}");
    assert!(err.to_string().contains("too short"), "{err}");
    assert!(!err.to_string().contains("pg://new"), "{err}");
    assert_eq!(watched.token().as_deref(), Some("the-first"));
    assert!(watched.config.db.url.get().is_none());
}

#[test]
fn a_refusal_is_reported_once_and_an_asked_load_each_time() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    watched.write(&[("token", "short")]);
    let refused = poll_for(&mut watched.watcher, Duration::from_secs(4));
    assert_eq!(
        refused,
        ["refused"],
        "repeated every second, and reported once"
    );
    watched.watcher.ask();
    assert_eq!(poll_for(&mut watched.watcher, Duration::ZERO), ["refused"]);
    watched.write(&[("token", "the-second")]);
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(1)),
        ["APP_TOKEN"]
    );
}

/// Polls for a time, applies updates, and returns a word for each reload.
fn poll_for(watcher: &mut Watcher<'static, Service>, time: Duration) -> Vec<String> {
    let (mut reloads, end) = (Vec::new(), Instant::now() + time);
    loop {
        match watcher.poll(Instant::now()) {
            Some(Reload::Update(update)) => reloads.push(update.apply().names.join(" ")),
            Some(Reload::Refused(_)) => reloads.push("refused".to_owned()),
            Some(_) => reloads.push("unchanged".to_owned()),
            None => {}
        }
        if Instant::now() >= end {
            return reloads;
        }
        thread::sleep(watcher.next_wait(Instant::now()).min(end - Instant::now()));
    }
}

#[test]
fn a_field_that_is_not_live_needs_a_restart() {
    let name = tempfile::NamedTempFile::new().unwrap();
    fs::write(&name, "shop").unwrap();
    let env = [("APP_NAME_FILE", name.path().to_str().unwrap().to_owned())];
    let mut watched = Watched::with(&[("token", "the-first"), ("db_pool", CANARY)], env);
    fs::write(&name, "bank").unwrap();
    watched.write(&[("token", "the-second"), ("db_pool", "another-canary")]);
    let expected = [
        "APP_DB_POOL: changed, and its field is not live: the new value needs a restart",
        "APP_NAME: changed, and its field is not live: the new value needs a restart",
    ];
    let applied = watched.apply();
    assert_eq!(applied.names, ["APP_TOKEN"]);
    assert_eq!(warnings(&applied), expected);
    assert_eq!(applied.warnings[0].code(), "needs_restart");
    assert_eq!(applied.origins.shown("APP_NAME"), Some("shop"), "in effect");
    // It is still so after the next change, and no change by itself.
    watched.watcher.ask();
    let reload = watched.watcher.poll(Instant::now());
    assert!(matches!(reload, Some(Reload::Unchanged)), "{reload:?}");
    watched.write(&[("token", "the-third")]);
    assert_eq!(warnings(&watched.apply()), expected);
    watched.write(&[("db_pool", CANARY)]);
    fs::write(&name, "shop").unwrap();
    assert_eq!(warnings(&watched.apply()), [""; 0]);
}

#[test]
fn an_update_that_is_dropped_changes_nothing_and_comes_again() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    watched.write(&[("token", "the-second")]);
    watched.watcher.ask();
    let Some(Reload::Update(update)) = watched.watcher.poll(Instant::now()) else {
        panic!("it is an update");
    };
    assert_eq!(update.names(), ["APP_TOKEN"]);
    let new = update.config().token.get();
    assert_eq!(Option::as_ref(&new).unwrap().expose(), "the-second");
    drop(update);
    assert_eq!(watched.token().as_deref(), Some("the-first"));
    let begun = Instant::now();
    let reloads = poll_for(&mut watched.watcher, Duration::from_secs(2));
    assert_eq!(reloads, ["APP_TOKEN"]);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(watched.token().as_deref(), Some("the-second"));
}

#[test]
fn every_way_to_replace_a_file_takes_effect_within_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let version = |number: u32| {
        fs::create_dir(path(&format!("..{number}"))).unwrap();
        write(
            &path(&format!("..{number}")),
            &[("token", &format!("version-{number}"))],
        );
        symlink(format!("..{number}"), path("..new")).unwrap();
        fs::rename(path("..new"), path("..data")).unwrap();
    };
    version(1);
    symlink("..data/token", path("token")).unwrap();
    let in_file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&in_file, "10").unwrap();
    let env = [(
        "APP_MAX_REQUESTS_FILE",
        in_file.path().to_str().unwrap().to_owned(),
    )];
    let store = DirSecrets::from_path(dir.path());
    let (loaded, watcher) = Service::loader()
        .source(env)
        .secrets(store)
        .watch()
        .unwrap();
    let config = loaded.config;
    let (ask, asked) = mpsc::channel();
    let thread = thread::spawn(move || {
        let mut names = Vec::new();
        watcher.run(&asked, |reload| match reload {
            Reload::Update(update) => names.extend(update.apply().names),
            reload => panic!("{reload:?}"),
        });
        names
    });
    let mut tokens = config.token.follow();
    let mut limits = config.max_requests.follow();
    let changes: [&dyn Fn(); 3] = [
        &|| version(2),
        &|| {
            fs::write(path(".new"), "a-rename").unwrap();
            fs::rename(path(".new"), path("token")).unwrap();
        },
        &|| fs::write(path("token"), "in-place").unwrap(),
    ];
    for (change, expected) in changes.iter().zip(["version-2", "a-rename", "in-place"]) {
        change();
        let new = tokens.wait(Duration::from_secs(1)).expect(expected);
        assert_eq!(Option::as_ref(&new).unwrap().expose(), expected);
    }
    fs::write(&in_file, "20").unwrap();
    assert_eq!(limits.wait(Duration::from_secs(1)).as_deref(), Some(&20));
    drop(ask);
    let expected = ["APP_TOKEN", "APP_TOKEN", "APP_TOKEN", "APP_MAX_REQUESTS"];
    assert_eq!(thread.join().unwrap(), expected);
    assert!(
        tokens.wait(Duration::from_mins(1)).is_none(),
        "the watcher is gone"
    );
}

#[test]
fn a_file_that_is_written_slowly_is_never_half_applied() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    let path = watched.dir.path().join("token");
    let writer = thread::spawn(move || {
        let mut file = fs::File::create(path).unwrap();
        for letter in b"a-long-token" {
            thread::sleep(Duration::from_millis(100));
            file.write_all(&[*letter]).unwrap();
        }
    });
    let reloads = poll_for(&mut watched.watcher, Duration::from_millis(2_500));
    writer.join().unwrap();
    assert_eq!(reloads, ["APP_TOKEN"]);
    assert_eq!(watched.token().as_deref(), Some("a-long-token"));
}

#[test]
fn an_empty_file_removes_a_value_only_if_it_stays_empty() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    watched.write(&[("token", "")]);
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(1)),
        [""; 0]
    );
    watched.write(&[("token", "the-second")]);
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(1)),
        ["APP_TOKEN"]
    );
    fs::remove_file(watched.dir.path().join("token")).unwrap();
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(1)),
        [""; 0]
    );
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(3)),
        ["APP_TOKEN"]
    );
    assert_eq!(watched.token(), None);
}

#[test]
fn a_file_that_was_empty_is_still_watched() {
    let name = tempfile::NamedTempFile::new().unwrap();
    let env = [("APP_TOKEN_FILE", name.path().to_str().unwrap().to_owned())];
    let mut watched = Watched::with(&[], env);
    assert_eq!(watched.token(), None);
    for token in ["the-first", "", "the-second"] {
        fs::write(&name, token).unwrap();
        let reloads = poll_for(&mut watched.watcher, Duration::from_secs(4));
        assert_eq!(reloads, ["APP_TOKEN"], "{token:?}");
        let now = watched.token().unwrap_or_default();
        assert_eq!(now, token);
    }
}

#[test]
fn a_change_that_is_undone_ends_the_refusal() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    watched.write(&[("token", "short")]);
    watched.watcher.ask();
    assert_eq!(poll_for(&mut watched.watcher, Duration::ZERO), ["refused"]);
    watched.write(&[("token", "the-first")]);
    let reloads = poll_for(&mut watched.watcher, Duration::from_secs(3));
    assert_eq!(reloads, ["unchanged"]);
    // Also if the caller has refused.
    watched.write(&[("token", "the-second")]);
    watched.watcher.ask();
    drop(watched.watcher.poll(Instant::now()));
    watched.write(&[("token", "the-first")]);
    let reloads = poll_for(&mut watched.watcher, Duration::from_secs(3));
    assert_eq!(reloads, ["unchanged"]);
}

#[test]
fn an_asked_load_without_a_change_says_so() {
    let mut watched = Watched::new(&[("token", "the-first")]);
    watched.watcher.ask();
    assert_eq!(watched.watcher.next_wait(Instant::now()), Duration::ZERO);
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::ZERO),
        ["unchanged"]
    );
    // A file that is written anew with the same text is no change.
    watched.write(&[("token", "the-first")]);
    assert_eq!(
        poll_for(&mut watched.watcher, Duration::from_secs(1)),
        [""; 0]
    );
}

#[test]
fn a_value_that_is_gone_has_an_origin_while_it_is_in_effect() {
    let mut watched = Watched::new(&[("token", "the-first"), ("db_pool", CANARY)]);
    for name in ["token", "db_pool"] {
        fs::remove_file(watched.dir.path().join(name)).unwrap();
    }
    let applied = watched.apply();
    assert_eq!(applied.names, ["APP_TOKEN"]);
    assert!(applied.origins.get("APP_TOKEN").is_none());
    let pool = applied.origins.get("APP_DB_POOL").unwrap();
    assert_eq!(pool.place(), Place::Store);
}

#[test]
fn the_origins_of_an_update_are_those_in_effect() {
    let mut watched = Watched::new(&[]);
    watched.write(&[("token", CANARY)]);
    let applied = watched.apply();
    let origin = applied.origins.get("APP_TOKEN").unwrap();
    assert_eq!(origin.place(), Place::Store);
    assert_eq!(applied.origins.shown("APP_TOKEN"), Some("[REDACTED]"));
    assert_eq!(
        applied.origins.get("APP_NAME").unwrap().place(),
        Place::Default
    );
}

#[test]
fn no_output_of_a_reload_shows_a_secret() {
    let mut watched = Watched::new(&[("token", CANARY), ("db_url", CANARY)]);
    let mut shown = format!("{:?} {:?}", watched.config, watched.watcher);
    for token in ["hunter3-canary", "can"] {
        watched.write(&[("token", token), ("db_pool", CANARY)]);
        watched.watcher.ask();
        match watched.watcher.poll(Instant::now()) {
            Some(Reload::Update(update)) => {
                write!(shown, "{update:?}").unwrap();
                let applied = update.apply();
                write!(shown, "{applied:?} {:?}", warnings(&applied)).unwrap();
            }
            reload => write!(shown, "{reload:?}").unwrap(),
        }
    }
    write!(shown, "{:?}", watched.config).unwrap();
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_group_that_appears_needs_a_restart() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        db: Option<Db>,
    }
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its presence is asked for")]
    struct Db {
        #[env(live)]
        url: Live<Secret<String>>,
    }
    let dir = tempfile::tempdir().unwrap();
    let store = DirSecrets::from_path(dir.path());
    let (loaded, mut watcher) = Cfg::loader().source(()).secrets(store).watch().unwrap();
    assert!(loaded.config.db.is_none());
    write(dir.path(), &[("db_url", "pg://db")]);
    watcher.ask();
    let Some(Reload::Update(update)) = watcher.poll(Instant::now()) else {
        panic!("it is an update");
    };
    let applied = update.apply();
    assert_eq!(applied.names, [""; 0]);
    let expected = "APP_DB_URL: changed, and its group appeared or disappeared: \
                    the new value needs a restart";
    assert_eq!(warnings(&applied), [expected]);
    assert!(applied.origins.get("APP_DB_URL").is_none());
}

#[test]
fn a_default_of_a_function_changes_with_the_fields_that_it_is_made_of() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "the groups are only an argument")]
    struct Cfg {
        #[env(file, default = 2)]
        cores: u16,
        #[env(group)]
        limits: Vec<Limit>,
        #[env(live, default_fn = workers(cores, limits))]
        workers: Live<u16>,
        #[env(live, default_fn = queue(workers))]
        queue: Live<u16>,
        #[env(live, default = 1)]
        other: Live<u16>,
    }
    #[derive(Debug, EnvConfig)]
    struct Limit {
        #[env(file)]
        most: u16,
    }
    fn workers(cores: &u16, limits: &[Limit]) -> u16 {
        limits.iter().fold(cores * 2, |sum, limit| sum + limit.most)
    }
    fn queue(workers: &Live<u16>) -> u16 {
        *workers.get() * 10
    }
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[("cores", "2"), ("most", "1")]);
    let path = |name: &str| dir.path().join(name).into_os_string();
    let pairs = [
        ("APP_CORES_FILE", path("cores")),
        ("APP_LIMITS_0_MOST_FILE", path("most")),
    ];
    let (loaded, mut watcher) = Cfg::loader().source(pairs).watch().unwrap();
    let mut after = |files: &[(&str, &str)]| {
        write(dir.path(), files);
        watcher.ask();
        match watcher.poll(Instant::now()) {
            Some(Reload::Update(update)) => update.apply().names,
            reload => panic!("{reload:?}"),
        }
    };
    let values = || (*loaded.config.workers.get(), *loaded.config.queue.get());
    assert_eq!((loaded.config.cores, *loaded.config.other.get()), (2, 1));
    assert_eq!(values(), (5, 50));
    assert_eq!(after(&[("cores", "4")]), ["APP_QUEUE", "APP_WORKERS"]);
    assert_eq!(values(), (9, 90));
    assert_eq!(after(&[("most", "3")]), ["APP_QUEUE", "APP_WORKERS"]);
    assert_eq!(values(), (11, 110));
}

/// A store of a user's own, which counts its versions and the looks at it.
#[derive(Default)]
struct Counting {
    version: AtomicU32,
    reads: AtomicU32,
}

impl SecretStore for Counting {
    fn name(&self) -> Cow<'_, str> {
        "the counting store".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let secret = format!("version-{}", self.version.load(Ordering::Relaxed));
        Ok((request.key() == "token").then(|| Secret::new(secret).into()))
    }

    fn version(&self, _: &dyn Source) -> Option<String> {
        Some(self.version.load(Ordering::Relaxed).to_string())
    }
}

#[test]
fn a_store_is_read_again_when_its_version_changes_and_only_then() {
    let store = std::sync::Arc::new(Counting::default());
    let loader = Service::loader().source(()).secrets(store.clone());
    let (first, mut watcher) = loader.watch().unwrap();
    let reads = store.reads.load(Ordering::Relaxed);
    assert_eq!(poll_for(&mut watcher, Duration::from_millis(700)), [""; 0]);
    assert_eq!(store.reads.load(Ordering::Relaxed), reads);
    store.version.store(1, Ordering::Relaxed);
    let reloads = poll_for(&mut watcher, Duration::from_secs(1));
    assert_eq!(reloads, ["APP_TOKEN"]);
    let token = first.config.token.get();
    assert_eq!(Option::as_ref(&token).unwrap().expose(), "version-1");
}

/// A store that changes right after the first look at its token.
#[derive(Default)]
struct Changing(Counting);

impl SecretStore for Changing {
    fn name(&self) -> Cow<'_, str> {
        "the changing store".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let found = self.0.get(request);
        if request.key() == "token" {
            self.0.version.store(1, Ordering::Relaxed);
        }
        found
    }

    fn version(&self, env: &dyn Source) -> Option<String> {
        self.0.version(env)
    }
}

/// Polls ten times, each at its time, and returns the names of the updates.
fn ten_polls(watcher: &mut Watcher<'static, Service>) -> Vec<String> {
    let mut now = Instant::now();
    let mut names = Vec::new();
    for _ in 0..10 {
        now += watcher.next_wait(now);
        match watcher.poll(now) {
            Some(Reload::Update(update)) => names.extend(update.apply().names),
            Some(reload) => panic!("{reload:?}"),
            None => {}
        }
    }
    names
}

#[test]
fn a_store_that_changes_during_the_first_load_is_read_again() {
    let loader = Service::loader().source(()).secrets(Changing::default());
    let (first, mut watcher) = loader.watch().unwrap();
    let token = || Option::as_ref(&first.config.token.get()).map(|it| it.expose().clone());
    assert_eq!(token().as_deref(), Some("version-0"));
    assert_eq!(ten_polls(&mut watcher), ["APP_TOKEN"]);
    assert_eq!(token().as_deref(), Some("version-1"));
}

/// A store that writes a file once, when it is asked for the last field.
struct Writing(PathBuf);

impl SecretStore for Writing {
    fn name(&self) -> Cow<'_, str> {
        "the writing store".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        if request.key() == "db_pool" && fs::read(&self.0).unwrap() != b"20" {
            fs::write(&self.0, "20").unwrap();
        }
        Ok(None)
    }
}

#[test]
fn a_file_that_changes_during_the_first_load_is_read_again() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, "10").unwrap();
    let path = file.path().to_owned();
    let env = [("APP_MAX_REQUESTS_FILE", path.to_str().unwrap().to_owned())];
    let loader = Service::loader().source(env).secrets(Writing(path));
    let (first, mut watcher) = loader.watch().unwrap();
    assert_eq!(*first.config.max_requests.get(), 10);
    assert_eq!(ten_polls(&mut watcher), ["APP_MAX_REQUESTS"]);
    assert_eq!(*first.config.max_requests.get(), 20);
}

#[test]
fn a_pipe_is_read_once() {
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(b"10").unwrap();
    drop(writer);
    let path = format!("/dev/fd/{}", reader.as_raw_fd());
    let loader = Service::loader().source([("APP_MAX_REQUESTS_FILE", path)]);
    let (first, mut watcher) = loader.watch().unwrap();
    assert_eq!(*first.config.max_requests.get(), 10);
    // A second read would find the end of the pipe.
    assert_eq!(ten_polls(&mut watcher), [""; 0]);
}

#[test]
fn a_follower_ends_with_its_watcher() {
    let watched = Watched::new(&[("token", "the-first")]);
    let mut follow = watched.config.token.follow();
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(follow.changed()).poll(&mut context).is_pending());
    drop(watched.watcher);
    let end = pin!(follow.changed()).poll(&mut context);
    assert!(matches!(end, Poll::Ready(None)));
}

#[test]
fn a_dotenv_file_is_watched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "APP_MAX_REQUESTS=10\n").unwrap();
    let loader = Service::loader().source(DotEnv::from_path(&path));
    let (first, mut watcher) = loader.watch().unwrap();
    fs::write(&path, "APP_MAX_REQUESTS=20\n").unwrap();
    let reloads = poll_for(&mut watcher, Duration::from_secs(1));
    assert_eq!(reloads, ["APP_MAX_REQUESTS"]);
    assert_eq!(*first.config.max_requests.get(), 20);
}

#[test]
fn a_watch_of_a_wrong_config_reports_every_problem() {
    let pairs = [("APP_MAX_REQUESTS", "0"), ("APP_TOKEN", "short")];
    let err = Service::loader().source(pairs).watch().unwrap_err();
    assert_eq!(err.problems().count(), 2, "{err}");
}

/// 20 files, as a Deployment has: a look is far below a thousandth of the time between two.
#[test]
fn a_look_costs_little() {
    let files: Vec<String> = (0..20).map(|number| format!("secret_{number}")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|name| (&**name, "text")).collect();
    let mut watched = Watched::new(&files);
    let mut now = Instant::now();
    let begun = Instant::now();
    for _ in 0..100 {
        now += watched.watcher.next_wait(now);
        assert!(watched.watcher.poll(now).is_none());
    }
    let look = begun.elapsed() / 100;
    assert!(look < Duration::from_millis(5), "{look:?}");
}

/// Variables of a Service are no reason for the group, and no value of the load.
#[test]
fn a_value_after_a_group_of_service_links_is_replaced() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        up: Option<Up>,
        #[env(live, file)]
        level: Live<String>,
    }
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "the group is absent")]
    struct Up {
        port: String,
        host: String,
    }
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[("level", "info")]);
    let links = [
        ("APP_UP_PORT", "tcp://10.0.0.1:80"),
        ("APP_UP_PORT_80_TCP", "tcp://10.0.0.1:80"),
        ("APP_UP_SERVICE_HOST", "10.0.0.1"),
        ("APP_UP_SERVICE_PORT", "80"),
    ];
    let mut vars = links
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec();
    let level = dir.path().join("level").display().to_string();
    vars.push(("APP_LEVEL_FILE".to_owned(), level));
    let (first, mut watcher) = Cfg::loader().source(vars).watch().unwrap();
    assert!(first.config.up.is_none());
    write(dir.path(), &[("level", "debug")]);
    watcher.ask();
    let Some(Reload::Update(update)) = watcher.poll(Instant::now()) else {
        panic!("the change is not found");
    };
    update.apply();
    assert_eq!(*first.config.level.get(), "debug");
}
