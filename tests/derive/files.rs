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
