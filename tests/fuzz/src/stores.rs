//! Answers of secret stores: files, a Vault's documents and leases, AWS's secrets.
//!
//! An input is a letter, then bytes: `f`, `d` and `i` for a file that a variable names,
//! a file of a directory and an INI file; `a` and `A` for answers of AWS and the text of
//! a secret there; `t`, `u` and `w` for answers of a Vault to a service that logs in with
//! a token, a password or a wrapped secret id. Answers have a zero byte between them,
//! and each begins with the three digits of its status.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use std::{fs, thread};

use aws_sdk_secretsmanager::config::http::{HttpRequest, HttpResponse};
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_types::body::SdkBody;
use environ::secrets::aws::{AwsClient, AwsSecrets};
use environ::secrets::vault::{Vault, VaultConfig};
use environ::secrets::{DirSecrets, IniSecrets};
use environ::{EnvConfig, Loader, Secret};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::shown::{self, PASSWORD};

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Config {
    #[env(group)]
    db: Db,
    pin: Option<Secret<u16>>,
    ttl: Option<Secret<Duration>>,
    list: Option<Secret<Vec<u8>>>,
    #[env(json)]
    json: Option<Secret<Vec<String>>>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Db {
    url: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Bootstrap {
    #[env(group)]
    vault: VaultConfig,
}

const KEYS: [&str; 5] = ["db_url", "pin", "ttl", "list", "json"];
const NONE: [(&str, &str); 0] = [];

/// How long a Vault that does not answer is waited for.
const TIMEOUT: &str = "200ms";

pub(crate) fn fuzz(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    match kind {
        b'f' => WORLD.with_borrow(|world| file(world.files.path(), bytes)),
        b'd' => WORLD.with_borrow(|world| directory(world.files.path(), bytes)),
        b'i' => WORLD.with_borrow(|world| ini(world.files.path(), bytes)),
        b'a' => WORLD.with_borrow(|world| aws(world, answers(bytes))),
        b'A' => {
            let text = json!({"Name": "app", "SecretString": String::from_utf8_lossy(bytes)});
            let answer = (200, text.to_string().into_bytes());
            WORLD.with_borrow(|world| aws(world, VecDeque::from([answer])));
        }
        b't' | b'u' | b'w' => WORLD.with_borrow(|world| vault(world, *kind, answers(bytes))),
        _ => {}
    }
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

struct World {
    files: TempDir,
    runtime: Runtime,
    server: FakeServer,
}

impl World {
    fn new() -> Self {
        let files = tempfile::tempdir().expect("there is room for files");
        fs::write(files.path().join("login"), PASSWORD).expect("there is room for a file");
        let mount = files.path().join("mount");
        fs::create_dir(&mount).expect("there is room for a directory");
        for key in KEYS {
            symlink("../file", mount.join(key)).expect("there is room for a link");
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        Self {
            files,
            runtime: runtime.expect("a runtime starts"),
            server: FakeServer::start(),
        }
    }
}

fn file(dir: &Path, text: &[u8]) {
    let path = dir.join("file");
    fs::write(&path, text).expect("there is room for a file");
    let path = path.to_str().expect("the path is UTF-8");
    let pairs = KEYS.map(|key| (format!("APP_{}_FILE", key.to_uppercase()), path));
    load(&Config::loader().source(pairs));
}

fn directory(dir: &Path, text: &[u8]) {
    fs::write(dir.join("file"), text).expect("there is room for a file");
    load(
        &Config::loader()
            .source(NONE)
            .secrets(DirSecrets::from_path(dir.join("mount"))),
    );
}

fn ini(dir: &Path, text: &[u8]) {
    let path = dir.join("secrets.ini");
    fs::write(&path, text).expect("there is room for a file");
    load(
        &Config::loader()
            .source(NONE)
            .secrets(IniSecrets::from_path(path)),
    );
}

fn load(configured: &Loader<'_, Config>) {
    let loaded = configured.load();
    shown::assert_load(&loaded);
    if let Ok(loaded) = loaded {
        shown::assert_secret_is_hidden(&format!("{loaded:?}"));
    }
}

type Answers = VecDeque<(u16, Vec<u8>)>;

fn answers(bytes: &[u8]) -> Answers {
    let answers = bytes.split(|byte| *byte == 0);
    let answers = answers.map(|answer| {
        let (status, body) = answer.split_at(answer.len().min(3));
        let status = str::from_utf8(status)
            .ok()
            .and_then(|status| status.parse().ok());
        let status = status.filter(|status| (200..600).contains(status));
        (status.unwrap_or(200), body.to_vec())
    });
    answers.collect()
}

fn aws(world: &World, answers: Answers) {
    // AWS never gets the password, so a refusal cannot quote it.
    let quotes = |(status, body): &(u16, Vec<u8>)| *status >= 300 && shown::holds_password(body);
    if answers.iter().any(quotes) {
        return;
    }
    let connector = SharedHttpConnector::new(Answering(Mutex::new(answers)));
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKID", PASSWORD, None, None, "fuzz"))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    let client = AwsClient::from_conf(config);
    let secrets = AwsSecrets::document(&client, "prod/app");
    match world.runtime.block_on(secrets) {
        Ok(secrets) => {
            shown::assert_secret_is_hidden(&format!("{secrets:?}"));
            load(&Config::loader().source(NONE).secrets(secrets));
        }
        Err(err) => shown::assert_error(&err),
    }
}

#[derive(Debug)]
struct Answering(Mutex<Answers>);

impl HttpConnector for Answering {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let mut answers = self.0.lock().expect("nobody panics");
        let (status, body) = answers.pop_front().unwrap_or((404, Vec::new()));
        let status = status.try_into().expect("it is between 200 and 600");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
    }
}

fn vault(world: &World, auth: u8, answers: Answers) {
    *world.server.answers.lock().expect("nobody panics") = answers;
    let login = world.files.path().join("login");
    let login = login.to_str().expect("the path is UTF-8");
    let mut pairs = vec![
        ("APP_VAULT_ADDR", world.server.url.as_str()),
        ("APP_VAULT_TIMEOUT", TIMEOUT),
    ];
    match auth {
        b't' => pairs.extend([
            ("APP_VAULT_AUTH", "token"),
            ("APP_VAULT_AUTH_TOKEN_FILE", login),
        ]),
        b'u' => pairs.extend([
            ("APP_VAULT_AUTH", "userpass"),
            ("APP_VAULT_AUTH_USERPASS_USERNAME", "me"),
            ("APP_VAULT_AUTH_USERPASS_PASSWORD_FILE", login),
        ]),
        _ => pairs.extend([
            ("APP_VAULT_AUTH", "approle"),
            ("APP_VAULT_AUTH_APPROLE_ROLE_ID", "app"),
            ("APP_VAULT_AUTH_APPROLE_SECRET_ID_FILE", login),
            ("APP_VAULT_AUTH_APPROLE_WRAPPED", "true"),
        ]),
    }
    let config = Bootstrap::from_source(&pairs)
        .expect("the config is right")
        .vault;
    world.runtime.block_on(ask(&config));
}

/// Asks once for each kind of thing that a Vault has.
async fn ask(config: &VaultConfig) {
    let vault = match Vault::connect(config).await {
        Ok(vault) => vault,
        Err(err) => return shown::assert_error(&err),
    };
    for document in [
        vault.kv2("secret", "app").await,
        vault.kv1("kv", "app").await,
    ] {
        match document {
            Ok(secrets) => load(&Config::loader().source(NONE).secrets(secrets)),
            Err(err) => shown::assert_error(&err),
        }
    }
    match vault.credentials("database", "app").await {
        Ok(credentials) => {
            shown::assert_secret_is_hidden(&format!("{:?}", credentials.status()));
            if let Err(err) = credentials.revoke_all().await {
                shown::assert_error(&err);
            }
        }
        Err(err) => shown::assert_error(&err),
    }
    if let Err(err) = vault.close().await {
        shown::assert_error(&err);
    }
}

/// A server on a socket that gives the answers in their order, to any request.
struct FakeServer {
    url: String,
    answers: Arc<Mutex<Answers>>,
}

impl FakeServer {
    fn start() -> Self {
        static ANSWERS: OnceLock<Arc<Mutex<Answers>>> = OnceLock::new();
        let answers = ANSWERS.get_or_init(Arc::default);
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let served = Arc::clone(answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // The client that went away is no fault.
                let _ = serve(stream, &served);
            }
        });
        Self {
            url: format!("http://{address}"),
            answers: Arc::clone(answers),
        }
    }
}

/// Answers the requests of one connection, of which there is one at a time.
fn serve(stream: TcpStream, answers: &Mutex<Answers>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;
        let answer = answers.lock().expect("nobody panics").pop_front();
        let (status, body) = answer.unwrap_or((404, Vec::new()));
        // These have no body.
        if status == 204 || status == 304 {
            write!(reader.get_mut(), "HTTP/1.1 {status} x\r\n\r\n")?;
            continue;
        }
        let length = body.len();
        let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n\r\n");
        reader
            .get_mut()
            .write_all(&[head.as_bytes(), &body].concat())?;
    }
}
