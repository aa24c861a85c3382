use environ::secrets::vault::{Vault, VaultErrorKind};

use crate::fake::{FakeVault, Mode};
use crate::logged::Logged;
use crate::nobody::nobody;
use crate::{APPROLE, config, connected};

/// Every way to fail, as the operator sees it; and nothing that was sent.
#[tokio::test]
async fn each_failure_has_a_kind_a_reason_and_a_remedy() {
    let network = "check the address, the network and the certificates";
    let login = "check the login, and the policies of its role";
    let node = "give the address of the active node, or one that forwards to it";
    for (mode, kind, reason, remedy) in [
        (Mode::Outage, "unreachable", "cannot be reached: ", network),
        (
            Mode::Hanging,
            "unreachable",
            "cannot be reached: it does not answer in time",
            network,
        ),
        (
            Mode::BadGateway,
            "unreachable",
            "is not behind its proxy (502)",
            network,
        ),
        (
            Mode::Sealed,
            "sealed",
            "is sealed (503: Vault is sealed)",
            "unseal it",
        ),
        (
            Mode::Standby,
            "standby",
            "points to another node (307)",
            node,
        ),
        (
            Mode::Lonely,
            "standby",
            "is a standby (500: local node not active but active cluster node not found)",
            node,
        ),
        (
            Mode::Garbage,
            "other",
            "answers with something else than a Vault",
            "see the log of the server",
        ),
        (
            Mode::Throttled,
            "throttled",
            "has had too many requests (429: quota exceeded)",
            "ask less often, or raise the quota",
        ),
        (
            Mode::Denying,
            "denied",
            "denies it (403: permission denied)",
            login,
        ),
        (Mode::Quoting, "denied", "denies it (403)", login),
        (
            Mode::Refusing(400, "lease expired"),
            "lease_gone",
            "does not know the lease (400: lease expired)",
            "a new one is needed",
        ),
        (
            Mode::Refusing(400, "invalid username or password"),
            "denied",
            "refuses the login (400: invalid username or password)",
            login,
        ),
        (
            Mode::Refusing(400, "unknown field"),
            "invalid",
            "does not take it (400: unknown field)",
            "check the mounts, the roles and the paths",
        ),
        (
            Mode::Refusing(472, "no data"),
            "standby",
            "is a standby (472: no data)",
            node,
        ),
        (
            Mode::Refusing(473, "no data"),
            "standby",
            "is a standby (473: no data)",
            node,
        ),
        (
            Mode::Refusing(500, "internal error"),
            "other",
            "refuses it (500: internal error)",
            "see the log of the server",
        ),
        (
            Mode::Refusing(503, "maintenance"),
            "unreachable",
            "does not serve (503: maintenance)",
            network,
        ),
    ] {
        assert_fails(mode, kind, reason, remedy).await;
    }
}

#[tokio::test]
async fn an_empty_answer_to_a_read_is_no_empty_document() {
    let reason = "answers with something else than a Vault";
    assert_fails(Mode::Empty, "other", reason, "see the log of the server").await;
}

/// Asserts how a read of a server in this mode fails.
async fn assert_fails(mode: Mode, kind: &str, reason: &str, remedy: &str) {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    vault.state().mode = mode;
    let err = connected.kv2("secret", "app").await.unwrap_err();
    assert_eq!(err.kind().name(), kind, "{mode:?}: {err}");
    let text = err.to_string();
    let begins = format!("cannot read secret/data/app: {} {reason}", vault.url());
    assert!(text.starts_with(&begins), "{mode:?}: {text}");
    assert!(text.ends_with(&format!("; {remedy}")), "{mode:?}: {text}");
    assert!(!format!("{text} {err:?}").contains("canary"), "{text}");
}

#[tokio::test]
async fn a_login_that_is_refused_quotes_nothing() {
    for mode in [Mode::Up, Mode::Quoting] {
        let vault = FakeVault::start();
        vault.state().mode = mode;
        vault.write("secret_id", "wrong-\"canary\"");
        let err = Vault::connect(&config(&vault, APPROLE)).await.unwrap_err();
        assert_eq!(err.kind(), VaultErrorKind::Denied);
        assert!(
            err.to_string()
                .starts_with("cannot log in at auth/approle: "),
            "{err}"
        );
        assert!(!format!("{err} {err:?}").contains("canary"), "{err}");
    }
}

/// A shorter id is a word, and would hide half of all messages. The name of a role is no secret.
#[tokio::test]
async fn a_role_id_of_eight_letters_is_not_quoted() {
    let approle = "VAULT_AUTH_APPROLE_ROLE_ID";
    for (method, variable, role, quoted) in [
        ("approle", approle, "builder", ": no builders here"),
        ("approle", approle, "builders", ""),
        (
            "kubernetes",
            "VAULT_AUTH_KUBERNETES_ROLE",
            "builders",
            ": no builders here",
        ),
    ] {
        let vault = FakeVault::start();
        vault.write("secret", "a secret");
        vault.state().mode = Mode::Refusing(403, "no builders here");
        let pairs = [
            ("VAULT_AUTH", method),
            (variable, role),
            ("VAULT_AUTH_APPROLE_SECRET_ID_FILE", "@secret"),
            ("VAULT_AUTH_KUBERNETES_JWT_FILE", "@secret"),
        ];
        let err = Vault::connect(&config(&vault, &pairs)).await.unwrap_err();
        let expected = format!(
            "cannot log in at auth/{method}: {} denies it (403{quoted}); \
             check the login, and the policies of its role",
            vault.url()
        );
        assert_eq!(err.to_string(), expected, "{method}: {role}");
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let vault = FakeVault::start();
    let mut config = config(&vault, APPROLE);
    let (_bound, address) = nobody();
    config.addr = format!("http://{address}");
    let err = Vault::connect(&config).await.unwrap_err();
    assert_eq!(
        err.to_string(),
        format!(
            "cannot log in at auth/approle: {} cannot be reached: Connection refused \
             (os error 111); check the address, the network and the certificates",
            config.addr
        )
    );
}

/// `vaultrs` and its transport would log every failure several times, and one
/// of them the token.
#[tokio::test]
async fn nothing_is_logged_at_any_level() {
    let logged = Logged::from_now_on();
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    vault.state().mode = Mode::Quoting;
    connected.kv2("secret", "app").await.unwrap_err();
    let lines = logged.text();
    assert!(
        !lines.contains("vaultrs") && !lines.contains("rustify"),
        "{lines}"
    );
    assert!(!lines.contains("canary"), "{lines}");
}
