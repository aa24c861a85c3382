use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_secretsmanager::config::Region;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use environ::EnvConfig;
use environ::secrets::aws::{AwsClient, AwsError, AwsErrorKind, AwsSecrets};

use crate::Config;
use crate::cloud_server::Mode;
use crate::fake::{FakeAws, refusal};
use crate::nobody::nobody;
use crate::store::client;

async fn refused(client: &AwsClient) -> AwsError {
    AwsSecrets::document(client, "prod/app").await.unwrap_err()
}

#[tokio::test]
async fn each_refusal_has_a_kind_and_a_remedy() {
    let credentials = "check the credentials, and that their policy allows \
                       secretsmanager:GetSecretValue, and kms:Decrypt for a key of your own";
    let cases = [
        (
            (400, "AccessDeniedException", "User: x is not authorized"),
            (
                "denied",
                "AWS denies it (400, AccessDeniedException: User: x is not authorized)",
            ),
            credentials,
        ),
        (
            (400, "DecryptionFailure", "Access to KMS is not allowed"),
            (
                "denied",
                "AWS denies it (400, DecryptionFailure: Access to KMS is not allowed)",
            ),
            credentials,
        ),
        (
            (400, "UnrecognizedClientException", "canary"),
            (
                "denied",
                "the credentials are refused (400, UnrecognizedClientException)",
            ),
            credentials,
        ),
        (
            (400, "ExpiredTokenException", "canary"),
            (
                "denied",
                "the credentials are refused (400, ExpiredTokenException)",
            ),
            credentials,
        ),
        (
            (403, "SignatureDoesNotMatch", "canary"),
            (
                "denied",
                "the credentials are refused (403, SignatureDoesNotMatch)",
            ),
            credentials,
        ),
        (
            (
                400,
                "InvalidRequestException",
                "It was marked for deletion.",
            ),
            (
                "deleted",
                "it is marked for deletion (400, InvalidRequestException: It was marked for deletion.)",
            ),
            "restore it, or give the id of another",
        ),
        (
            (400, "ThrottlingException", "Rate exceeded"),
            (
                "throttled",
                "there were too many requests (400, ThrottlingException)",
            ),
            "ask less often, or raise the quota",
        ),
        (
            (500, "InternalServiceError", "canary"),
            (
                "unreachable",
                "the service fails (500, InternalServiceError)",
            ),
            "check the region, the endpoint and the network",
        ),
        (
            (400, "ValidationException", "1 validation error"),
            (
                "other",
                "AWS refuses it (400, ValidationException: 1 validation error)",
            ),
            "check the id and the endpoint",
        ),
    ];
    let server = FakeAws::start();
    let client = client(&server).await;
    for ((status, code, message), (kind, reason), remedy) in cases {
        server.state().mode = Mode::Refusing(status, refusal(code, message));
        let err = refused(&client).await;
        assert_eq!(err.kind().name(), kind);
        assert_eq!(
            err.to_string(),
            format!("cannot read the secret prod/app: {reason}; {remedy}")
        );
        let is_transient = ["throttled", "unreachable", "other"].contains(&kind);
        assert_eq!(err.kind().is_transient(), is_transient, "{kind}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_or_does_not_answer_is_unreachable() {
    let server = FakeAws::start();
    server.state().mode = Mode::Hanging;
    let (_bound, address) = nobody();
    let client = client(&server).await;
    let hanging = client.conf().to_builder().timeout_config(
        TimeoutConfig::builder()
            .operation_timeout(std::time::Duration::from_millis(300))
            .build(),
    );
    let away = client.conf().to_builder();
    let away = away.endpoint_url(format!("http://{address}"));
    let reasons = [
        (hanging, "there is no answer in time"),
        (
            away,
            "it cannot be reached: Connection refused (os error 111)",
        ),
    ];
    for (config, reason) in reasons {
        let err = refused(&AwsClient::from_conf(config.build())).await;
        assert_eq!(err.kind(), AwsErrorKind::Unreachable);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret prod/app: {reason}; \
                 check the region, the endpoint and the network"
            )
        );
    }
}

#[tokio::test]
async fn the_times_are_those_of_the_configuration() {
    let pairs = [("AWS_REGION", "eu-central-1"), ("AWS_TIMEOUT", "200ms")];
    let client = Config::from_source(pairs)
        .unwrap()
        .aws
        .client()
        .await
        .unwrap();
    let timeouts = client.conf().timeout_config().unwrap();
    let all = timeouts.operation_timeout().unwrap();
    let connecting = timeouts.connect_timeout().unwrap();
    assert_eq!((all.as_millis(), connecting.as_millis()), (200, 2_000));
}

/// The SDK's chain on a host without credentials.
#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let nothing = CredentialsError::not_loaded("no providers in chain");
        future::ProvideCredentials::ready(Err(nothing))
    }
}

#[tokio::test]
async fn without_a_region_or_credentials_nobody_is_asked() {
    let server = FakeAws::start();
    let client = client(&server).await;
    let nowhere = client.conf().to_builder().region(None::<Region>);
    let nobody = client.conf().to_builder().credentials_provider(Nobody);
    let reasons = [
        (nowhere, "the region is unknown"),
        (nobody, "there are no credentials"),
    ];
    for (config, reason) in reasons {
        let err = refused(&AwsClient::from_conf(config.build())).await;
        assert_eq!(err.kind(), AwsErrorKind::Unconfigured);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret prod/app: {reason}; \
                 give the process a role, or set AWS_REGION and credentials"
            )
        );
    }
    assert_eq!(server.lines(), [""; 0]);
}
