/// Where visits are kept.
#[env(validate = reachable)]
enum Store {
    #[env(default)]
    None,
    Postgres(Postgres),
    #[env(rename = "s3", alias = "bucket")]
    Bucket(Bucket),
}
