//! A rust-analyzer, and requests to it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::component::component;

/// Until the project is loaded: its dependencies are compiled.
const DEADLINE: Duration = Duration::from_mins(5);

pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    root: PathBuf,
    uri: String,
    version: u64,
    id: u64,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server that has read the crate in `root`, with this text in `src/lib.rs`.
    pub(crate) fn start(root: &Path, text: &str) -> Self {
        let mut child = Command::new(component("bin/rust-analyzer"))
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut server = Self {
            input: child.stdin.take().unwrap(),
            child,
            messages,
            root: root.to_owned(),
            uri: format!("file://{}/src/lib.rs", root.display()),
            version: 1,
            id: 0,
        };
        let folder = format!("file://{}", root.display());
        server.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": folder,
                "workspaceFolders": [{ "uri": folder, "name": "project" }],
                "initializationOptions": options(root),
                "capabilities": {
                    "experimental": { "serverStatusNotification": true },
                    "workspace": { "configuration": true },
                    "textDocument": {
                        "completion": { "completionItem": { "documentationFormat": ["plaintext"] } },
                        "hover": { "contentFormat": ["markdown"] },
                    },
                },
            }),
        );
        server.send(&json!({ "method": "initialized", "params": {} }));
        let document =
            json!({ "uri": server.uri, "languageId": "rust", "version": 1, "text": text });
        server.send(&json!({
            "method": "textDocument/didOpen",
            "params": { "textDocument": document },
        }));
        server.wait(|message| {
            message["method"] == "experimental/serverStatus"
                && message["params"]["quiescent"] == true
        });
        server
    }

    /// Returns the labels and the documentation of what may stand at `|`.
    pub(crate) fn complete(&mut self, text: &str) -> Vec<(String, String)> {
        let at = self.edit(text);
        let answer = self.request("textDocument/completion", &at);
        let items = answer["items"].as_array().or(answer.as_array());
        let items: Vec<Value> = items.cloned().unwrap_or_default();
        let items = items.into_iter().map(|item| {
            let text = |value: &Value| {
                let text = value.as_str().or(value["value"].as_str());
                text.unwrap_or_default().to_owned()
            };
            (text(&item["label"]), text(&item["documentation"]))
        });
        items.collect()
    }

    /// Returns what is said of the word at `|`.
    pub(crate) fn hover(&mut self, text: &str) -> String {
        let at = self.edit(text);
        let answer = self.request("textDocument/hover", &at);
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Replaces the text of the file, without the `|`, and returns the place of that.
    fn edit(&mut self, text: &str) -> Value {
        let (before, after) = text.split_once('|').unwrap();
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let change = json!({ "text": format!("{before}{after}") });
        self.send(&json!({
            "method": "textDocument/didChange",
            "params": { "textDocument": document, "contentChanges": [change] },
        }));
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().chars().count();
        json!({
            "textDocument": { "uri": self.uri },
            "position": { "line": line, "character": character },
        })
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({ "id": id, "method": method, "params": params }));
        let mut answer = self.wait(|message| message["id"] == id && message["method"].is_null());
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Waits for a message, and answers the requests of the server.
    fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let left = DEADLINE.saturating_sub(start.elapsed());
            let message = self.messages.recv_timeout(left).unwrap();
            if is_wanted(&message) {
                return message;
            }
            if message["id"].is_null() || message["method"].is_null() {
                continue;
            }
            let items = message["params"]["items"].as_array().map_or(0, Vec::len);
            let result = match message["method"].as_str() {
                Some("workspace/configuration") => Value::from(vec![options(&self.root); items]),
                _ => Value::Null,
            };
            self.send(&json!({ "id": message["id"], "result": result }));
        }
    }

    fn send(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }
}

/// The sources of the standard library are a stand-in: rust-analyzer would install the real ones
/// in the toolchain, and the compiler would quote them in errors from then on.
fn options(root: &Path) -> Value {
    json!({
        "cargo": { "buildScripts": { "enable": true }, "sysrootSrc": root.join("library") },
        "procMacro": { "enable": true },
        "checkOnSave": false,
        "cachePriming": { "enable": false },
    })
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
