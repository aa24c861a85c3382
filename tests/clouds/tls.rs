//! The certificate of the service, signed by an authority of one's own.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use environ::{Process, Source};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use crate::store::{ANSWER, ErrorKind, Fake, Secrets, client_with_ca};

const CERTIFICATE: &str = include_str!("certificate.pem");

/// Of the key of `CERTIFICATE`, and valid from the year 2100.
const CERTIFICATE_FROM_2100: &str = include_str!("certificate-from-2100.pem");

/// Starts a server that answers each request with an empty document. Returns its address.
fn start(certificate: &str) -> String {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem")).unwrap();
    let tls = builder.with_no_client_auth();
    let tls = Arc::new(tls.with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            let length = ANSWER.len();
            let answer = format!("HTTP/1.1 200 x\r\ncontent-length: {length}\r\n\r\n{ANSWER}");
            // A client that trusts nobody has gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("https://localhost:{}", address.port())
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_and_no_other() {
    let metadata = Fake::start();
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), CERTIFICATE).unwrap();
    let url = start(CERTIFICATE);
    let with = async |ca_file: Option<&Path>| client_with_ca(&metadata, &url, ca_file).await;
    let client = with(Some(file.path())).await.unwrap();
    Secrets::document(&client, "app").await.unwrap();

    let client = with(None).await.unwrap();
    let err = Secrets::document(&client, "app").await.unwrap_err();
    assert_eq!(err.kind(), ErrorKind::Untrusted);
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret app: the certificate of {url} has no trusted issuer; \
             install the system's CA certificates, or name the file of the service's \
             own (`CA_FILE`)"
        )
    );

    fs::write(file.path(), "no certificate").unwrap();
    let err = with(Some(file.path())).await.unwrap_err();
    assert_eq!(err.kind(), ErrorKind::File);
    assert!(
        err.to_string().contains("there is no certificate in"),
        "{err}"
    );
}

/// The service is there, and its certificate is right: the clock is wrong.
#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_is_a_wrong_clock() {
    let metadata = Fake::start();
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), CERTIFICATE_FROM_2100).unwrap();
    let url = start(CERTIFICATE_FROM_2100);
    let client = client_with_ca(&metadata, &url, Some(file.path())).await;
    let err = Secrets::document(&client.unwrap(), "app")
        .await
        .unwrap_err();
    assert_eq!(err.kind(), ErrorKind::Clock);
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret app: the certificate of {url} is not valid yet; \
             set the clock of this machine"
        )
    );
}

/// Runs `check` in a process of a system without CA certificates: `test` once more, as a child.
pub(crate) fn without_roots(test: &str, check: impl Future<Output = ()>) {
    const ROOTS: (&str, &str) = ("SSL_CERT_FILE", "/dev/null");
    if Process.get(ROOTS.0).is_some_and(|file| *file == *ROOTS.1) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        return runtime.unwrap().block_on(check);
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(ROOTS.0, ROOTS.1)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
fn only_tls_needs_the_certificates_of_the_system() {
    without_roots(
        "tls::only_tls_needs_the_certificates_of_the_system",
        async {
            let metadata = Fake::start();
            let with = async |url| client_with_ca(&metadata, url, None).await;
            with("http://127.0.0.1:1").await.unwrap();
            let err = with("https://127.0.0.1:1").await.unwrap_err();
            assert_eq!(err.kind(), ErrorKind::Untrusted);
            let reason = "the system has no CA certificates; ";
            assert!(err.to_string().contains(reason), "{err}");
        },
    );
}
