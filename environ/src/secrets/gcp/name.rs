//! Names of secrets and keys, as people write them and as Google does.

/// The name of a version of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretName {
    pub(super) project: Option<String>,
    /// The region, if the secret is kept in one only.
    pub(super) location: Option<String>,
    secret: String,
    version: String,
}

impl SecretName {
    /// Parses `db-url`, `db-url/versions/7`, `projects/my-project/secrets/db-url` or
    /// `projects/my-project/locations/europe-west3/secrets/db-url/versions/7`.
    ///
    /// A name is a part of a URL, and holds no character that has a meaning there.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('/').collect();
        let (project, rest) = match &parts[..] {
            ["projects", project, rest @ ..] => (Some(*project), rest),
            rest => (None, rest),
        };
        let (location, rest) = match rest {
            ["locations", location, rest @ ..] => (Some(*location), rest),
            rest => (None, rest),
        };
        // A whole name has a word before the secret's own.
        let rest = match (project, rest) {
            (Some(_), rest) => rest.strip_prefix(&["secrets"])?,
            (None, rest) => rest,
        };
        let (secret, version) = match rest {
            [secret] => (*secret, "latest"),
            [secret, "versions", version] => (*secret, *version),
            _ => return None,
        };
        let is_valid = project.is_none_or(is_project)
            && location.is_none_or(is_word)
            && (location.is_none() || project.is_some())
            && is_word(secret)
            && is_word(version);
        is_valid.then(|| Self {
            project: project.map(str::to_owned),
            location: location.map(str::to_owned),
            secret: secret.to_owned(),
            version: version.to_owned(),
        })
    }

    /// Returns the path of the version in a project.
    pub(super) fn path(&self, project: &str) -> String {
        let location = self.location.as_deref();
        let location = location.map_or(String::new(), |location| format!("/locations/{location}"));
        let Self {
            secret, version, ..
        } = self;
        format!("projects/{project}{location}/secrets/{secret}/versions/{version}")
    }
}

/// Checks the name of a key of Cloud KMS, which becomes a part of a URL.
pub(super) fn is_key(name: &str) -> Result<(), &'static str> {
    let parts: Vec<&str> = name.split('/').collect();
    let (parts, is_version) = match &parts[..] {
        [key @ .., "cryptoKeyVersions", _] => (key, true),
        parts => (parts, false),
    };
    let ["projects", project, "locations", place, "keyRings", ring, "cryptoKeys", key] = parts
    else {
        return Err(NO_KEY);
    };
    if !is_project(project) || ![place, ring, key].iter().all(|word| is_word(word)) {
        return Err(NO_KEY);
    }
    if is_version {
        return Err("it must end after the key: Google knows the version of a ciphertext");
    }
    Ok(())
}

const NO_KEY: &str = "it must be like \
                      projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my-key";

/// Returns whether a text may be the id or the number of a project: `my-project`, or
/// `example.com:my-project`.
pub(super) fn is_project(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
    is_within(text) && text.bytes().all(is_part) && !text.starts_with('.')
}

fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    is_within(text) && text.bytes().all(is_part)
}

/// Google's own limit.
fn is_within(text: &str) -> bool {
    (1..=255).contains(&text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_or_whole() {
        for (name, path) in [
            ("db-url", "projects/p/secrets/db-url/versions/latest"),
            ("db_url/versions/7", "projects/p/secrets/db_url/versions/7"),
            ("db/versions/prod", "projects/p/secrets/db/versions/prod"),
            (
                "projects/other/secrets/db",
                "projects/other/secrets/db/versions/latest",
            ),
            (
                "projects/example.com:other/secrets/db/versions/7",
                "projects/example.com:other/secrets/db/versions/7",
            ),
            (
                "projects/12/locations/europe-west3/secrets/db",
                "projects/12/locations/europe-west3/secrets/db/versions/latest",
            ),
        ] {
            let parsed = SecretName::parse(name).unwrap();
            let project = parsed.project.as_deref().unwrap_or("p");
            assert_eq!(parsed.path(project), path);
        }
    }

    #[test]
    fn a_text_that_means_something_in_a_url_is_no_name() {
        for name in [
            "",
            "db url",
            "db/url",
            "../db",
            "db?x",
            "db#x",
            "db%2fx",
            "größe",
            "db/versions/",
            "db/versions/7/x",
            "projects//secrets/db",
            "projects/../secrets/db",
            "projects/p/db",
            "projects/p/secrets/",
            "locations/x/secrets/db",
            "postgres://app:canary@db/app",
            &"x".repeat(256),
        ] {
            assert_eq!(SecretName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_key_has_a_whole_name_without_a_version() {
        let key = "projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my_key";
        assert_eq!(is_key(key), Ok(()));
        assert_eq!(is_key(&key.replace("my-project", "example.com:p")), Ok(()));
        for name in [
            "",
            "my-key",
            "my-ring/my-key",
            "projects/my-project/secrets/my-key",
            &key[1..],
            &format!("/{key}"),
            &format!("{key}/"),
            &format!("{key}:decrypt"),
            &key.replace("global", ".."),
            &key.replace("my-ring", ""),
            &key.replace("my-ring", "a%2fb"),
            &key.replace("my-project", "../x"),
            &key.replace("my_key", "größe"),
            &key.replace("my_key", "a?b#c"),
        ] {
            assert_eq!(is_key(name), Err(NO_KEY), "{name}");
        }
        let version = is_key(&format!("{key}/cryptoKeyVersions/1"));
        assert!(version
            .unwrap_err()
            .starts_with("it must end after the key"));
    }
}
