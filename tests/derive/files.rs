//! Files that variables name.

use environ::{EnvConfig, Secret};

use crate::{load, problems};

#[derive(Debug, EnvConfig)]
struct Cfg {
    #[env(group)]
    key: Vec<Key>,
    #[env(group)]
    db: Option<Db>,
}

#[derive(Debug, EnvConfig)]
struct Key {
    token: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Db {
    password: Secret<String>,
    host: String,
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let err = Key::from_source([("APP_TOKEN_FILE", path)]).unwrap_err();
    let problem = err.problems().next().unwrap();
    assert_eq!(
        problem.to_string(),
        format!("APP_TOKEN_FILE: the file {path} is empty, which counts as not set")
    );
    assert_eq!(problem.code(), "empty");
    assert_eq!(
        problems::<Key>(&[("APP_TOKEN_FILE", "")]),
        "  APP_TOKEN_FILE  set to nothing, which counts as not set"
    );
}

/// `<(pass show token)`, or `/dev/stdin`.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_read_once() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    let pipe = || {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"hunter2").unwrap();
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
        (reader, path)
    };
    let (_reader, path) = pipe();
    let cfg = load::<Cfg>(&[("APP_KEY_0_TOKEN_FILE", &path)]);
    assert_eq!(cfg.key[0].token.expose(), "hunter2");
    assert!(cfg.db.is_none());

    let (_reader, path) = pipe();
    assert_eq!(
        problems::<Cfg>(&[("APP_DB_PASSWORD_FILE", &path)]),
        "  APP_DB_HOST  not set; required because APP_DB_PASSWORD_FILE is set"
    );
}

/// Opening a FIFO waits for its writer, and a device never ends.
#[cfg(unix)]
#[test]
fn a_file_of_another_kind_is_refused_at_once() {
    use environ::secrets::{DirSecrets, IniSecrets};
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let made = Command::new("mkfifo").arg(at("fifo")).status();
    assert!(made.unwrap().success());
    let _listener = UnixListener::bind(at("socket")).unwrap();
    std::fs::create_dir(at("directory")).unwrap();
    symlink(at("fifo"), at("link")).unwrap();
    let mut paths = vec!["/dev/zero".into(), "/dev/null".into()];
    paths.extend(["fifo", "socket", "directory", "link"].map(at));
    for path in paths {
        let shown = path.display();
        assert_eq!(
            problems::<Key>(&[("APP_TOKEN_FILE", path.to_str().unwrap())]),
            format!("  APP_TOKEN_FILE  cannot read {shown}: it is not a regular file")
        );
        let none: [(&str, &str); 0] = [];
        let ini = Key::loader()
            .source(none)
            .secrets(IniSecrets::from_path(&path));
        assert_eq!(
            ini.load().unwrap_err().problems().next().unwrap().message(),
            format!("cannot be read from the INI file {shown}: it is not a regular file")
        );
        symlink(&path, at("token")).unwrap();
        let stored = Key::loader()
            .source(none)
            .secrets(DirSecrets::from_path(dir.path()));
        assert_eq!(
            stored
                .load()
                .unwrap_err()
                .problems()
                .next()
                .unwrap()
                .message(),
            format!(
                "cannot be read from the files in {}: token: it is not a regular file",
                dir.path().display()
            )
        );
        std::fs::remove_file(at("token")).unwrap();
    }
}

/// Kubernetes mounts each key as a link through the directory `..data`, which is a link too.
#[cfg(unix)]
#[test]
fn files_that_kubernetes_mounts_are_read() {
    use std::os::unix::fs::symlink;

    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::create_dir(at("..2026")).unwrap();
    std::fs::write(at("..2026/token"), "hunter2").unwrap();
    symlink("..2026", at("..data")).unwrap();
    symlink("..data/token", at("token")).unwrap();
    let path = at("token");
    let cfg = load::<Key>(&[("APP_TOKEN_FILE", path.to_str().unwrap())]);
    assert_eq!(cfg.token.expose(), "hunter2");
}

/// `<(pass show token)` may ask a person first.
#[cfg(target_os = "linux")]
#[test]
fn the_writer_of_a_pipe_may_be_slow() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::thread::{sleep, spawn};
    use std::time::Duration;

    let (reader, mut writer) = std::io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    let writing = spawn(move || {
        for part in [b"hun", b"ter"] {
            sleep(Duration::from_millis(100));
            writer.write_all(part).unwrap();
        }
    });
    let cfg = load::<Key>(&[("APP_TOKEN_FILE", &path)]);
    assert_eq!(cfg.token.expose(), "hunter");
    writing.join().unwrap();
}

/// A writer that never closes its end must not hold the process.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_that_is_never_closed_is_given_up() {
    use std::os::fd::AsRawFd as _;

    let (reader, _writer) = std::io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    assert_eq!(
        problems::<Key>(&[("APP_TOKEN_FILE", &path)]),
        format!(
            "  APP_TOKEN_FILE  cannot read {path}: its writer has not closed the pipe within 5s"
        )
    );
}

#[derive(Debug, EnvConfig)]
struct Named {
    #[env(file, alias = "MOTD")]
    motd: Option<String>,
    #[env(file, deprecated = "OLD_HOST")]
    host: Option<String>,
    #[env(deprecated = "OLD_TOKEN")]
    token: Option<Secret<String>>,
}

/// Each name comes with its file before the next name.
#[test]
fn the_own_variable_comes_before_the_files_of_other_names() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "of the file").unwrap();
    let path = file.path().to_str().unwrap();

    let pairs = [("MOTD_FILE", path), ("APP_MOTD", "own")];
    let loaded = Named::loader().source(pairs).load().unwrap();
    assert_eq!(loaded.config.motd.as_deref(), Some("own"));
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["MOTD_FILE: not read, since APP_MOTD is set too"]);

    let other = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(other.path(), "own file").unwrap();
    let own = other.path().to_str().unwrap();
    let cfg = load::<Named>(&[("MOTD", "other"), ("APP_MOTD_FILE", own)]);
    assert_eq!(cfg.motd.as_deref(), Some("own file"));

    let old = [("OLD_HOST_FILE", path), ("OLD_TOKEN_FILE", path)];
    assert_eq!(
        problems::<Named>(&[old[0], old[1], ("APP_HOST", "own"), ("APP_TOKEN", "own")]),
        "  OLD_HOST_FILE   deprecated, and set to something else than APP_HOST; remove \
         OLD_HOST_FILE\n  OLD_TOKEN_FILE  deprecated, and set to something else than APP_TOKEN; \
         remove OLD_TOKEN_FILE"
    );
    let cfg = load::<Named>(&[old[0], ("APP_HOST", "of the file")]);
    assert!(cfg.token.is_none());
    assert_eq!(cfg.host.as_deref(), Some("of the file"));
}

#[test]
fn the_explanation_has_the_order_in_which_places_are_read() {
    let help = Named::help().width(200);
    let places = |name| {
        let page = help.explain(name).unwrap();
        let line = page
            .lines()
            .find_map(|line| line.strip_prefix("  Names     "));
        line.unwrap().to_owned()
    };
    assert_eq!(
        places("MOTD"),
        "APP_MOTD_FILE (the path of a file), or else APP_MOTD, or else MOTD_FILE (the path of a \
         file), or else MOTD"
    );
    assert_eq!(
        places("APP_TOKEN"),
        "`token` in a store of secrets, or else APP_TOKEN_FILE (the path of a file), or else \
         APP_TOKEN, or else OLD_TOKEN_FILE (deprecated, the path of a file), or else OLD_TOKEN \
         (deprecated)"
    );
}
