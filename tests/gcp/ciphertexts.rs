//! Secrets that Cloud KMS decrypts: a ciphertext in a variable, or in a file.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use environ::EnvConfig;
use environ::secrets::SecretStore;
use environ::secrets::gcp::{GcpClient, GcpConfig, GcpError, GcpErrorKind, GcpSecrets};
use serde_json::{Value, json};

use crate::cloud_server::Mode;
use crate::clouds::ids::AppConfig;
use crate::config;
use crate::fake::{FakeGcp, KEY, MACHINE, OTHER_KEY, TOKEN, encrypted, encrypted_as_base64, error};
use crate::hostile_server::{
    Answer, Hostile, MAX_TAKEN, Request, assert_harmless, harmful_texts, with_length,
};
use crate::logged::Logged;
use crate::nobody::nobody;

/// The configuration of a machine with the key; all servers are that server.
fn with_key(server: &FakeGcp) -> GcpConfig {
    let mut config = config(server);
    config.kms_key = Some(KEY.to_owned());
    config.kms_endpoint_url = Some(server.url());
    config
}

async fn client(server: &FakeGcp) -> GcpClient {
    with_key(server).client().await.unwrap()
}

/// A client with a Cloud KMS at another server.
async fn client_of_kms(metadata: &FakeGcp, url: &str) -> GcpClient {
    let mut config = with_key(metadata);
    config.kms_endpoint_url = Some(url.to_owned());
    config.timeout = Duration::from_secs(2);
    config.client().await.unwrap()
}

async fn fetch(client: &GcpClient, pairs: &[(&str, &str)]) -> Result<GcpSecrets, GcpError> {
    GcpSecrets::named_by_variables::<AppConfig>(client, &pairs).await
}

/// Returns why the URL of the database cannot be decrypted.
async fn refused(client: &GcpClient, ciphertext: &str) -> GcpError {
    let err = fetch(client, &[("APP_DB_URL_KMS", ciphertext)]).await;
    let err = err.unwrap_err();
    let shown = format!("{err} {err:?}").to_lowercase();
    assert!(!shown.contains("canary"), "{shown}");
    err
}

/// Returns the reason and the remedy of a failure, without their constant start.
fn reason(err: &GcpError) -> String {
    let shown = err.to_string();
    let start = format!("APP_DB_URL_KMS: cannot decrypt the secret with {KEY}: ");
    assert!(shown.starts_with(&start), "{shown}");
    shown[start.len()..].to_owned()
}

fn text_of(secrets: GcpSecrets, pairs: &[(&str, &str)]) -> String {
    let loaded = AppConfig::loader().source(pairs).secrets(secrets).load();
    loaded.unwrap().config.db.unwrap().url.into_exposed()
}

#[tokio::test]
async fn ciphertexts_ids_and_values_stand_beside_each_other() {
    let server = FakeGcp::start();
    server.put("token", "canary of the manager");
    let encrypted = |text: &str| encrypted_as_base64(KEY, text);
    let [url, session, user, shard] = [
        "canary of the URL",
        "canary of the session",
        "canary of a user",
        "canary of a shard",
    ]
    .map(encrypted);
    let pairs = [
        ("APP_DB_URL_KMS", &*url),
        ("SESSION_KEY_KMS", &session),
        ("API_TOKEN_SECRET_ID", "token"),
        ("APP_USER_0_PASSWORD", "canary of the environment"),
        ("APP_USER_1_PASSWORD_KMS", &user),
        ("APP_SHARD_WEST_URL_KMS", &shard),
    ];
    let secrets = fetch(&client(&server).await, &pairs).await.unwrap();
    let debug = format!("{secrets:?}");
    assert!(!debug.contains("canary"), "{debug}");
    let loaded = AppConfig::loader().source(pairs).secrets(secrets);
    let loaded = loaded.strict().load().unwrap();
    let config = loaded.config;
    assert_eq!(config.db.unwrap().url.expose(), "canary of the URL");
    assert_eq!(
        config.session_key.unwrap().expose(),
        "canary of the session"
    );
    assert_eq!(config.token.unwrap().expose(), "canary of the manager");
    let users = config.user.iter().map(|user| user.password.expose());
    assert_eq!(
        users.collect::<Vec<_>>(),
        ["canary of the environment", "canary of a user"]
    );
    assert_eq!(config.shard["west"].url.expose(), "canary of a shard");
    let origin = loaded.origins.get("APP_DB_URL").unwrap().to_string();
    assert_eq!(origin, "Google Secret Manager and Cloud KMS");
    assert_eq!(loaded.warnings, []);
    let logins = server.lines();
    let logins = logins.iter().filter(|line| line.ends_with("/token"));
    assert_eq!(logins.count(), 1);
}

/// No project is asked for, because the key names it.
#[tokio::test]
async fn a_request_has_the_ciphertext_and_its_checksum() {
    let server = FakeGcp::start();
    let ciphertext = encrypted_as_base64(KEY, "canary");
    let pairs = [("APP_DB_URL_KMS", &*ciphertext)];
    let secrets = fetch(&client(&server).await, &pairs).await.unwrap();
    assert_eq!(secrets.name(), "Cloud KMS");
    assert_eq!(text_of(secrets, &pairs), "canary");
    assert_eq!(
        server.lines(),
        [
            "GET /computeMetadata/v1/instance/service-accounts/default/token".to_owned(),
            format!("POST /v1/{KEY}:decrypt"),
        ]
    );
    let request = server.requests().pop().unwrap();
    assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(request.header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let crc32c = body["ciphertextCrc32c"].as_str().unwrap();
    assert!(crc32c.parse::<u32>().unwrap() > 0);
    assert_eq!(
        body,
        json!({"ciphertext": ciphertext, "ciphertextCrc32c": crc32c})
    );
}

#[tokio::test]
async fn base64_may_have_line_ends_and_a_file_may_have_the_bytes() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let dir = tempfile::tempdir().unwrap();
    let base64 = encrypted_as_base64(KEY, "canary of a long secret");
    let (first, rest) = base64.split_at(76);
    let wrapped = format!("{first}\n{rest}\n");
    let unpadded = base64.trim_end_matches('=');
    assert_ne!(unpadded, base64);
    for text in [&*base64, &wrapped, unpadded] {
        let pairs = [("APP_DB_URL_KMS", text)];
        let secrets = fetch(&client, &pairs).await.unwrap();
        assert_eq!(text_of(secrets, &pairs), "canary of a long secret");
    }
    let bytes = encrypted(KEY, b"canary of a long secret");
    for (name, contents) in [("bytes", &bytes), ("base64", &wrapped.into_bytes())] {
        let path = dir.path().join(name);
        fs::write(&path, contents).unwrap();
        let pairs = [("APP_DB_URL_KMS_FILE", path.to_str().unwrap())];
        let secrets = fetch(&client, &pairs).await.unwrap();
        assert_eq!(text_of(secrets, &pairs), "canary of a long secret");
    }
}

#[tokio::test]
async fn a_text_that_is_no_ciphertext_is_sent_nowhere() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    for text in ["postgres://app:canary@db/app", "canary!", "größe", " "] {
        let err = refused(&client, text).await;
        assert_eq!(err.kind(), GcpErrorKind::Undecryptable);
        assert_eq!(
            reason(&err),
            "the ciphertext is not base64; encrypt the secret with `gcloud kms encrypt` and that \
             key, and write the ciphertext as base64"
        );
        fs::write(&path, text).unwrap();
        let pairs = [("APP_DB_URL_KMS_FILE", path.to_str().unwrap())];
        let err = fetch(&client, &pairs).await.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::Undecryptable);
        assert!(!format!("{err} {err:?}").contains("canary"), "{err:?}");
    }
    for (path, reason) in [
        ("/dev/zero", "it is not a regular file"),
        (
            "/dev/does-not-exist",
            "No such file or directory (os error 2)",
        ),
    ] {
        let err = fetch(&client, &[("APP_DB_URL_KMS_FILE", path)]).await;
        let err = err.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::File);
        assert_eq!(
            err.to_string(),
            format!(
                "APP_DB_URL_KMS_FILE: cannot decrypt the secret with {KEY}: \
                 cannot use {path}: {reason}; check the path and the permissions of the file"
            )
        );
    }
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn two_variables_for_one_secret_are_an_error_that_names_both() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let ciphertext = encrypted_as_base64(KEY, "canary");
    let kms = ("APP_DB_URL_KMS", &*ciphertext);
    let file = ("APP_DB_URL_KMS_FILE", "/run/url");
    for (pairs, (first, other)) in [
        (
            [kms, ("APP_DB_URL", "canary")],
            ("APP_DB_URL_KMS", "APP_DB_URL"),
        ),
        (
            [kms, ("APP_DB_URL_FILE", "/run/url")],
            ("APP_DB_URL_KMS", "APP_DB_URL_FILE"),
        ),
        ([kms, file], ("APP_DB_URL_KMS", "APP_DB_URL_KMS_FILE")),
        (
            [kms, ("APP_DB_URL_SECRET_ID", "db")],
            ("APP_DB_URL_KMS", "APP_DB_URL_SECRET_ID"),
        ),
        (
            [file, ("APP_DB_URL", "canary")],
            ("APP_DB_URL_KMS_FILE", "APP_DB_URL"),
        ),
    ] {
        let err = fetch(&client, &pairs).await.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::Conflict);
        assert!(!err.kind().is_transient());
        assert_eq!(
            err.to_string(),
            format!("{first}: cannot read the secret: {other} is set, too; remove one of them")
        );
        assert!(!format!("{err:?}").contains("canary"));
    }
    assert_eq!(server.lines(), [""; 0]);
    // An empty variable is not set, and its name is right.
    for empty in ["APP_DB_URL", "APP_DB_URL_KMS_FILE", "APP_DB_URL_SECRET_ID"] {
        let pairs = [kms, (empty, "")];
        let secrets = fetch(&client, &pairs).await.unwrap();
        let load = AppConfig::loader().source(pairs).secrets(secrets);
        let loaded = load.strict().load().unwrap();
        assert_eq!(loaded.config.db.unwrap().url.expose(), "canary");
    }
}

#[tokio::test]
async fn without_a_key_the_remedy_names_the_variable() {
    let server = FakeGcp::start();
    let ciphertext = encrypted_as_base64(KEY, "canary");
    let mut config = with_key(&server);
    config.kms_key = None;
    let err = refused(&config.client().await.unwrap(), &ciphertext).await;
    assert_eq!(err.kind(), GcpErrorKind::NoKey);
    assert_eq!(
        err.to_string(),
        "APP_DB_URL_KMS: cannot decrypt the secret: no key is named; name the key (`KMS_KEY`), \
         such as projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my-key"
    );
    // A key that is set by code.
    for name in [
        format!("{KEY}/cryptoKeyVersions/1"),
        "../../secrets".to_owned(),
    ] {
        config.kms_key = Some(name);
        let err = refused(&config.client().await.unwrap(), &ciphertext).await;
        assert_eq!(err.kind(), GcpErrorKind::NoKey);
    }
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn each_refusal_of_the_key_has_a_kind_and_a_remedy() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let ciphertext = encrypted_as_base64(KEY, "canary");

    server.state().is_key_granted = false;
    let err = refused(&client, &ciphertext).await;
    assert_eq!(err.kind(), GcpErrorKind::KeyDenied);
    assert_eq!(
        reason(&err),
        format!(
            "Google denies it to {MACHINE} (403, PERMISSION_DENIED: Permission \
             'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource '{KEY}' (or it may not \
             exist).); check the key, and grant the role roles/cloudkms.cryptoKeyDecrypter on it"
        )
    );
    server.state().is_key_granted = true;

    for state in ["DISABLED", "DESTROYED", "DESTROY_SCHEDULED"] {
        server.state().key_state = state;
        let err = refused(&client, &ciphertext).await;
        assert_eq!(err.kind(), GcpErrorKind::KeyDisabled);
        assert_eq!(
            reason(&err),
            format!(
                "the version of the key is disabled or destroyed (400, FAILED_PRECONDITION: \
                 {KEY}/cryptoKeyVersions/1 is not enabled, current state is: {state}.); enable \
                 the version of the key, or encrypt the secret with another version"
            )
        );
    }
    server.state().key_state = "ENABLED";

    let err = refused(&client, &encrypted_as_base64(OTHER_KEY, "canary")).await;
    assert_eq!(err.kind(), GcpErrorKind::Undecryptable);
    assert_eq!(
        reason(&err),
        "it is no ciphertext of this key (400, INVALID_ARGUMENT: Decryption failed: verify that \
         'name' refers to the correct CryptoKey.); encrypt the secret with `gcloud kms encrypt` \
         and that key, and write the ciphertext as base64"
    );

    let mut disabled_api = error(403, "PERMISSION_DENIED", "It is disabled.");
    disabled_api["error"]["details"] = json!([{"reason": "SERVICE_DISABLED"}]);
    let crc32c = "The checksum in field ciphertext_crc32c did not match the data.";
    let cases = [
        (
            401,
            error(401, "UNAUTHENTICATED", "canary"),
            "login_denied",
            "the credentials are refused (401, UNAUTHENTICATED)",
        ),
        (
            403,
            disabled_api,
            "kms_disabled",
            "the Cloud KMS API is disabled (403, PERMISSION_DENIED: It is disabled.)",
        ),
        (
            404,
            error(404, "NOT_FOUND", "CryptoKey x not found."),
            "key_not_found",
            "the key is not there (404, NOT_FOUND: CryptoKey x not found.)",
        ),
        (
            400,
            error(400, "INVALID_ARGUMENT", crc32c),
            "corrupt",
            "the ciphertext was changed on its way (400, INVALID_ARGUMENT: \
             The checksum in field ciphertext_crc32c did not match the data.)",
        ),
        (
            429,
            error(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
            "throttled",
            "there were too many requests (429, RESOURCE_EXHAUSTED: Quota exceeded)",
        ),
        (
            503,
            json!("canary"),
            "unreachable",
            "the service fails (503)",
        ),
        (
            403,
            json!("canary"),
            "other",
            "the server is not Cloud KMS (403)",
        ),
    ];
    for (status, body, kind, because) in cases {
        server.state().mode = Mode::Refusing(status, body);
        let err = refused(&client, &ciphertext).await;
        assert_eq!(err.kind().name(), kind, "{err}");
        let remedy = err.kind().remedy();
        assert_eq!(reason(&err), format!("{because}; {remedy}"));
        let passing = ["corrupt", "throttled", "unreachable", "other"];
        assert_eq!(err.kind().is_transient(), passing.contains(&kind), "{kind}");
    }
}

#[tokio::test]
async fn a_key_of_another_project_is_denied_and_an_unknown_key_is_not_found() {
    let server = FakeGcp::start();
    let ciphertext = encrypted_as_base64(KEY, "canary");
    for (key, kind) in [
        (KEY.replace("my-project", "other"), GcpErrorKind::KeyDenied),
        (format!("{KEY}s"), GcpErrorKind::KeyNotFound),
        (OTHER_KEY.to_owned(), GcpErrorKind::Undecryptable),
    ] {
        let mut config = with_key(&server);
        config.kms_key = Some(key.clone());
        let err = refused(&config.client().await.unwrap(), &ciphertext).await;
        assert_eq!(err.kind(), kind);
        let failure = err.failures().next().unwrap();
        let named = (failure.variable(), failure.secret_id());
        assert_eq!(named, (Some("APP_DB_URL_KMS"), &*key));
    }
}

#[tokio::test]
async fn a_plaintext_whose_checksum_differs_or_is_missing_is_not_used() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let ciphertext = encrypted_as_base64(KEY, "canary");
    for sum in [
        json!("1"),
        json!(1),
        json!("-1"),
        json!("canary"),
        json!({}),
        json!(null),
    ] {
        let answer = json!({"plaintext": "Y2FuYXJ5", "plaintextCrc32c": sum});
        server.state().mode = Mode::Refusing(200, answer);
        let err = refused(&client, &ciphertext).await;
        assert_eq!(err.kind(), GcpErrorKind::Corrupt);
        assert!(err.kind().is_transient());
        assert_eq!(
            reason(&err),
            "the checksum (CRC32C) of the plaintext differs, or is missing; try again; check \
             proxies on the way"
        );
    }
    for answer in [
        json!({}),
        json!({"plaintext": 7, "plaintextCrc32c": "0"}),
        json!({"plaintext": "canary!", "plaintextCrc32c": "0"}),
        json!({"payload": {"data": "e30="}}),
    ] {
        server.state().mode = Mode::Refusing(200, answer);
        let err = refused(&client, &ciphertext).await;
        assert_eq!(err.kind(), GcpErrorKind::Other);
        let because = "the server is not Cloud KMS (200); check the name and the endpoint";
        assert_eq!(reason(&err), because);
    }
    server.state().mode = Mode::Up;
    let pairs = [("APP_DB_URL_KMS", &*ciphertext)];
    let secrets = fetch(&client, &pairs).await.unwrap();
    assert_eq!(text_of(secrets, &pairs), "canary");
}

#[tokio::test]
async fn a_plaintext_is_text_and_may_be_empty() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let bytes = encrypted(KEY, &[0xff, 0xfe]);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let pairs = [("APP_DB_URL_KMS_FILE", file.path().to_str().unwrap())];
    let err = fetch(&client, &pairs).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::Undecryptable);
    assert!(err.to_string().contains("it decrypts to bytes, not text; "));
    // As an empty variable, an empty secret is not set.
    let empty = encrypted_as_base64(KEY, "");
    let pairs = [("API_TOKEN_KMS", &*empty)];
    let secrets = fetch(&client, &pairs).await.unwrap();
    let loaded = AppConfig::loader().source(pairs).secrets(secrets).load();
    assert!(loaded.unwrap().config.token.is_none());
}

#[tokio::test]
async fn all_that_fails_is_reported_at_once() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let other = encrypted_as_base64(OTHER_KEY, "canary");
    let right = encrypted_as_base64(KEY, "canary");
    let pairs = [
        ("APP_DB_URL_KMS", &*other),
        ("APP_SESSION_KEY_SECRET_ID", "nowhere"),
        ("API_TOKEN_KMS", &right),
        ("APP_USER_0_PASSWORD_KMS", "canary!"),
    ];
    let err = fetch(&client, &pairs).await.unwrap_err();
    let shown = err.to_string();
    assert!(
        shown.starts_with("3 secrets cannot be read:\n  APP_DB_URL_KMS: "),
        "{shown}"
    );
    let failures = err.failures().map(|failure| failure.variable().unwrap());
    assert_eq!(
        failures.collect::<Vec<_>>(),
        [
            "APP_DB_URL_KMS",
            "APP_SESSION_KEY_SECRET_ID",
            "APP_USER_0_PASSWORD_KMS"
        ]
    );
    assert!(!format!("{err} {err:?}").contains("canary"));
}

/// The environment of a process never changes, and a mounted file does.
#[tokio::test]
async fn a_ciphertext_is_decrypted_once_and_another_one_anew() {
    let server = FakeGcp::start();
    let mut config = with_key(&server);
    config.timeout = Duration::from_millis(300);
    let client = config.client().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let write = |text: &str| fs::write(file.path(), encrypted(KEY, text.as_bytes())).unwrap();
    let pairs = [("APP_DB_URL_KMS_FILE", file.path().to_str().unwrap())];
    let fetch = async || fetch(&client, &pairs).await;
    let decrypted = || {
        server
            .lines()
            .iter()
            .filter(|line| line.ends_with(":decrypt"))
            .count()
    };
    write("first");
    let first = fetch().await.unwrap();
    server.state().mode = Mode::Hanging;
    let again = fetch().await.unwrap();
    assert_eq!(again.version(&()), first.version(&()));
    assert_eq!(text_of(again, &pairs), "first");
    assert_eq!(decrypted(), 1);

    write("second");
    assert_eq!(fetch().await.unwrap_err().kind(), GcpErrorKind::Unreachable);
    server.state().mode = Mode::Up;
    let second = fetch().await.unwrap();
    assert_ne!(second.version(&()), first.version(&()));
    assert_eq!(text_of(second, &pairs), "second");
    assert_eq!(decrypted(), 3);
    assert_eq!(text_of(fetch().await.unwrap(), &pairs), "second");
    assert_eq!(decrypted(), 3);
    // Only the last plaintext is kept.
    write("first");
    assert_eq!(text_of(fetch().await.unwrap(), &pairs), "first");
    assert_eq!(decrypted(), 4);
}

#[tokio::test]
async fn a_kms_that_is_away_or_does_not_answer_is_unreachable() {
    let server = FakeGcp::start();
    let ciphertext = encrypted_as_base64(KEY, "canary");
    let (_bound, away) = nobody();
    let away = format!("http://{away}");
    let silent = Hostile::start(|_: &Request, _: Answer| thread::sleep(Duration::from_secs(9)));
    let cases = [
        (
            &*away,
            format!("{away} cannot be reached: Connection refused (os error 111)"),
        ),
        (
            silent.url(),
            format!("{} does not answer in time", silent.url()),
        ),
    ];
    for (url, because) in cases {
        let start = Instant::now();
        let err = refused(&client_of_kms(&server, url).await, &ciphertext).await;
        assert!(start.elapsed() < Duration::from_secs(4));
        assert_eq!(err.kind(), GcpErrorKind::Unreachable);
        assert_eq!(
            reason(&err),
            format!("{because}; check the endpoint and the network")
        );
    }
}

#[tokio::test]
async fn an_answer_of_10_gb_is_cut_off_and_a_redirect_is_not_followed() {
    let google = FakeGcp::start();
    let ciphertext = encrypted_as_base64(KEY, "canary");
    for head in [
        "HTTP/1.1 200 x\r\ncontent-length: 10737418240\r\n\r\n",
        "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 400 x\r\n\r\n",
    ] {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(head.as_bytes());
            let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
            answer.send_without_end(chunk.as_bytes());
        });
        let err = refused(&client_of_kms(&google, server.url()).await, &ciphertext).await;
        assert_eq!(err.kind(), GcpErrorKind::TooLarge, "{head}");
        assert!(server.sent() < MAX_TAKEN, "{head}: {}", server.sent());
    }
    let elsewhere = Hostile::saying(200, "{}");
    let location = elsewhere.url().to_owned();
    let server = Hostile::start(move |_: &Request, mut answer: Answer| {
        let head = format!("HTTP/1.1 307 x\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        answer.send(head.as_bytes());
    });
    let err = refused(&client_of_kms(&google, server.url()).await, &ciphertext).await;
    assert_eq!(err.kind(), GcpErrorKind::Other);
    assert_eq!(elsewhere.connections(), 0);
}

/// Neither the token nor a text that was sent as a ciphertext may be quoted.
#[tokio::test]
async fn a_refusal_is_one_short_line_without_secrets() {
    let google = FakeGcp::start();
    let mistaken = "Y2FuYXJ5LWFzLWJhc2U2NA";
    for said in harmful_texts(TOKEN) {
        for status in [200, 400, 403, 500] {
            let body = error(status, &said, &said).to_string();
            let server = Hostile::saying(status, &body);
            let client = client_of_kms(&google, server.url()).await;
            let err = fetch(&client, &[("APP_DB_URL_KMS", mistaken)]).await;
            let err = err.unwrap_err();
            assert_harmless(&err.to_string());
            assert_harmless(&format!("{err:?}"));
        }
    }
    let quoting = format!("Base64 decoding failed for \"{mistaken}\"");
    let body = error(400, "INVALID_ARGUMENT", &quoting).to_string();
    let server = Hostile::start(move |_: &Request, mut answer: Answer| {
        answer.send(&with_length(400, body.as_bytes()));
    });
    let err = refused(&client_of_kms(&google, server.url()).await, mistaken).await;
    assert!(!err.to_string().contains(mistaken), "{err}");
}

#[tokio::test]
async fn nothing_that_is_secret_is_logged_at_any_level() {
    let logged = Logged::from_now_on();
    let server = FakeGcp::start();
    let client = client(&server).await;
    let ciphertext = encrypted_as_base64(KEY, "canary");
    fetch(&client, &[("APP_DB_URL_KMS", &ciphertext)])
        .await
        .unwrap();
    server.state().mode = Mode::Refusing(400, error(400, "INVALID_ARGUMENT", "canary"));
    let other = encrypted_as_base64(OTHER_KEY, "canary");
    let err = fetch(&client, &[("APP_DB_URL_KMS", &other)]).await;
    assert_eq!(err.unwrap_err().kind(), GcpErrorKind::Undecryptable);
    let lines = logged.text();
    assert!(!lines.to_lowercase().contains("canary"), "{lines}");
}

#[test]
fn a_ciphertext_that_no_store_decrypts_is_told_apart() {
    let pairs = [
        ("APP_DB_URL", "canary"),
        ("APP_PORT_KMS", "CiQA"),
        ("APP_SESSION_KEY_KMS", "CiQA"),
        ("APP_SESION_KEY_KMS", "CiQA"),
    ];
    let loaded = AppConfig::loader().source(pairs).warn_unknown().load();
    let warnings = loaded.unwrap().warnings;
    let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    let unread = [
        "APP_PORT_KMS: set, but APP_PORT is no secret, so that no store decrypts it; \
         set APP_PORT itself",
        "APP_SESSION_KEY_KMS: set, but no store decrypts it; use Google's store with a key of \
         Cloud KMS, or remove it",
    ];
    for warning in unread {
        assert!(warnings.iter().any(|it| it == warning), "{warnings:#?}");
    }
}

/// Without a key, nothing is sent to Cloud KMS.
#[test]
fn each_service_in_plaintext_needs_no_certificates() {
    let test = "ciphertexts::each_service_in_plaintext_needs_no_certificates";
    crate::tls::without_roots(test, async {
        let (plain, tls) = (Some("http://127.0.0.1:1"), Some("https://127.0.0.1:1"));
        for (endpoint, key, kms_endpoint, is_plaintext) in [
            (plain, None, None, true),
            (plain, None, tls, true),
            (plain, Some(KEY), plain, true),
            (plain, Some(KEY), tls, false),
            (plain, Some(KEY), None, false),
            (tls, None, plain, false),
            (tls, Some(KEY), plain, false),
            (None, Some(KEY), plain, false),
            (None, None, None, false),
        ] {
            let mut config = GcpConfig::new();
            config.endpoint_url = endpoint.map(str::to_owned);
            config.kms_key = key.map(str::to_owned);
            config.kms_endpoint_url = kms_endpoint.map(str::to_owned);
            let kind = config.client().await.err().map(|err| err.kind());
            let expected = (!is_plaintext).then_some(GcpErrorKind::Untrusted);
            assert_eq!(kind, expected, "{config:?}");
        }
    });
}

/// No server is asked.
#[tokio::test]
async fn a_check_finds_a_text_that_is_no_ciphertext() {
    let server = FakeGcp::start();
    let right = encrypted_as_base64(KEY, "canary");
    let with_key = with_key(&server);
    let check = async |pair| {
        let checked = with_key.check::<AppConfig>(&[pair]).await;
        checked.map_err(|err| err.kind())
    };
    assert_eq!(check(("APP_DB_URL_KMS", &*right)).await, Ok(()));
    assert_eq!(check(("API_TOKEN_SECRET_ID", "token")).await, Ok(()));
    let checked = check(("APP_DB_URL_KMS", "canary!")).await;
    assert_eq!(checked, Err(GcpErrorKind::Undecryptable));
    let checked = check(("API_TOKEN_SECRET_ID", "a token")).await;
    assert_eq!(checked, Err(GcpErrorKind::NotFound));
    assert_eq!(server.lines(), [""; 0]);
}
