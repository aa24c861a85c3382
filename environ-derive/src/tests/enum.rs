/// Where visits are kept.
#[env(validate = reachable)]
enum Store {
    /// A table of a database.
    Postgres(Postgres),
    #[env(default)]
    None,
    #[env(rename = "s3", alias = "bucket")]
    Bucket(Bucket),
}
