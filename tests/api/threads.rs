//! Every public type can be shared, sent and moved, and every public future sent. The
//! compiler checks this: nothing here runs. The suite `public_api` compares the types with
//! those of the crate.

use std::sync::Arc;

use environ::deployment::Workload;
use environ::deployment::{self, At, Deployment, Finding, Format, Port, Probe, Report, Severity};
use environ::embedded::ReadSpecError;
use environ::file::FileError;
use environ::secrets::aws::{AwsClient, AwsConfig, AwsError, AwsErrorKind, AwsFailure, AwsSecrets};
use environ::secrets::azure::{
    AzureClient, AzureConfig, AzureError, AzureErrorKind, AzureFailure, AzureSecrets,
};
use environ::secrets::gcp::{GcpClient, GcpConfig, GcpError, GcpErrorKind, GcpFailure, GcpSecrets};
use environ::secrets::vault::{
    Answers, AppRoleAuth, Credentials, Follow, Health, KubernetesAuth, Leased, Renewal, Status,
    TokenAuth, UserpassAuth, Vault, VaultAuth, VaultConfig, VaultError, VaultErrorKind,
    VaultSecrets,
};
use environ::secrets::{
    DirSecrets, Found, IniSecrets, Newest, Request, StoreError, VaultEnvSecrets,
};
use environ::watch::{self, Applied, Refresh, Reload, Update, Watcher};
use environ::{
    Change, ChangeKind, Changes, Document, DotEnv, EnvConfig, Error, Form, FromFn, Help, Invalid,
    Items, Level, Live, Loaded, Loader, Origin, OriginItems, Origins, ParseSpecError, Place,
    Problem, Process, Property, Secret, Text, UnknownVariable, Warning,
};

const fn is_free<T: Send + Sync + Unpin + 'static>() {}

macro_rules! are_free {
    ($($type:ty),* $(,)?) => { const _: () = { $(is_free::<$type>();)* }; };
}

are_free![
    Change,
    ChangeKind,
    Changes,
    Document,
    DotEnv,
    Error,
    Form,
    FromFn<fn(&str) -> Option<String>>,
    Help,
    Invalid,
    Items<'static, Problem>,
    Level,
    Live<Secret<String>>,
    Loaded<()>,
    Loader<'static, ()>,
    Origin,
    OriginItems<'static>,
    Origins,
    ParseSpecError,
    UnknownVariable,
    Place,
    Problem,
    Process,
    Property,
    Secret<String>,
    Text<'static>,
    Warning,
    FileError,
    ReadSpecError,
];

are_free![
    Applied,
    Refresh,
    Reload<'static, ()>,
    Update<'static, ()>,
    Watcher<'static, ()>,
    watch::Follow<Secret<String>>,
];

are_free![
    DirSecrets,
    Found,
    IniSecrets,
    Newest<DirSecrets>,
    StoreError,
    VaultEnvSecrets,
    AwsClient,
    AwsConfig,
    AwsError,
    AwsErrorKind,
    AwsFailure,
    AwsSecrets,
    AzureClient,
    AzureConfig,
    AzureError,
    AzureErrorKind,
    AzureFailure,
    AzureSecrets,
    GcpClient,
    GcpConfig,
    GcpError,
    GcpErrorKind,
    GcpFailure,
    GcpSecrets,
];

are_free![
    Answers,
    AppRoleAuth,
    Credentials,
    Follow<Status>,
    Health,
    KubernetesAuth,
    Leased<Credentials>,
    Renewal<Credentials>,
    Status,
    TokenAuth,
    UserpassAuth,
    Vault,
    VaultAuth,
    VaultConfig,
    VaultError,
    VaultErrorKind,
    VaultSecrets,
];

are_free![
    At<u16>,
    Deployment<'static>,
    Finding,
    Format,
    deployment::Place,
    Port,
    Probe,
    Report,
    Severity,
    Workload,
];

/// Borrows a source that may belong to one thread, and never leaves a call.
const _: () = {
    const fn is_movable<T: Unpin + 'static>() {}
    is_movable::<Request<'static>>();
};

fn is_sent<F: Future + Send>(_: F) {}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its variables count")]
struct Cfg {
    token: Secret<String>,
}

/// Never called.
#[expect(dead_code, reason = "the compiler reads it")]
fn futures_of_a_vault(
    config: &VaultConfig,
    vault: Vault,
    credentials: &Renewal<Credentials>,
    user: &Arc<Leased<Credentials>>,
    mut follow: Follow<Status>,
) {
    is_sent(Vault::connect(config));
    is_sent(vault.kv1("kv", "app"));
    is_sent(vault.kv2("kv", "app"));
    is_sent(vault.credentials("database", "app"));
    is_sent(vault.close());
    is_sent(credentials.revoke_all());
    is_sent(user.revoke());
    is_sent(follow.changed());
}

/// Never called.
#[expect(dead_code, reason = "the compiler reads it")]
fn futures_of_live_values(mut follow: watch::Follow<Secret<String>>) {
    is_sent(follow.changed());
}

/// Never called.
#[expect(dead_code, reason = "the compiler reads it")]
fn futures_of_aws(config: &AwsConfig, client: &AwsClient) {
    is_sent(config.client());
    is_sent(AwsSecrets::document(client, "app"));
    is_sent(AwsSecrets::named_by_variables::<Cfg>(client, &Process));
}

/// Never called.
#[expect(dead_code, reason = "the compiler reads it")]
fn futures_of_azure(config: &AzureConfig, client: &AzureClient) {
    is_sent(config.client());
    is_sent(AzureSecrets::document(client, "app"));
    is_sent(AzureSecrets::named_by_variables::<Cfg>(client, &Process));
}

/// Never called.
#[expect(dead_code, reason = "the compiler reads it")]
fn futures_of_google(config: &GcpConfig, client: &GcpClient) {
    is_sent(config.client());
    is_sent(GcpSecrets::document(client, "app"));
    is_sent(GcpSecrets::named_by_variables::<Cfg>(client, &Process));
}
