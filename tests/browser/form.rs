//! The form of the log level, without a pointer.

use serde_json::json;

use crate::chromium::change;
use crate::process::Process;

const TOKEN: &str = "the-token-of-operators";

#[test]
fn the_log_level_is_changed_by_keyboard() {
    let process = Process::start(&[("APP_ADMIN_TOKEN", TOKEN)]);
    let address = process.client().address;
    let changed = change(address, TOKEN);
    assert_eq!(
        changed["order"],
        json!(["a", "level", "ttl", "token"]),
        "the order of the fields"
    );
    let text = changed["text"].as_str().unwrap();
    assert!(text.contains("debug, reverts to info in 9 min"), "{text}");
    let url = format!("http://{address}/-/");
    assert_eq!(changed["url"], url);
    let posted = format!("http://{address}/-/log-level");
    assert_eq!(changed["requests"], json!([url, posted, url]));
    assert_eq!(changed["violations"], json!([]));

    let refused = change(address, "wrong");
    let text = refused["text"].as_str().unwrap();
    assert!(
        text.contains(
            "The log level is not changed: the token that was sent is not the admin token"
        ),
        "{text}"
    );
    assert!(text.contains("debug, reverts to info in 9 min"), "{text}");
}
