//! The variables of the service.

use std::net::IpAddr;
use std::time::Duration;

use environ::EnvConfig;

/// The configuration of the service.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub struct AppConfig {
    /// Address to listen on.
    #[env(default = "127.0.0.1")]
    pub host: IpAddr, // APP_HOST
    /// Port to listen on; 0 picks a free port.
    #[env(default = 8000, alias = "PORT")]
    pub port: u16, // APP_PORT, or PORT
    /// Time to serve after SIGTERM, until load balancers have removed the instance.
    #[env(default = "5s")]
    pub drain_delay: Duration, // APP_DRAIN_DELAY
    /// First word of the answer.
    #[env(default = "Hello", non_empty)]
    pub greeting: String, // APP_GREETING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_valid() {
        environ::testing::assert_valid::<AppConfig>();
    }

    #[test]
    fn the_manifest_is_clean() {
        let report = AppConfig::deployment().file("deploy/app.yaml").check();
        assert!(report.is_clean(), "\n{report}");
    }
}
