//! `environ/docs/tutorial.md`, step by step as a reader takes them.

use crate::guides;
use crate::page::{Step, blocks, steps};
use crate::place::{Place, repository, said};

const PAGE: &str = include_str!("../../environ/docs/tutorial.md");

/// Returns the command with a path in place of the registry, which has no such package yet.
fn with_path(command: &str) -> String {
    let package = repository().join("environ");
    let path = format!("environ-config --path '{}'", package.display());
    command.replace("environ-config", &path)
}

/// Adds the block that is next to `src/main.rs`.
fn add(place: &Place, main: &mut String, block: &str) {
    main.push('\n');
    main.push_str(block);
    place.write("src/main.rs", main);
}

#[test]
fn the_tutorial_leads_to_a_service_with_a_checked_manifest() {
    let mut place = Place::new();
    let [create, enter, packages @ .., failing, token, start, ask] = &*steps(PAGE) else {
        panic!("the tutorial has other steps");
    };
    place.succeed(&create.command);
    assert_eq!(enter.command, "cd greeter");
    place.enter("greeter");
    assert_eq!(packages.len(), 4);
    for Step { command, .. } in packages {
        place.succeed(&with_path(command));
    }

    let [service, loading, checking] = &*blocks(PAGE, "rust") else {
        panic!("the tutorial has other blocks");
    };
    let mut main = service.clone();
    place.write("src/main.rs", &main);
    let failed = place.run(&failing.command);
    let failed_said = said(&failed);
    assert_eq!(failed.status.code(), Some(78), "{failed_said}");
    assert!(!failed_said.contains("warning"), "{failed_said}");
    assert!(failed_said.ends_with(&failing.output), "{failed_said}");

    place.succeed(&token.command);
    assert_eq!(start.output, "listening on http://127.0.0.1:8000\n");
    let (service, address) = place.serve(&start.command);
    let command = ask.command.replace("http://127.0.0.1:8000", &address);
    let url = command.strip_prefix("curl ").unwrap();
    let answer = ureq::get(url).call().unwrap().into_body().read_to_string();
    assert_eq!(answer.unwrap(), ask.output);
    drop(service);

    add(&place, &mut main, loading);
    add(&place, &mut main, checking);
    let [faulty, containers] = &*blocks(PAGE, "yaml") else {
        panic!("the tutorial has other manifests");
    };
    let [findings] = &*blocks(PAGE, "text") else {
        panic!("the tutorial has other texts");
    };
    place.write("deploy/app.yaml", faulty);
    let failed = said(&place.run("cargo test"));
    assert!(failed.contains(findings), "{failed}");
    assert!(failed.contains("2 passed; 1 failed"), "{failed}");

    let (head, _) = faulty.split_once("      containers:\n").unwrap();
    place.write("deploy/app.yaml", &format!("{head}{containers}"));
    let passed = place.succeed("cargo test");
    assert!(passed.contains("3 passed; 0 failed"), "{passed}");
    assert!(!passed.contains("warning"), "{passed}");
    place.succeed("cargo fmt --check");

    guides::add(&place);
    let passed = place.succeed("cargo test --test guides");
    let count = format!("{} passed; 0 failed", guides::TESTS);
    assert!(passed.contains(&count), "{passed}");
    place.succeed("cargo clean --quiet -p greeter");
}
