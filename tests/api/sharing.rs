//! Which types and futures threads can share and send.

use std::thread;

use environ::{EnvConfig, Secret};

#[derive(Debug, EnvConfig)]
struct Cfg {
    port: u16,
    token: Secret<String>,
}

/// A store that is connected to between two steps of a loader.
async fn connect() -> environ::secrets::VaultEnvSecrets {
    tokio::task::yield_now().await;
    environ::secrets::VaultEnvSecrets::new("VAULT")
}

/// The loader is held across the `await`, so it must be `Send`.
#[test]
fn a_load_with_an_await_in_its_chain_is_spawned() {
    let load = async {
        let loader = Cfg::loader()
            .source([("APP_PORT", "80"), ("VAULT_TOKEN", "hunter2")])
            .secrets(connect().await);
        tokio::task::yield_now().await;
        loader.load()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let loaded = runtime
        .unwrap()
        .block_on(async { tokio::spawn(load).await });
    let config = loaded.unwrap().unwrap().config;
    assert_eq!((config.port, &**config.token.expose()), (80, "hunter2"));
}

#[test]
fn threads_share_a_loader() {
    let loader = Cfg::loader().source([("APP_PORT", "80"), ("APP_TOKEN", "hunter2")]);
    thread::scope(|scope| {
        let loads = [(); 2].map(|()| scope.spawn(|| loader.load().unwrap().config.port));
        for load in loads {
            assert_eq!(load.join().ok(), Some(80));
        }
    });
}
