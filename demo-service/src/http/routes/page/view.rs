//! The pages. `maud` escapes every text that is put in.

use std::time::{Duration, SystemTime};

use actix_web::http::header::HttpDate;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rustix::system::uname;

use super::configuration::configuration;
use super::shown::{Shown, counted, latency, span};
use crate::config::LEVELS;
use crate::health::heartbeat::NOT_CHECKED;
use crate::health::{Phase, unready};
use crate::http::access::Needs;
use crate::state::AppState;
use crate::version::Version;

/// The style of all pages, in each page, so that a page is a single file.
pub(super) const STYLE: &str = include_str!("style.css");

/// Returns the page that says which service this is.
pub(super) fn root(has_link: bool) -> Markup {
    document(
        "demo-service",
        &html! {
            h1 { "demo-service " span.dim { (Version::NUMBER) } }
            p { "A deployment-friendly service. It answers " a href="/hello" { "/hello" }
                " and " a href="/visits" { "/visits" } "." }
            @if has_link { p { a href="/-/" { "The state of this instance" } } }
        },
    )
}

/// Returns the state page, with the reason why a change was rejected if there is one.
pub(super) fn page(state: &AppState, needs: Needs, rejected: Option<&str>) -> Markup {
    let why = unready(&state.readiness, &state.heartbeat);
    let word = why.unwrap_or("ready");
    document(
        &format!("demo-service: {word}"),
        &html! {
            (header(state, why))
            @if let Some(why) = rejected {
                p role="alert" { "The log level is not changed: " (Shown(why)) }
            }
            (warnings(state))
            div.cards {
                section { (requests(state)) }
                section { (checks(state)) (secrets(state)) }
                section { (stop(state)) }
                section { (log_level(state, needs)) }
            }
            (configuration(state.effective_config.get().variables()))
        },
    )
}

fn document(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    }
}

fn header(state: &AppState, why: Option<&str>) -> Markup {
    let class = match (why, state.readiness.phase()) {
        (None, _) => "ok",
        (_, Phase::Ready) => "bad",
        _ => "warn",
    };
    let now = HttpDate::from(SystemTime::now());
    html! {
        header {
            h1 { "demo-service " span.dim { (Shown(state.version.number())) } }
            p.state.(class) {
                @match why {
                    None => "ready",
                    Some(why) => { "not ready: " (Shown(why)) }
                }
                @if let Some(left) = state.readiness.paused_for() { ", for " (span(left)) }
            }
            p.dim { "As of " (now) " \u{b7} " a href="/-/" { "reload" } }
        }
        (facts(state))
    }
}

fn facts(state: &AppState) -> Markup {
    let commit = state.version.json()["commit"].as_str().unwrap_or_default();
    let config = state.effective_config.get();
    let environment = config.value("APP_ENV").unwrap_or_default();
    let host = uname();
    html! {
        dl.facts {
            div { dt { "Host" } dd { (Shown(&host.nodename().to_string_lossy())) } }
            div { dt { "Environment" } dd { (Shown(environment)) } }
            @if !commit.is_empty() { div { dt { "Commit" } dd { code { (Shown(commit)) } } } }
            div { dt { "Phase" } dd { (state.readiness.phase().name()) } }
            div { dt { "Uptime" } dd { (span(state.started.elapsed())) } }
            div { dt { "In flight" } dd { (counted(state.requests.in_flight(), "request")) } }
            div { dt { "Open" } dd { (counted(state.connections.open(), "connection")) } }
        }
    }
}

fn warnings(state: &AppState) -> Markup {
    let config = state.effective_config.get();
    let warnings: Vec<_> = config.warnings().collect();
    html! {
        @if !warnings.is_empty() {
            section.warnings {
                h2 { "Warnings" }
                ul { @for warning in warnings { li { (Shown(warning)) } } }
            }
        }
    }
}

fn checks(state: &AppState) -> Markup {
    let (_, report) = state.heartbeat.report();
    let checks = report["details"].as_object();
    html! {
        h2 { "Checks" }
        table {
            thead { tr { th scope="col" { "Check" } th scope="col" { "Result" }
                th.number scope="col" { "Age" } } }
            tbody {
                @for (name, detail) in checks.into_iter().flatten() {
                    @let result = detail["state"].as_str().unwrap_or_default();
                    tr {
                        th scope="row" { (name) }
                        td.(result_class(result)) { (result) }
                        td.number { @if let Some(age) = detail["age_seconds"].as_u64() {
                            (age) " s"
                        } }
                    }
                }
            }
        }
    }
}

fn result_class(result: &str) -> &'static str {
    match result {
        "ok" => "ok",
        NOT_CHECKED => "dim",
        _ => "bad",
    }
}

fn stop(state: &AppState) -> Markup {
    let config = state.effective_config.get();
    let budget = config.stop();
    let load_balancers = state.load_balancers.last_states();
    html! {
        h2 { "Stop" }
        dl {
            dt { "Time" }
            dd { (format!("{:?}", budget.total)) ", from " (budget.origin_name()) }
            dt { "Delay" }
            dd {
                @if budget.delay.is_zero() { "none" }
                @else { (format!("{:?}", budget.delay)) " at most" }
                @if !budget.delay.is_zero() && !budget.keeps_delay && !state.load_balancers.is_asked() {
                    "; none now, because no client asks for readiness"
                }
            }
            dt { "In flight" }
            dd { (format!("{:?}", budget.finish())) " at least for their end" }
            dt { "Balancers" }
            dd {
                @if load_balancers.is_empty() { "none has sent its state" }
                @else { ul { @for one in &load_balancers { li { code { (Shown(&one.to_string())) } } } } }
            }
        }
    }
}

fn requests(state: &AppState) -> Markup {
    let minutes = [1, 5].map(|minutes| {
        let summary = state.metrics.recent.last(Duration::from_mins(minutes));
        (minutes, summary)
    });
    html! {
        h2 { "Requests of users" }
        table {
            thead { tr {
                th scope="col" { "Last" }
                th.number scope="col" { "Count" }
                th.number scope="col" { "5xx" }
                th.number scope="col" { "Median" }
                th.number scope="col" { "99 %" }
            } }
            tbody {
                @for (minutes, summary) in minutes {
                    tr {
                        th scope="row" { (minutes) " min" }
                        td.number { (summary.requests) }
                        td.number.(if summary.errors > 0 { "bad" } else { "dim" }) { (summary.errors) }
                        @for quantile in summary.quantiles.map_or([None; 2], |both| both.map(Some)) {
                            td.number { @match quantile {
                                Some(seconds) => (latency(seconds)),
                                None => "\u{2013}",
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn log_level(state: &AppState, needs: Needs) -> Markup {
    let level = state.log.level();
    html! {
        h2 #log-level { "Log level" }
        dl {
            dt { "In effect" }
            dd {
                code { (level) }
                @if let Some(left) = state.log.reverts_in() {
                    ", reverts to " code { (state.log.configured()) } " in " (span(left))
                }
            }
        }
        @if needs == Needs::Configuration {
            p.dim { "To change it here, set APP_ADMIN_TOKEN_FILE." }
        } @else {
            form method="post" action="/-/log-level" {
                label { "Level"
                    select name="level" {
                        @for name in LEVELS.into_iter().filter(|name| !["off", "error"].contains(name)) {
                            option value=(name) selected[name == level.default_name()] { (name) }
                        }
                    }
                }
                label { "For" input name="ttl" value="10m" size="6" required; }
                @if needs == Needs::Token {
                    label { "Token" input name="token" type="password" autocomplete="off" required; }
                }
                button type="submit" { "Change" }
            }
        }
    }
}

fn secrets(state: &AppState) -> Markup {
    let secrets: Vec<_> = state.secrets.iter().collect();
    html! {
        @if !secrets.is_empty() {
            h2 { "Secrets" }
            table {
                thead { tr { th scope="col" { "Secret" } th scope="col" { "Age" }
                    th scope="col" { "Expires in" } th scope="col" { "Health" } } }
                tbody {
                    @for secret in secrets {
                        tr {
                            th scope="row" { (secret.name) }
                            td { (span(secret.obtained.elapsed())) }
                            td { @match secret.expires_in() {
                                Some(left) => (span(left)),
                                None => "never",
                            } }
                            td { (secret.health) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::super::POLICY;
    use super::STYLE;

    #[test]
    fn the_policy_allows_the_style_by_its_hash() {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        let allowed = format!("style-src 'sha256-{hash}'");
        assert!(POLICY.contains(&allowed), "{allowed}");
        for exception in ["unsafe", "script-src", "*", "http:", "data:"] {
            assert!(!POLICY.contains(exception), "{exception}");
        }
    }
}
