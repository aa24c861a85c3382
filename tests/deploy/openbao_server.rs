//! A real OpenBao: TLS, raft storage, an audit log, and a policy for the
//! service, with a database engine for a real PostgreSQL.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::component::component;
use crate::process::Ended;

/// The rights of the service's role, and no more.
const POLICY: &str = r#"
path "secret/data/dev/app-name" { capabilities = ["read"] }
path "kv1/app-name" { capabilities = ["read"] }
path "database/creds/app" { capabilities = ["read"] }
path "sys/leases/renew" { capabilities = ["update"] }
path "sys/leases/revoke" { capabilities = ["update"] }
"#;

/// The statement that creates a user with the rights of `app`.
const CREATION: &str = "creation_statements=CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' \
     VALID UNTIL '{{expiration}}' IN ROLE app;";

/// A server of one node, unsealed. It is killed when it is dropped.
pub(crate) struct OpenBao {
    dir: TempDir,
    child: Child,
    addr: String,
    unseal_key: String,
    root_token: String,
}

impl OpenBao {
    /// Starts and unseals it, with KV engines at `secret` and `kv1`, and AppRole
    /// for the role `app`, with its ids in files.
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        certificates(dir.path());
        let (port, cluster) = (free_port(), free_port());
        let addr = format!("https://127.0.0.1:{port}");
        fs::create_dir(dir.path().join("data")).unwrap();
        let config = include_str!("openbao.hcl")
            .replace("{dir}", dir.path().to_str().unwrap())
            .replace("{port}", &port.to_string())
            .replace("{cluster_port}", &cluster.to_string());
        fs::write(dir.path().join("bao.hcl"), config).unwrap();
        let child = serve(dir.path());
        let mut this = Self {
            dir,
            child,
            addr,
            unseal_key: String::new(),
            root_token: String::new(),
        };
        this.wait_for(501);
        let init = this.bao(&[
            "operator",
            "init",
            "-key-shares=1",
            "-key-threshold=1",
            "-format=json",
        ]);
        let init: Value = serde_json::from_str(&init).unwrap();
        init["unseal_keys_b64"][0]
            .as_str()
            .unwrap()
            .clone_into(&mut this.unseal_key);
        init["root_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut this.root_token);
        this.unseal();
        this.set_up();
        this
    }

    fn set_up(&self) {
        self.bao(&["secrets", "enable", "-path=kv1", "-version=1", "kv"]);
        self.bao(&["secrets", "enable", "-path=secret", "-version=2", "kv"]);
        self.bao(&["secrets", "enable", "database"]);
        self.bao(&["auth", "enable", "approle"]);
        self.allow_what_is_needed();
        self.bao(&[
            "write",
            "auth/approle/role/app",
            "token_policies=app",
            "token_ttl=60s",
            "token_max_ttl=10m",
        ]);
        let role = self.bao(&["read", "-field=role_id", "auth/approle/role/app/role-id"]);
        fs::write(self.path("role_id"), role).unwrap();
        let path = "auth/approle/role/app/secret-id";
        let secret = self.bao(&["write", "-f", "-field=secret_id", path]);
        fs::write(self.path("secret_id"), secret).unwrap();
    }

    /// Has the database engine make users of a PostgreSQL, as members of the role
    /// `app`. Dropping a user ends the connections of that user.
    pub(crate) fn makes_users_of(&self, admin_url: &str, ttl: &str, most: &str) {
        let url = admin_url.strip_prefix("postgres://").unwrap();
        let (admin, address) = url.split_once('@').unwrap();
        let (name, password) = admin.split_once(':').unwrap();
        // Passwords that can be told from everything else that is said.
        let canary = self.path("password.hcl");
        let rule = "length = 24\nrule \"charset\" { charset = \"kq\" }";
        fs::write(&canary, rule).unwrap();
        let policy = format!("policy=@{}", canary.display());
        self.bao(&["write", "sys/policies/password/canary", &policy]);
        let connect = "postgresql://{{username}}:{{password}}";
        self.bao(&[
            "write",
            "database/config/appdb",
            "plugin_name=postgresql-database-plugin",
            "allowed_roles=app",
            &format!("connection_url={connect}@{address}?sslmode=disable"),
            &format!("username={name}"),
            &format!("password={password}"),
            "password_authentication=scram-sha-256",
            "password_policy=canary",
        ]);
        self.bao(&[
            "write",
            "database/roles/app",
            "db_name=appdb",
            &format!("default_ttl={ttl}"),
            &format!("max_ttl={most}"),
            CREATION,
            "revocation_statements=SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE usename = '{{name}}'; DROP ROLE IF EXISTS \"{{name}}\";",
        ]);
    }

    /// From now on users are dropped as the Vault does by itself: the connections of a
    /// dropped user live on, without rights.
    pub(crate) fn throws_nobody_out(&self) {
        let role = [
            "write",
            "database/roles/app",
            "db_name=appdb",
            "default_ttl=1h",
        ];
        self.bao(&[&role[..], &[CREATION, "revocation_statements="]].concat());
    }

    /// The variables that make the service use the Vault.
    pub(crate) fn vars(&self) -> Vec<(&'static str, String)> {
        let file = |name| self.path(name).to_str().unwrap().to_owned();
        let role = fs::read_to_string(self.path("role_id")).unwrap();
        vec![
            ("APP_SECRETS", "vault".to_owned()),
            ("APP_SECRETS_VAULT_ADDR", self.addr.clone()),
            ("APP_SECRETS_VAULT_CA_FILE", file("ca.pem")),
            ("APP_SECRETS_VAULT_CLIENT_CERT_FILE", file("client.pem")),
            ("APP_SECRETS_VAULT_CLIENT_KEY_FILE", file("client.key")),
            ("APP_SECRETS_VAULT_AUTH", "approle".to_owned()),
            ("APP_SECRETS_VAULT_AUTH_APPROLE_ROLE_ID", role),
            (
                "APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE",
                file("secret_id"),
            ),
        ]
    }

    pub(crate) fn addr(&self) -> &str {
        &self.addr
    }

    /// The log of a service must hold no token, no secret id and no password.
    pub(crate) fn assert_hidden(&self, ended: &Ended) {
        self.assert_hidden_in(&ended.stdout);
        self.assert_hidden_in(&ended.stderr);
    }

    pub(crate) fn assert_hidden_in(&self, said: &str) {
        let secret_id = fs::read_to_string(self.path("secret_id")).unwrap();
        assert!(!said.contains(secret_id.trim()), "{said}");
        // A token is `s.` and 24 letters; a URL has a password after its user.
        for (at, _) in said.match_indices("s.") {
            let rest = said[at + 2..].bytes();
            let letters = rest.take_while(u8::is_ascii_alphanumeric).count();
            assert!(letters < 24, "{}", &said[at..at + 40]);
        }
        let is_password = |word: &str| word.len() > 20 && word.bytes().all(|c| b"kq".contains(&c));
        let mut words = said.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(!words.any(is_password), "{said}");
        assert!(!said.contains("canary"), "{said}");
        assert!(!said.contains("of-the-superuser"), "{said}");
        assert!(!said.contains("postgres://"), "{said}");
    }

    /// Ends tokens of the service's role after this time, renewed or not.
    pub(crate) fn tokens_last_for(&self, time: &str) {
        let (ttl, most) = (format!("token_ttl={time}"), format!("token_max_ttl={time}"));
        self.bao(&["write", "auth/approle/role/app", &ttl, &most]);
    }

    /// Revokes even the default rights.
    pub(crate) fn allow_no_leases(&self) {
        let renew = "path \"sys/leases/renew\" { capabilities = [\"deny\"] }";
        let obtain = "path \"database/creds/app\" { capabilities = [\"deny\"] }";
        self.allow(&format!("{renew}\n{obtain}"));
    }

    pub(crate) fn allow_what_is_needed(&self) {
        self.allow(POLICY);
    }

    /// Replaces the policy of the service's role.
    fn allow(&self, policy: &str) {
        let path = self.path("policy.hcl");
        fs::write(&path, policy).unwrap();
        self.bao(&["policy", "write", "app", path.to_str().unwrap()]);
    }

    /// Runs the server's own client as root. Returns its output.
    pub(crate) fn bao(&self, arguments: &[&str]) -> String {
        let output = self.client(arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "bao {arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn client(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.dir.path())
            .env("BAO_ADDR", &self.addr)
            .env("BAO_CACERT", self.path("ca.pem"))
            .env("BAO_CLIENT_CERT", self.path("client.pem"))
            .env("BAO_CLIENT_KEY", self.path("client.key"))
            .env("BAO_TOKEN", &self.root_token)
            .stdin(Stdio::null());
        command
    }

    /// A file: `ca.pem`, `role_id`, `secret_id`, `audit.log`.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    /// How many answers the audit log has to such requests: `update` of
    /// `auth/token/revoke-self`.
    pub(crate) fn audited(&self, operation: &str, path: &str) -> usize {
        let log = fs::read_to_string(self.path("audit.log")).unwrap();
        let events = log.lines().map(|line| serde_json::from_str(line).unwrap());
        let found = events.filter(|event: &Value| {
            event["type"] == "response"
                && event["error"].is_null()
                && event["request"]["operation"] == operation
                && event["request"]["path"] == path
        });
        found.count()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the process, which accepts connections and answers nothing from then on.
    pub(crate) fn freeze(&self) {
        kill_process(Pid::from_child(&self.child), Signal::STOP).unwrap();
    }

    /// Starts it again after it was killed, and unseals it.
    pub(crate) fn restart(&mut self) {
        self.child = serve(self.dir.path());
        self.wait_for(503);
        self.unseal();
    }

    pub(crate) fn seal(&self) {
        self.bao(&["operator", "seal"]);
    }

    pub(crate) fn unseal(&self) {
        self.bao(&["operator", "unseal", &self.unseal_key]);
        self.wait_for(200);
    }

    /// Waits until its health has this code: 501 without keys, 503 sealed, 200.
    fn wait_for(&self, health: u16) {
        let deadline = Instant::now() + Duration::from_mins(1);
        let path = format!("{}/v1/sys/health", self.addr);
        loop {
            let output = Command::new("curl")
                .args(["--silent", "--noproxy", "*", "--output", "/dev/null"])
                .args(["--write-out", "%{http_code}", "--cacert"])
                .arg(self.path("ca.pem"))
                .arg("--cert")
                .arg(self.path("client.pem"))
                .arg("--key")
                .arg(self.path("client.key"))
                .arg(&path)
                .output()
                .unwrap();
            if String::from_utf8_lossy(&output.stdout) == health.to_string() {
                return;
            }
            let log = self.path("bao.log");
            assert!(
                Instant::now() < deadline,
                "OpenBao's health is not {health}, see {}",
                fs::read_to_string(log).unwrap()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for OpenBao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> PathBuf {
    component("bin/bao")
}

fn serve(dir: &Path) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(dir.join("bao.log"))
        .unwrap();
    Command::new(program())
        .args(["server", "-config"])
        .arg(dir.join("bao.hcl"))
        .env_clear()
        .env("HOME", dir)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// Certificates for the server and its clients, and the one that signed them.
pub(crate) fn certificates(dir: &Path) {
    for (name, usage) in [("server", "serverAuth"), ("client", "clientAuth")] {
        let extensions = format!(
            "subjectAltName=DNS:localhost,IP:127.0.0.1\n\
             extendedKeyUsage={usage}\nbasicConstraints=CA:FALSE\n"
        );
        fs::write(dir.join(name).with_extension("ext"), extensions).unwrap();
    }
    for arguments in [
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Test -keyout ca.key -out ca.pem \
         -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign",
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -out server.pem -extfile server.ext",
        "req -newkey rsa:2048 -nodes -subj /CN=client -keyout client.key -out client.csr",
        "x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -out client.pem -extfile client.ext",
    ] {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(dir)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {stderr}");
    }
}

/// A port that was free a moment ago: the server takes no socket.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
