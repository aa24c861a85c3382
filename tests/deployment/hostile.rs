//! Bad input: a clear error each, in bounded memory, and the other files are judged.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::program::{Files, check, findings};

const MISTAKEN: &str = "services:\n  app:\n    environment:\n      APP_PROT: 80\n";

/// Checks a file beside a file with a mistake that must be named all the same.
fn said_beside_another(name: &str, bytes: &[u8]) -> String {
    let files = Files::new(&[("other.yaml", MISTAKEN)]);
    files.write(name, bytes);
    let found = files.findings(&[name, "other.yaml"]);
    let is_other = |line: &str| line == "APP_PROT";
    assert!(
        found.iter().any(|finding| is_other(&finding.name)),
        "{found:?}"
    );
    let own = found.iter().filter(|finding| finding.file == name);
    let messages: Vec<&str> = own.map(|finding| &*finding.message).collect();
    messages.join(
        "
",
    )
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_others_are_judged() {
    let files = Files::new(&[("other.yaml", MISTAKEN)]);
    fs::create_dir(files.dir.path().join("dir")).unwrap();
    let found = files.findings(&["missing.yaml", "dir", "other.yaml"]);
    let said = |file: &str| {
        let finding = found.iter().find(|finding| finding.file == file);
        finding
            .map(|finding| (finding.code.clone(), finding.message.clone()))
            .unwrap()
    };
    let input = "input".to_owned();
    assert_eq!(
        said("missing.yaml"),
        (
            input.clone(),
            "cannot be read: No such file or directory (os error 2); check the path".to_owned()
        )
    );
    let directory = "it is a directory; name the files in it".to_owned();
    assert_eq!(said("dir"), (input, directory));
    assert!(found.iter().any(|finding| finding.name == "APP_PROT"));
}

#[test]
fn files_of_another_kind_are_errors() {
    for (name, bytes, says) in [
        (
            "x.yaml",
            &b"\x7fELF\0\0"[..],
            "it is binary; name a text file",
        ),
        (
            "x.env",
            b"A=\xff\n",
            "line 1 is not UTF-8; save it as UTF-8",
        ),
        ("x.yaml", b"\xff\xfea\0", "it is UTF-16; save it as UTF-8"),
        (
            "x.yaml",
            b"a:\n\tb: c\n",
            "indent with spaces, because YAML forbids tabs",
        ),
        (
            "x.yaml",
            b"a: {{ .Values.x }}\n",
            "a template must be rendered first",
        ),
        ("x.yaml", b"a: [b\n", "malformed YAML"),
        (
            "x.yaml",
            b"a: &a [*a]\n",
            "an alias refers to a node around it",
        ),
        ("x.yaml", b"a: *b\n", "malformed YAML"),
        ("x.json", b"{\"env\": ", "malformed YAML"),
    ] {
        let said = said_beside_another(name, bytes);
        assert!(said.contains(says), "{name}: {says}: {said}");
    }
}

#[test]
fn a_file_without_a_service_of_ours_is_an_error_by_itself() {
    let nginx =
        "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - name: web\n      image: nginx\n";
    for (name, text, says) in [
        ("x.yaml", nginx, "no container of this program among web"),
        ("x.yaml", "a: b\n", "it starts no program"),
        ("x.yaml", "", "it starts no program"),
        (
            "x.service",
            "[Unit]\nDescription=x\n",
            "it starts no program",
        ),
        (
            "x.service",
            "[Service]\nExecStart=/usr/sbin/cron\nTimeoutStopSec=1s\n",
            "no container of this program among x.service",
        ),
        ("x.cfg", "a\n", "the name is of no known format"),
        (
            "x.yaml",
            "services:\n  db: {image: postgres}\n",
            "no container of this program among db",
        ),
    ] {
        let files = Files::new(&[(name, text)]);
        let checked = files.check(&[name]);
        assert_eq!(checked.code, Some(78), "{checked:?}");
        assert!(checked.stdout.contains(says), "{says}: {checked:?}");
    }
}

#[test]
fn carriage_returns_and_byte_order_marks_change_nothing() {
    for (name, text) in [
        ("a.yaml", include_str!("good/app.yaml")),
        ("compose.yaml", include_str!("good/compose.yaml")),
        ("a.env", include_str!("good/.env")),
        ("Procfile", include_str!("good/Procfile")),
        ("Dockerfile", include_str!("good/Dockerfile")),
        ("a.service", "[Service]\nEnvironment=APP_LOG_FORMAT=json\n"),
    ] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let files = Files::new(&[(name, &windows)]);
        assert_eq!(files.findings(&[name]), [], "{name}");
    }
}

#[test]
fn variables_that_repeat_variables_fill_no_memory() {
    let doubled = |line: &dyn Fn(usize) -> String| -> String { (1..64).map(line).collect() };
    let env_file = format!(
        "A0=xxxxxxxx\n{}",
        doubled(&|at| format!("A{at}=$A{0}$A{0}\n", at - 1))
    );
    let kubernetes = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: demo-service}}\nspec:\n  containers:\n    \
         - name: demo-service\n      env:\n        - {{name: A0, value: xxxxxxxx}}\n{}",
        doubled(&|at| format!("        - {{name: A{at}, value: $(A{0})$(A{0})}}\n", at - 1))
    );
    let dockerfile = format!(
        "FROM debian\nENV A0=xxxxxxxx\n{}ENTRYPOINT [\"demo-service\"]\n",
        doubled(&|at| format!("ENV A{at}=$A{0}$A{0}\n", at - 1))
    );
    let dotenv = format!(
        "A0=xxxxxxxx\n{}",
        doubled(&|at| format!("A{at}=${{A{0}}}${{A{0}}}\n", at - 1))
    );
    let compose = "services:\n  demo-service:\n    image: demo-service\n    env_file: [b.env]\n";
    let files = Files::new(&[
        ("compose.yaml", compose),
        ("b.env", &env_file),
        (".env", &dotenv),
        ("app.yaml", &kubernetes),
        ("Dockerfile", &dockerfile),
    ]);
    for name in ["compose.yaml", "b.env", ".env", "app.yaml", "Dockerfile"] {
        let (code, said) = limited(512 * 1024, &files, name);
        assert!(matches!(code, Some(0 | 78)), "{name}: {code:?} {said}");
    }
}

/// Runs the check under a limit on memory, in KiB, beside a file with a mistake that must be
/// named all the same. Returns the code and the output about the file itself.
fn limited(kib: u32, files: &Files, name: &str) -> (Option<i32>, String) {
    files.write("another.yaml", MISTAKEN.as_bytes());
    let (code, said) = run(kib, files, &[name, "another.yaml"]);
    let is_about_another = |line: &&str| line.starts_with("another.yaml:");
    let another: Vec<&str> = said.lines().filter(is_about_another).collect();
    assert!(
        another.iter().any(|line| line.contains("APP_PROT")),
        "{said:.500}"
    );
    let mut own = String::new();
    for line in said.lines().filter(|line| !is_about_another(line)) {
        own.push_str(line);
        own.push('\n');
    }
    (code, own)
}

fn run(kib: u32, files: &Files, names: &[&str]) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_demo-service-under-test");
    let run = format!("ulimit -v {kib}; exec \"$0\" config --check \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &run, program])
        .args(names)
        .current_dir(files.dir.path())
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (
        output.status.code(),
        said + &String::from_utf8_lossy(&output.stderr),
    )
}

#[test]
fn a_file_of_50_mb_is_refused() {
    let files = Files::new(&[]);
    files.write("x.yaml", &vec![b'a'; 50_000_000]);
    let (code, said) = run(1_000_000, &files, &["x.yaml"]);
    assert_eq!(code, Some(78), "{said}");
    assert!(said.contains("it is larger than 16 MiB"), "{said}");
    let (_, beside_another) = limited(1_000_000, &files, "x.yaml");
    assert_eq!(beside_another, said);
}

#[test]
fn ten_thousand_documents_are_judged() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  enableServiceLinks: false\n  terminationGracePeriodSeconds: 45\n  containers:\n    - name: demo-service\n      env: [{name: APP_PORT, value: '80'}]\n---\n";
    let mistaken = pod.replace("APP_PORT", "APP_PROT");
    let files = Files::new(&[("x.yaml", &(pod.repeat(9_999) + &mistaken))]);
    let (code, said) = limited(1_500_000, &files, "x.yaml");
    assert_eq!((code, said.lines().count()), (Some(78), 1), "{said:.500}");
    assert!(said.contains("x.yaml:89999:20: APP_PROT: "), "{said}");
}

#[test]
fn anchors_that_explode_are_bounded() {
    let mut aliases = "a0: &a0 x\n".to_owned();
    let mut merges = "a0: &a0 {k: x}\n".to_owned();
    let mut lists =
        "apiVersion: v1\nkind: List\nx: &a0 {kind: List, apiVersion: v1, items: []}\n".to_owned();
    for n in 0..40 {
        let next = n + 1;
        writeln!(aliases, "a{next}: &a{next} [*a{n}, *a{n}, *a{n}, *a{n}]").unwrap();
        writeln!(merges, "a{next}: &a{next} {{<<: [*a{n}, *a{n}], k{n}: y}}").unwrap();
        writeln!(
            lists,
            "x{next}: &a{next} {{kind: List, apiVersion: v1, items: [*a{n}, *a{n}]}}"
        )
        .unwrap();
    }
    writeln!(lists, "items: [*a40]").unwrap();
    let nested =
        "services: {app: {environment: {APP_X: \"".to_owned() + &"${A:-".repeat(100_000) + "\"}}}";
    let deep = "[".repeat(1_000_000);
    let interpolations = format!(
        "services: {{app: {{environment: {{APP_X: \"{}\"}}}}}}",
        "${A}".repeat(100_000)
    );
    for text in [aliases, merges, lists, nested, deep, interpolations] {
        let files = Files::new(&[("x.yaml", &text)]);
        let (code, said) = limited(1_000_000, &files, "x.yaml");
        assert!(matches!(code, Some(0 | 78)), "{text:.60}: {said:.500}");
        assert!(said.len() < 1_000, "{text:.60}: {said:.500}");
    }
}

#[test]
fn a_limit_is_named_with_its_number() {
    let objects = "apiVersion: v1\nkind: List\nitems:\n".to_owned() + &"- {}\n".repeat(20_001);
    for (name, text, said) in [
        (
            "Procfile",
            "a: A=b x\n".repeat(1_001),
            "more than 1000 processes",
        ),
        ("x.yaml", objects, "more than 20000 objects"),
        ("x.yaml", "- ".repeat(1_000), "nested more than"),
    ] {
        let files = Files::new(&[(name, &text)]);
        let checked = files.check(&[name]);
        assert_eq!(checked.code, Some(78), "{said}: {checked:.500?}");
        assert!(checked.stdout.contains(said), "{said}: {checked:.500?}");
    }
}

#[test]
fn files_of_a_million_lines_are_bounded() {
    for (name, line) in [
        ("x.env", "A=b\n"),
        ("x.service", "Environment=A=b\n"),
        ("Dockerfile", "ENV A=b\n"),
        ("Procfile", "a: A=b x\n"),
        ("x.yaml", "- a\n"),
    ] {
        let files = Files::new(&[(name, &line.repeat(500_000))]);
        let (code, said) = limited(1_500_000, &files, name);
        assert!(matches!(code, Some(0 | 78)), "{name}: {code:?} {said:.500}");
        assert!(said.len() < 100_000, "{name}: {said:.500}");
    }
}

#[test]
fn a_name_that_a_terminal_obeys_is_escaped() {
    let text = "services:\n  app:\n    stop_grace_period: 1m\n    environment:\n      \"APP_\\e[31mX\\u202e\": a\n";
    let files = Files::new(&[("\u{1b}x.yaml", text)]);
    let checked = files.check(&["\u{1b}x.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let escapes = |text: &str| text.contains('\u{1b}') || text.contains('\u{202e}');
    assert!(!escapes(&checked.stdout), "{checked:?}");
    assert!(
        checked
            .stdout
            .starts_with("\\u{1b}x.yaml:5:7: (no name): warning: set"),
        "{checked:?}"
    );
}

#[test]
fn standard_input_is_limited_too() {
    let files = Files::new(&[]);
    let long = "a".repeat(20_000_000);
    let checked = check(files.dir.path(), &["--format", "json", "-"], &long);
    let found = findings(&checked);
    assert_eq!((found[0].file.as_str(), found[0].line), ("-", 1));
    assert!(found[0].message.contains("larger than 16 MiB"), "{found:?}");
}

/// The files that a file refers to are as bad, and each is named where it is referred to.
#[test]
fn files_that_a_file_refers_to_are_bounded_and_named() {
    let files = Files::new(&[
        ("dir/x", ""),
        ("binary", "\0"),
        ("missing/x", ""),
        ("latin", ""),
    ]);
    files.write("large", &vec![b'a'; 50_000_000]);
    files.write("latin", b"APP_A=\xff\n");
    let dir = files.dir.path();
    fs::remove_dir_all(dir.join("missing")).unwrap();
    let status = Command::new("mkfifo")
        .arg(dir.join("pipe"))
        .status()
        .unwrap();
    assert!(status.success());
    std::os::unix::fs::symlink("loop", dir.join("loop")).unwrap();
    let service = |with: &str| {
        format!(
            "services:\n  demo-service:\n    image: demo-service\n    stop_grace_period: 1m\n    {with}\n"
        )
    };
    for (path, says) in [
        ("dir", "is a directory"),
        ("binary", "is binary"),
        ("missing", "No such file"),
        ("latin", "not UTF-8"),
        ("large", "larger than 16 MiB"),
        ("pipe", "cannot be read"),
        ("loop", "cannot be read"),
    ] {
        let extends = service(&format!("extends: {{file: {path}, service: a}}"));
        let env_file = service(&format!("env_file: {path}"));
        for (text, key) in [(extends, "extends"), (env_file, "env_file")] {
            files.write("x.yaml", text.as_bytes());
            let (code, said) = limited(1_000_000, &files, "x.yaml");
            assert_eq!(code, Some(78), "{path}: {said}");
            let is_said = said.contains(&format!(": {key}: ")) && said.contains(says);
            assert!(is_said, "{path} {key}: {said}");
        }
        let generator = format!("configMapGenerator: [{{name: a, envs: [{path}]}}]\n");
        files.write("kustomization.yaml", generator.as_bytes());
        let (_, said) = limited(1_000_000, &files, "kustomization.yaml");
        assert!(said.contains(says), "{path}: {said}");
        let generator = format!("configMapGenerator: [{{name: a, files: [APP_ENV={path}]}}]\n");
        files.write("kustomization.yaml", generator.as_bytes());
        let (code, said) = limited(1_000_000, &files, "kustomization.yaml");
        assert!(
            matches!(code, Some(78)) && said.len() < 1_000,
            "{path}: {said}"
        );
    }
}

#[test]
fn services_that_extend_each_other_without_end_are_bounded() {
    let service = |name: &str, base: &str| {
        format!(
            "  {name}:\n    image: demo-service\n    stop_grace_period: 1m\n    extends: {{file: x.yaml, service: {base}}}\n"
        )
    };
    let all: String = (0..2_000)
        .map(|n| service(&format!("a{n}"), &format!("a{}", (n + 1) % 2_000)))
        .collect();
    let files = Files::new(&[("x.yaml", &format!("services:\n{all}"))]);
    let (code, said) = limited(1_000_000, &files, "x.yaml");
    assert!(
        matches!(code, Some(0 | 78)) && said.len() < 1_000,
        "{said:.500}"
    );
}

#[test]
fn copies_of_a_large_config_map_are_bounded() {
    let text = "x".repeat(4_000_000);
    let map =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{X: {text}}}\n");
    let pod = "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: demo-service, envFrom: [{configMapRef: {name: a}}]}]}\n";
    let files = Files::new(&[("x.yaml", &(map + &pod.repeat(1_000)))]);
    let (code, said) = limited(1_500_000, &files, "x.yaml");
    assert_eq!(code, Some(78), "{said:.500}");
    assert!(said.contains("256 MiB of texts"), "{said:.500}");
}
