//! Each reader against the program that it stands for: the same names, and the same values
//! or none.
//!
//! A value is asked for by a check that the library lets a program add.

mod compose;
mod exports;
mod systemd;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use environ::EnvConfig;
use environ::deployment::Workload;

use crate::asked::{Nothing, asked};
use crate::component::component;
use crate::program::Files;

/// The number of files for each reader.
const FILES: usize = 300;

type Variables = BTreeMap<String, String>;

/// Returns the variables that the readers find, by workload.
fn read(paths: &[PathBuf]) -> BTreeMap<String, Variables> {
    let mut deployment = Nothing::deployment();
    for path in paths {
        deployment = deployment.file(path);
    }
    let variables =
        |workload: &Workload| (workload.name().to_owned(), workload.variables().clone());
    asked(deployment, variables).1.into_iter().collect()
}

/// A generator of numbers: always the same, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    /// A text of letters that readers treat in a way of their own.
    fn text(&mut self, parts: &[&str], most: usize) -> String {
        (0..self.below(most + 1))
            .map(|_| self.one_of(parts))
            .collect()
    }
}

const PARTS: &[&str] = &[
    "a", "B", "1", "é", " ", " ", "\t", "#", " #", "\"", "'", "\\", "\\n", "\\\"", "\\'", "=", ";",
    "%", "x y", "`", ":", ",", "{", "}", "(", ")", "-", "$", "$$",
];

/// Lines as files of variables have them, some of them malformed.
fn env_file(random: &mut Random, parts: &[&str]) -> String {
    let mut text = String::new();
    for index in 0..=random.below(6) {
        let quote = random.one_of(&["", "", "\"", "'"]);
        let value = random.text(parts, 5);
        let export = random.one_of(&["", "", "", "", "export ", " "]);
        let equals = random.one_of(&["=", "=", "=", "= ", " = ", ""]);
        let end = random.one_of(&["\n", "\n", "\n", "\r\n", " # c\n", "\n# c\n", "\n\n", " \n"]);
        write!(text, "{export}X_{index}{equals}{quote}{value}{quote}{end}").unwrap();
    }
    text
}

#[test]
fn dotenv_files_are_read_as_python_dotenv_does() {
    let mut random = Random(20_270_101);
    let mut parts = PARTS.to_vec();
    parts.extend(["${X_0}", "${Y:-d}", "${Y}", "\n"]);
    let texts: Vec<String> = (0..FILES).map(|_| env_file(&mut random, &parts)).collect();
    let script = "import sys, json, io, logging\nfrom dotenv import dotenv_values\nlogging.disable()\n\
        print(json.dumps([{k: v for k, v in dotenv_values(stream=io.StringIO(t)).items() if v is not None} for t in json.load(sys.stdin)]))";
    let said = run(
        Command::new(component("python/bin/python"))
            .env_clear()
            .args(["-c", script]),
        &serde_json::to_string(&texts).unwrap(),
    );
    let theirs: Vec<Variables> = serde_json::from_str(&said).unwrap();
    compare(&texts, &theirs, "x.env");
}

/// dotenvy stops at a line that it cannot read, and says so; the lines before and after that
/// are compared.
#[test]
fn dotenv_files_are_read_as_dotenvy_does_or_the_difference_is_reported() {
    let mut random = Random(20_270_106);
    let parts: Vec<&str> = PARTS.iter().copied().chain(["${X_0}", "$X_0"]).collect();
    let files = Files::new(&[]);
    let path = files.dir.path().join("x.env");
    let (mut same, mut reported) = (0, 0);
    for _ in 0..FILES {
        let text = env_file(&mut random, &parts);
        files.write("x.env", text.as_bytes());
        let theirs: Variables = dotenvy::from_read_iter(text.as_bytes()).flatten().collect();
        let ours = read(std::slice::from_ref(&path)).remove("x.env").unwrap();
        let report = Nothing::deployment().file(&path).check();
        for (name, value) in theirs.iter().filter(|(name, _)| ours.contains_key(*name)) {
            let is_reported = report
                .findings()
                .any(|it| it.name() == name && it.code() == "dialect");
            let is_same = ours.get(name) == Some(value);
            assert!(
                is_same || is_reported,
                "{name} {value:?} {text:?}\n{report}"
            );
            same += usize::from(is_same);
            reported += usize::from(!is_same);
        }
    }
    assert!(same > FILES && reported > 10, "{same} {reported}");
}

#[test]
fn files_for_docker_are_read_as_podman_does() {
    let mut random = Random(20_270_102);
    // docker rejects white space in a name, which podman takes for a part of it.
    let has_spaced_name = |line: &str| {
        let name = line.split('=').next().unwrap_or_default();
        name.trim_start().contains([' ', '\t']) && !line.trim_start().starts_with('#')
    };
    let is_wanted = |text: &String| !text.lines().any(has_spaced_name);
    let texts = std::iter::repeat_with(|| env_file(&mut random, PARTS)).filter(is_wanted);
    let texts: Vec<String> = texts.take(FILES).collect();
    let podman = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/container/podman");
    let image = "docker.io/library/debian:bookworm-slim";
    let files = Files::new(&[]);
    // One container reads all files, each with names of its own.
    let mut create = Command::new(&podman);
    create.arg("create");
    for (index, text) in texts.iter().enumerate() {
        let name = format!("{index}.env");
        files.write(&name, text.replace("X_", &format!("X{index}_")).as_bytes());
        create.arg("--env-file").arg(files.dir.path().join(name));
    }
    let id = run(create.args([image, "true"]), "");
    let format = "{{range .Config.Env}}{{printf \"%q\\n\" .}}{{end}}";
    let said = run(
        Command::new(&podman).args(["inspect", "--format", format, id.trim()]),
        "",
    );
    run(Command::new(&podman).args(["rm", id.trim()]), "");
    let mut theirs = vec![Variables::new(); texts.len()];
    for line in said.lines() {
        let line: String = serde_json::from_str(line).unwrap_or_default();
        let Some((index, rest)) = line.strip_prefix('X').and_then(|it| it.split_once('_')) else {
            continue;
        };
        if let (Ok(index), Some((name, value))) = (index.parse::<usize>(), rest.split_once('=')) {
            let own = format!("X{index}_");
            theirs[index].insert(format!("X_{name}"), value.replace(&own, "X_"));
        }
    }
    compare(&texts, &theirs, "docker.env");
}

#[test]
fn literals_and_env_files_are_read_as_kustomize_does() {
    let mut random = Random(20_270_103);
    let dir = Files::new(&[]);
    let mut kustomization = "configMapGenerator:\n".to_owned();
    let mut texts = Vec::new();
    for index in 0..FILES {
        let value = random.text(PARTS, 5).replace('\t', "");
        let literal = serde_json::to_string(&format!("X_A={value}")).unwrap();
        let lines = format!(
            "X_B={}\n  X_C={}\n# c\n",
            random.text(PARTS, 4),
            random.text(PARTS, 4)
        );
        dir.write(&format!("{index}.env"), lines.as_bytes());
        writeln!(
            kustomization,
            "  - {{name: c{index}, literals: [{literal}], envs: [{index}.env]}}"
        )
        .unwrap();
        texts.push(format!("{literal} {lines:?}"));
    }
    kustomization.push_str("generatorOptions: {disableNameSuffixHash: true}\n");
    dir.write("kustomization.yaml", kustomization.as_bytes());
    let said = run(
        Command::new(component("bin/kubectl"))
            .arg("kustomize")
            .arg(dir.dir.path()),
        "",
    );
    dir.write("rendered.yaml", said.as_bytes());
    // Without its generators, or each ConfigMap would be there twice.
    let ours = read(&[dir.dir.path().join("kustomization.yaml")]);
    std::fs::remove_file(dir.dir.path().join("kustomization.yaml")).unwrap();
    let theirs = read(&[dir.dir.path().join("rendered.yaml")]);
    assert_eq!((ours.len(), theirs.len()), (FILES, FILES));
    for (index, text) in texts.iter().enumerate() {
        let name = format!("c{index}");
        assert_eq!(ours[&name], theirs[&name], "{text}");
    }
}

/// The types of plain scalars: Kubernetes rejects a value that is not text.
///
/// The program reads YAML with Python, for which `1e3` is text and `::` is malformed, so that
/// neither is here.
#[test]
fn values_are_rejected_as_kubernetes_schemas_do() {
    let mut wrong = Vec::new();
    for value in [
        "8000",
        "-1",
        "0.5",
        "true",
        "False",
        "yes",
        "No",
        "on",
        "OFF",
        "1_000",
        "0x1F",
        "\"8\"",
        "'yes'",
        "30s",
        "a",
        "1.2.3",
        "!!str 8",
        "|\n            8",
    ] {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  containers:\n    - name: x\n      image: x\n      env:\n        - name: X_NUMBER\n          value: {value}\n"
        );
        let files = Files::new(&[("a.yaml", &text)]);
        let path = files.dir.path().join("a.yaml");
        let output = Command::new(component("python/bin/kubernetes-validate"))
            .args(["--strict"])
            .arg(&path)
            .output()
            .unwrap();
        let report = Nothing::deployment().file(&path).check();
        let is_rejected = report.findings().any(|finding| finding.code() == "changed");
        if is_rejected == output.status.success() {
            wrong.push(value);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Compares each file. A value that names another variable may be unknown.
fn compare(texts: &[String], theirs: &[Variables], name: &str) {
    assert_eq!(texts.len(), theirs.len());
    let files = Files::new(&[]);
    let path = files.dir.path().join(name);
    let (mut compared, mut unknown) = (0, 0);
    for (text, theirs) in texts.iter().zip(theirs) {
        files.write(name, text.as_bytes());
        let mut ours = read(std::slice::from_ref(&path)).remove(name).unwrap();
        compared += ours.len();
        for (name, value) in theirs.iter().filter(|_| text.contains("${")) {
            if !ours.contains_key(name) {
                unknown += 1;
                ours.insert(name.clone(), value.clone());
            }
        }
        assert_eq!(&ours, theirs, "{text:?}\n{text}");
    }
    assert!(
        compared > texts.len() && unknown < compared / 4,
        "{compared} {unknown}"
    );
}

fn run(command: &mut Command, stdin: &str) -> String {
    use std::io::Write as _;

    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
