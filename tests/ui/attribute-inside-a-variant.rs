use environ::EnvConfig;

#[derive(EnvConfig)]
struct Bucket {
    name: String,
}

#[derive(EnvConfig)]
enum Storage {
    S3(#[env(prefix = "BUCKET")] Bucket),
    Disk(#[env(prefx = "BUCKET", total_nonsense)] Bucket),
}

fn main() {}
