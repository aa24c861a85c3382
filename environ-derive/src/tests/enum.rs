/// Where visits are kept.
#[env(validate = reachable)]
enum Store {
    Postgres(Postgres),
    #[env(default)]
    None,
    #[env(rename = "s3", alias = "bucket")]
    Bucket(Bucket),
}
