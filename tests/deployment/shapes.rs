//! Files in the shapes of public deployments: each is without a finding, and a mistake in it is
//! named.

use crate::program::Files;
use crate::seeded::is_named;
use crate::shaped_mistakes::MISTAKES;

macro_rules! shapes {
    ($($file:literal)*) => {
        &[$(($file, include_str!(concat!("shapes/", $file)))),*]
    };
}

const SHAPES: &[(&str, &str)] = shapes! {
    "kubernetes/statefulset.yaml"
    "kubernetes/daemonset.yaml"
    "kubernetes/jobs.yaml"
    "kubernetes/list.yaml"
    "kubernetes/deployment.json"
    "kubernetes/sidecars.yaml"
    "helm/rendered.yaml"
    "kustomize/kustomization.yaml"
    "kustomize/settings.env"
    "kustomize/deployment.yaml"
    "compose/compose.yaml"
    "compose/files.yaml"
    "compose/common.env"
    "compose/raw.env"
    "compose/extends.yaml"
    "compose/base.yaml"
    "systemd/demo-service@.service"
    "systemd/demo-service.service"
    "systemd/demo-service.service.d/override.conf"
    "docker/Dockerfile"
    "docker/worker.Dockerfile"
    "docker/docker.env"
    "heroku/Procfile"
    "heroku/app.json"
    "dotenv/.env.example"
    "dotenv/production.env"
};

/// Returns the files that a pipeline checks, one of which reads this file.
fn checked(file: &str) -> &[&str] {
    match file {
        "compose/common.env" | "compose/raw.env" => &["compose/files.yaml"],
        "compose/base.yaml" => &["compose/extends.yaml"],
        "systemd/demo-service.service.d/override.conf" => &["systemd/demo-service.service"],
        file if file.starts_with("kustomize/") => {
            &["kustomize/kustomization.yaml", "kustomize/deployment.yaml"]
        }
        file => {
            let own = SHAPES.iter().find(|(name, _)| *name == file);
            own.map_or(&[], |(name, _)| std::slice::from_ref(name))
        }
    }
}

#[test]
fn files_in_public_shapes_have_no_finding() {
    let files = Files::new(SHAPES);
    for (file, _) in SHAPES {
        let found = files.findings(checked(file));
        assert_eq!(found, [], "{file}");
    }
}

#[test]
fn each_mistake_in_a_public_shape_is_named_and_has_few_findings() {
    let mut wrong = Vec::new();
    for mistake in MISTAKES {
        let files = Files::new(SHAPES);
        let good = SHAPES.iter().find(|(name, _)| *name == mistake.file);
        let good = good.unwrap().1;
        assert_eq!(good.matches(mistake.from).count(), 1, "{}", mistake.from);
        files.write(
            mistake.file,
            good.replace(mistake.from, mistake.to).as_bytes(),
        );
        let found = files.findings(checked(mistake.file));
        let is_there = found.iter().any(|finding| is_named(mistake, finding));
        if !is_there || found.len() > 4 {
            let place = (mistake.file, mistake.line, mistake.name, mistake.to);
            wrong.push(format!("{place:?}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
