//! The check through the library, for any config type.

use environ::deployment::{Finding, Severity};
use environ::{EnvConfig, Secret};

use crate::program::Files;

#[derive(Debug, EnvConfig)]
#[env(prefix = "SHOP")]
#[expect(dead_code, reason = "only checked")]
struct Shop {
    /// Port to listen on.
    port: u16,
    #[env(default = 1)]
    workers: u8,
    #[env(group)]
    mail: Option<Mail>,
    token: Secret<String>,
    #[env(group)]
    upstream: Vec<Upstream>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only checked")]
struct Mail {
    host: String,
    #[env(default = 25)]
    port: u16,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only checked")]
struct Upstream {
    host: String,
}

fn said(name: &str, text: &str) -> Vec<String> {
    let files = Files::new(&[(name, text)]);
    let path = files.dir.path().join(name);
    let report = Shop::deployment().file(&path).check();
    let dir = format!("{}/", files.dir.path().display());
    report
        .findings()
        .map(|finding| finding.to_string().replace(&dir, ""))
        .collect()
}

#[test]
fn all_mistakes_of_a_file_are_reported_at_once() {
    let text = "SHOP_PROT=80\nSHOP_WORKERS=300\nSHOP_MAIL_PORT=26\nSHOP_TOKEN=x\nSHOP_UPSTREAM_0_HOST=a\nSHOP_UPSTREAM_2_HOST=b\n";
    assert_eq!(
        said("a.env", text),
        [
            "a.env:1:1: SHOP_PORT: not set; expected a u16; SHOP_PROT is set but not read; is it meant?",
            "a.env:2:14: SHOP_WORKERS: \"300\" is not a u8: it must be from 0 to 255",
            "a.env:3:1: SHOP_MAIL_HOST: not set; required because SHOP_MAIL_PORT is set; set it",
            "a.env:4:12: SHOP_TOKEN: warning: a secret in plain text; keep the file out of the repository, or name a file in SHOP_TOKEN_FILE",
            "a.env:6:1: SHOP_UPSTREAM_1_*: 1 is left out, since SHOP_UPSTREAM_2_* is set; groups are numbered from 0, without a gap",
        ]
    );
}

#[test]
fn a_dockerfile_need_not_set_what_is_required() {
    assert_eq!(said("Dockerfile", "FROM x\nENV SHOP_WORKERS=2\n"), [""; 0]);
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "SHOP")]
#[expect(dead_code, reason = "only checked")]
struct Range {
    #[env(group)]
    size: Size,
}

#[derive(Debug, EnvConfig)]
#[env(validate = in_order)]
struct Size {
    #[env(default = 1)]
    min: u8,
    #[env(default = 2, alias = "MOST")]
    max: u8,
}

fn in_order(size: &Size) -> Result<(), String> {
    let is_in_order = size.min <= size.max;
    is_in_order
        .then_some(())
        .ok_or_else(|| "min is above max".to_owned())
}

/// The deployment may add the variable that puts it right.
#[test]
fn a_dockerfile_is_judged_as_a_whole_where_it_sets_the_whole_group() {
    let codes = |name: &str, text: &str| -> Vec<(&'static str, Severity)> {
        let files = Files::new(&[(name, text)]);
        let report = Range::deployment()
            .file(files.dir.path().join(name))
            .check();
        report
            .findings()
            .map(|finding| (finding.code(), finding.severity()))
            .collect()
    };
    assert_eq!(codes("Dockerfile", "FROM x\nENV SHOP_SIZE_MIN=3\n"), []);
    assert_eq!(
        codes("a.env", "SHOP_SIZE_MIN=3\n"),
        [("constraint", Severity::Error)]
    );
    assert_eq!(
        codes("Dockerfile", "FROM x\nENV SHOP_SIZE_MIN=3 MOST=2\n"),
        [("constraint", Severity::Warning)]
    );
}

#[test]
fn a_container_alone_is_that_of_the_program() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: x\n";
    assert_eq!(
        said("a.yaml", text),
        [
            "a.yaml:5:13: SHOP_PORT: not set; expected a u16; set it",
            "a.yaml:5:13: SHOP_TOKEN: not set; set it",
        ]
    );
}

#[test]
fn options_of_the_check_are_heeded() {
    let files = Files::new(&[("a.env", "BLUE_PORT=80\nBLUE_X=1\nBLUE_Y=1\n")]);
    let path = files.dir.path().join("a.env");
    let check = || {
        Shop::deployment()
            .file(&path)
            .prefix("blue")
            .secrets_elsewhere()
    };
    let names = |report: &environ::deployment::Report| -> Vec<String> {
        report
            .findings()
            .map(|finding| finding.name().to_owned())
            .collect()
    };
    let report = check().known(["BLUE_X"]).check();
    assert_eq!(names(&report), ["BLUE_Y"]);
    assert_eq!(report.count(Severity::Warning), 1);
    let strict = check().strict().known(["BLUE_*"]).check();
    assert!(strict.is_clean(), "{strict}");
    assert_eq!(check().strict().check().count(Severity::Error), 2);
    let extra = check().known(["BLUE_*"]).with(|workload| {
        let value = &workload.variables()["BLUE_PORT"];
        assert!(workload.knows_all("BLUE_"));
        let place = workload.place_of("BLUE_PORT").clone();
        vec![Finding::error(
            place,
            "BLUE_PORT",
            "odd",
            format!("{value} is odd; write 81"),
        )]
    });
    let report = extra.check();
    let finding = report.findings().next().unwrap();
    assert_eq!((finding.place().line(), finding.place().column()), (1, 11));
    assert_eq!(finding.message(), "80 is odd; write 81");
}
