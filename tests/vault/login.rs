use std::fs;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use environ::EnvConfig;
use environ::secrets::vault::{Vault, VaultErrorKind};
use serde_json::json;

use crate::fake::FakeVault;
use crate::{Config, config};

#[tokio::test]
async fn each_method_sends_what_its_files_hold() {
    for (pairs, call, body) in [
        (
            vec![
                ("VAULT_AUTH", "approle"),
                ("VAULT_AUTH_APPROLE_ROLE_ID", "r"),
                ("VAULT_AUTH_APPROLE_SECRET_ID_FILE", "@secret"),
            ],
            "POST auth/approle/login",
            json!({"role_id": "r", "secret_id": "from a file "}),
        ),
        (
            vec![
                ("VAULT_AUTH", "kubernetes"),
                ("VAULT_AUTH_KUBERNETES_ROLE", "r"),
                ("VAULT_AUTH_KUBERNETES_MOUNT", "cluster/two"),
                ("VAULT_AUTH_KUBERNETES_JWT_FILE", "@secret"),
            ],
            "POST auth/cluster/two/login",
            json!({"role": "r", "jwt": "from a file "}),
        ),
        (
            vec![
                ("VAULT_AUTH", "userpass"),
                ("VAULT_AUTH_USERPASS_USERNAME", "alice"),
                ("VAULT_AUTH_USERPASS_PASSWORD_FILE", "@secret"),
            ],
            "POST auth/userpass/login/alice",
            json!({"password": "from a file "}),
        ),
    ] {
        let vault = FakeVault::start();
        vault.write("secret", "from a file \n");
        Vault::connect(&config(&vault, &pairs)).await.unwrap();
        let received = vault.state().received.clone();
        assert_eq!(vault.calls(), [call]);
        let sent: serde_json::Value = serde_json::from_str(&received[0].body).unwrap();
        assert_eq!(sent, body);
        assert_eq!(received[0].headers.get("x-vault-token"), None);
    }
}

#[tokio::test]
async fn a_token_in_a_file_is_used_and_never_revoked() {
    let vault = FakeVault::start();
    let token = vault.issue_token();
    vault.write("token", &format!("{token}\n"));
    let pairs = [
        ("VAULT_AUTH", "token"),
        ("VAULT_AUTH_TOKEN_FILE", "@token"),
        ("VAULT_NAMESPACE", "team/one"),
    ];
    let connected = Vault::connect(&config(&vault, &pairs)).await.unwrap();
    connected.close().await.unwrap();
    assert_eq!(vault.calls(), ["GET auth/token/lookup-self"]);
    let headers = vault.state().received[0].headers.clone();
    assert_eq!(headers.get("x-vault-token"), Some(&token));
    assert_eq!(headers.get("x-vault-namespace").unwrap(), "team/one");
}

pub(crate) const WRAPPED: &[(&str, &str)] = &[
    ("VAULT_AUTH", "approle"),
    ("VAULT_AUTH_APPROLE_ROLE_ID", "r"),
    ("VAULT_AUTH_APPROLE_SECRET_ID_FILE", "@wrapping"),
    ("VAULT_AUTH_APPROLE_WRAPPED", "true"),
];

/// A wrapped secret can be unwrapped once; later logins remember the secret.
#[tokio::test]
async fn a_wrapped_secret_id_is_unwrapped_once() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 1;
    let secret_id = json!({"secret_id": "canary"});
    let wrapping = vault.wrap("auth/approle/role/app/secret-id", secret_id);
    vault.write("wrapping", &wrapping);
    let connected = Vault::connect(&config(&vault, WRAPPED)).await.unwrap();
    assert_eq!(
        vault.calls(),
        [
            "POST sys/wrapping/lookup",
            "POST sys/wrapping/unwrap",
            "POST auth/approle/login"
        ]
    );
    vault.revoke_tokens();
    connected.token().suspect();
    crate::eventually("a second login", || {
        vault.count("POST auth/approle/login") == 2
    })
    .await;
    assert_eq!(vault.count("POST sys/wrapping/unwrap"), 1);
}

#[tokio::test]
async fn a_wrapping_that_somebody_else_opened_or_made_is_refused() {
    let vault = FakeVault::start();
    vault.write("wrapping", "hvs.spent.canary");
    let err = Vault::connect(&config(&vault, WRAPPED)).await.unwrap_err();
    let path = vault.path("wrapping");
    assert_eq!(
        err.to_string(),
        format!(
            "cannot unwrap the secret id in {}: its wrapping token was used or has expired; if \
             no program of yours used it, the secret id is stolen: destroy the secret id, and \
             issue another; check the login, and the policies of its role",
            path.display()
        )
    );

    let wrapping = vault.wrap("cubbyhole/mine", json!({"secret_id": "canary"}));
    vault.write("wrapping", &wrapping);
    let err = Vault::connect(&config(&vault, WRAPPED)).await.unwrap_err();
    assert_eq!(err.kind(), VaultErrorKind::Denied);
    assert!(
        err.to_string().contains(
            "what is wrapped comes from cubbyhole/mine, not from auth/approle/role/.../secret-id"
        ),
        "{err}"
    );
    assert_eq!(vault.count("POST sys/wrapping/unwrap"), 0);
}

#[tokio::test]
async fn a_file_that_is_missing_or_holds_no_token_is_named() {
    let vault = FakeVault::start();
    vault.write("two", "hvs.canary\nhvs.canary\n");
    let token = |file| [("VAULT_AUTH", "token"), ("VAULT_AUTH_TOKEN_FILE", file)];
    let err = Vault::connect(&config(&vault, &token("@none"))).await;
    assert_eq!(
        err.unwrap_err().to_string(),
        format!(
            "cannot log in with {}: No such file or directory (os error 2); \
             check the file, and who may read it",
            vault.path("none").display()
        )
    );
    let err = Vault::connect(&config(&vault, &token("@two"))).await;
    let err = err.unwrap_err().to_string();
    assert!(
        err.contains("there is no token, which is one word"),
        "{err}"
    );
    assert!(!err.contains("canary"), "{err}");
    assert_eq!(vault.calls(), [""; 0]);
}

/// A secret id, a password and the token of a cluster may be any text; a token of the Vault is
/// a single word.
#[tokio::test]
async fn a_check_reads_the_file_of_the_login_and_asks_nobody() {
    let vault = FakeVault::start();
    vault.write("secret", "hvs.canary\n");
    vault.write("two", "canary canary\n");
    for (variable, pairs) in LOGINS {
        let check = async |file| {
            let pairs = pairs.iter().copied().chain([(*variable, file)]);
            let config = config(&vault, &pairs.collect::<Vec<_>>());
            config.check().await.map_err(|err| err.to_string())
        };
        assert_eq!(check("@secret").await, Ok(()), "{variable}");
        let failed = |file: &str, reason: &str| {
            let path = vault.path(file);
            format!(
                "cannot log in with {}: {reason}; check the file, and who may read it",
                path.display()
            )
        };
        let absent = failed("none", "No such file or directory (os error 2)");
        assert_eq!(check("@none").await, Err(absent), "{variable}");
        let is_token = pairs.contains(&("VAULT_AUTH", "token"))
            || pairs.contains(&("VAULT_AUTH_APPROLE_WRAPPED", "true"));
        let no_token = "there is no token, which is one word of printable ASCII";
        let two = if is_token {
            Err(failed("two", no_token))
        } else {
            Ok(())
        };
        assert_eq!(check("@two").await, two, "{variable}");
    }
    assert_eq!(vault.calls(), [""; 0]);
}

/// The variable with the file of each login, after the variables that it needs.
const LOGINS: &[(&str, &[(&str, &str)])] = &[
    ("VAULT_AUTH_TOKEN_FILE", &[("VAULT_AUTH", "token")]),
    (
        "VAULT_AUTH_APPROLE_SECRET_ID_FILE",
        &[
            ("VAULT_AUTH", "approle"),
            ("VAULT_AUTH_APPROLE_ROLE_ID", "r"),
        ],
    ),
    (
        "VAULT_AUTH_APPROLE_SECRET_ID_FILE",
        &[
            ("VAULT_AUTH", "approle"),
            ("VAULT_AUTH_APPROLE_ROLE_ID", "r"),
            ("VAULT_AUTH_APPROLE_WRAPPED", "true"),
        ],
    ),
    (
        "VAULT_AUTH_KUBERNETES_JWT_FILE",
        &[
            ("VAULT_AUTH", "kubernetes"),
            ("VAULT_AUTH_KUBERNETES_ROLE", "r"),
        ],
    ),
    (
        "VAULT_AUTH_USERPASS_PASSWORD_FILE",
        &[
            ("VAULT_AUTH", "userpass"),
            ("VAULT_AUTH_USERPASS_USERNAME", "alice"),
        ],
    ),
];

/// Opening a FIFO waits for its writer, and `/dev/zero` never ends.
#[test]
fn files_that_are_not_regular_or_too_large_are_rejected_at_once() {
    let vault = FakeVault::start();
    let status = Command::new("mkfifo").arg(vault.path("fifo")).status();
    assert!(status.unwrap().success());
    let large = fs::File::create(vault.path("large")).unwrap();
    large.set_len(16 * 1024 * 1024 + 1).unwrap();
    vault.write("secret", "canary");
    for (variable, pairs) in LOGINS.iter().chain(FILES) {
        for (file, reason) in [
            ("@fifo", "it is not a regular file"),
            ("/dev/zero", "it is not a regular file"),
            ("@large", "it is larger than 16 MiB"),
        ] {
            let pairs = pairs.iter().copied().chain([(*variable, file)]);
            let config = config(&vault, &pairs.collect::<Vec<_>>());
            let err = in_time(async move { Vault::connect(&config).await.unwrap_err() });
            let path = file.strip_prefix('@').map(|name| vault.path(name));
            let path = path.unwrap_or_else(|| file.into());
            let text = err.to_string();
            assert_eq!(
                err.kind(),
                VaultErrorKind::File,
                "{variable}={file}: {text}"
            );
            assert!(
                text.contains(&*path.to_string_lossy()),
                "{variable}: {text}"
            );
            assert!(
                text.contains(&format!(": {reason}; ")),
                "{variable}: {text}"
            );
        }
    }
    assert_eq!(vault.calls(), [""; 0]);
}

/// Each further variable that names a file, after the variables that it needs.
const FILES: &[(&str, &[(&str, &str)])] = &[
    (
        "VAULT_CA_FILE",
        &[
            ("VAULT_AUTH", "token"),
            ("VAULT_AUTH_TOKEN_FILE", "@secret"),
        ],
    ),
    (
        "VAULT_CLIENT_CERT_FILE",
        &[
            ("VAULT_AUTH", "token"),
            ("VAULT_AUTH_TOKEN_FILE", "@secret"),
            ("VAULT_CLIENT_KEY_FILE", "@secret"),
        ],
    ),
];

/// Runs on a thread of its own, so that a read that blocks fails the test.
fn in_time<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        sender.send(runtime.unwrap().block_on(future)).unwrap();
    });
    receiver.recv_timeout(Duration::from_secs(5)).unwrap()
}

/// A parser that quotes the malformed line would quote the key.
#[tokio::test]
async fn a_key_file_that_is_no_pem_is_not_quoted() {
    let vault = FakeVault::start();
    vault.write("token", "hvs.canary");
    let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (key, reason) in [
        (
            "-----BEGIN PRIVATE KEY-----canary",
            "a BEGIN line is malformed",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\ncanary\n",
            "a PEM section has no END line",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\n!!canary\n-----END PRIVATE KEY-----\n",
            "a PEM section is not base64",
        ),
        ("canary", "it holds no PEM section of that kind"),
    ] {
        vault.write("certificate", certificate);
        vault.write("key", key);
        let pairs = [
            ("VAULT_AUTH", "token"),
            ("VAULT_AUTH_TOKEN_FILE", "@token"),
            ("VAULT_CLIENT_CERT_FILE", "@certificate"),
            ("VAULT_CLIENT_KEY_FILE", "@key"),
        ];
        let err = Vault::connect(&config(&vault, &pairs)).await.unwrap_err();
        let text = err.to_string();
        assert!(text.contains(&format!("/key: {reason}; ")), "{text}");
        let canary = format!("{:?}", b"canary");
        let canary = canary.trim_matches(['[', ']']);
        assert!(!text.contains("canary") && !text.contains(canary), "{text}");
    }
}

#[test]
fn an_address_that_is_reached_in_plaintext_is_told() {
    let token = [("VAULT_AUTH", "token"), ("VAULT_AUTH_TOKEN_FILE", "/x")];
    for (addr, host) in [
        ("http://vault.example:8200", Some("vault.example")),
        ("HTTP://10.0.0.1", Some("10.0.0.1")),
        ("ht\ttp://vault", Some("vault")),
        ("https://vault.example", None),
        ("http://[::1]:8200", None),
    ] {
        let pairs: Vec<_> = token.into_iter().chain([("VAULT_ADDR", addr)]).collect();
        let vault = Config::from_source(&pairs[..]).unwrap().vault;
        assert_eq!(vault.plaintext_host().as_deref(), host, "{addr}");
    }
}

/// What `vaultrs` would panic at, or take from the process.
#[test]
fn a_wrong_setting_is_a_problem_of_the_configuration() {
    let problems = |pairs: &[(&str, &str)]| {
        let err = Config::from_source(pairs).unwrap_err();
        let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
        problems.join("\n")
    };
    assert_eq!(
        problems(&[]),
        "VAULT_ADDR: not set\nVAULT_AUTH: not set; expected one of: token, approle, kubernetes, userpass"
    );
    let token = [("VAULT_AUTH", "token"), ("VAULT_AUTH_TOKEN_FILE", "/x")];
    for (name, value, reason) in [
        (
            "VAULT_ADDR",
            "vault:8200",
            "it must begin with https:// or http://",
        ),
        (
            "VAULT_ADDR",
            "nowhere",
            "it must be like https://vault.example:8200",
        ),
        (
            "VAULT_ADDR",
            "https://u:canary@vault",
            "it must not hold a user or a password",
        ),
        (
            "VAULT_ADDR",
            "https://vault/v1",
            "it must end after the port",
        ),
        ("VAULT_NAMESPACE", "a b", "it must be of printable ASCII"),
        ("VAULT_TIMEOUT", "0s", "it must be more than 0s"),
        (
            "VAULT_CLIENT_CERT_FILE",
            "/x",
            "a client's certificate needs its key",
        ),
    ] {
        let addr = ("VAULT_ADDR", "https://vault");
        let pairs: Vec<_> = token.into_iter().chain([addr, (name, value)]).collect();
        let problems = problems(&pairs);
        assert!(problems.contains(reason), "{problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}
