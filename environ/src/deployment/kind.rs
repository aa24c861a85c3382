//! The format of a file, by its name; that of standard input, by its text.

use super::input::Input;

/// The reader of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Kubernetes, Compose or `app.json`, told apart by their keys.
    Yaml,
    /// A unit, a drop-in, or a container of Quadlet.
    Systemd,
    Dotenv,
    Dockerfile,
    Procfile,
    Other,
}

pub(super) fn kind(input: &Input) -> Kind {
    let name = input.file_name();
    if name.is_empty() {
        return of_text(&input.text);
    }
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    match extension {
        "yaml" | "yml" | "json" => Kind::Yaml,
        "service" | "container" | "conf" => Kind::Systemd,
        "dockerfile" | "containerfile" => Kind::Dockerfile,
        "env" => Kind::Dotenv,
        _ => match &*lower {
            "kustomization" => Kind::Yaml,
            "dockerfile" | "containerfile" => Kind::Dockerfile,
            "procfile" => Kind::Procfile,
            "env" | "environment" => Kind::Dotenv,
            _ if lower.starts_with(".env.") || stem.rsplit('.').next() == Some("env") => {
                Kind::Dotenv
            }
            _ if lower.starts_with("dockerfile.") => Kind::Dockerfile,
            _ if lower.starts_with("containerfile.") => Kind::Dockerfile,
            _ if lower.starts_with("procfile.") => Kind::Procfile,
            _ => Kind::Other,
        },
    }
}

fn of_text(text: &str) -> Kind {
    let mut lines = text.lines().map(str::trim_end);
    let mut content = lines
        .clone()
        .filter(|line| !line.trim_start().starts_with('#'));
    if lines.any(|line| line == "[Service]" || line == "[Container]") {
        return Kind::Systemd;
    }
    match content.find(|line| !line.is_empty()) {
        Some(first) if first.starts_with("FROM ") || first.starts_with("ARG ") => Kind::Dockerfile,
        Some(first) if is_assignment(first) => Kind::Dotenv,
        _ => Kind::Yaml,
    }
}

fn is_assignment(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let name = line.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::{kind, Kind};
    use crate::deployment::input::Input;

    #[test]
    fn the_name_of_a_file_decides_its_format() {
        for (name, is) in [
            ("a.yaml", Kind::Yaml),
            ("a.YML", Kind::Yaml),
            ("app.json", Kind::Yaml),
            ("Kustomization", Kind::Yaml),
            ("a.service", Kind::Systemd),
            ("a.container", Kind::Systemd),
            ("10-a.conf", Kind::Systemd),
            ("Dockerfile", Kind::Dockerfile),
            ("Containerfile", Kind::Dockerfile),
            ("Dockerfile.web", Kind::Dockerfile),
            ("containerfile.web", Kind::Dockerfile),
            ("web.Dockerfile", Kind::Dockerfile),
            ("web.containerfile", Kind::Dockerfile),
            ("Procfile", Kind::Procfile),
            ("Procfile.dev", Kind::Procfile),
            (".env", Kind::Dotenv),
            ("prod.env", Kind::Dotenv),
            ("env", Kind::Dotenv),
            ("/etc/environment", Kind::Dotenv),
            (".env.example", Kind::Dotenv),
            (".env.prod.local", Kind::Dotenv),
            ("shop.env.example", Kind::Dotenv),
            ("environment.txt", Kind::Other),
            ("env.txt.old", Kind::Other),
            ("main.rs", Kind::Other),
            ("README", Kind::Other),
        ] {
            assert_eq!(kind(&Input::of(name, "")), is, "{name}");
        }
    }

    #[test]
    fn the_text_of_standard_input_decides_its_format() {
        for (text, is) in [
            ("# x\n\n[Unit]\n[Service]  \n", Kind::Systemd),
            ("[Container]\nImage=x\n", Kind::Systemd),
            (" # x\n\nFROM x\n", Kind::Dockerfile),
            ("ARG A=1\nFROM x\n", Kind::Dockerfile),
            ("FROMAGE=1\n", Kind::Dotenv),
            ("# x\nA_1=x y\n", Kind::Dotenv),
            ("export A=1\n", Kind::Dotenv),
            ("=1\n", Kind::Yaml),
            ("A b=1\n", Kind::Yaml),
            ("A: b=1\n", Kind::Yaml),
            ("", Kind::Yaml),
        ] {
            assert_eq!(kind(&Input::of("", text)), is, "{text}");
        }
    }
}
