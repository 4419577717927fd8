//! The simulated game platform of CTF teams.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use crate::{http::request, installation::Installation};
use xtask::process::Daemon;

/// The path of its API.
const API: &str = "/integrations/syned/v1";
/// The token that it accepts.
const TOKEN: &str = "fake-token";
/// The flag that lets servers call it.
pub(crate) const FLAG: &str = "game_platform_integration";
/// The words of pages without it.
pub(crate) const OFF: &str = "No scores are fetched.";

/// A running simulated game platform.
pub(crate) struct GamePlatform {
    port: u16,
    _daemon: Daemon,
}

impl GamePlatform {
    /// Starts it, waits until it answers, and connects an installation. The flag stays at 0 %.
    pub(crate) async fn start(installation: &mut Installation) -> Result<Self> {
        let (port, daemon) = installation.fake("game-platform")?;
        let base = format!("http://127.0.0.1:{port}{API}");
        installation.settings.extend([
            ("GAME_PLATFORM_API_BASE_URL", base),
            ("GAME_PLATFORM_API_TOKEN", TOKEN.to_owned()),
            ("GAME_PLATFORM_INTEGRATION_ENABLED", "true".to_owned()),
        ]);
        let platform = Self { port, _daemon: daemon };
        for _ in 0..100 {
            if platform.calls().await.is_ok() {
                return Ok(platform);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the fake game platform does not answer")
    }

    /// Changes its faults, accounts or solves; returns its answer.
    pub(crate) async fn change(&self, path: &str, change: &Value) -> Result<Value> {
        let answer = request(self.port, "POST", path, &[], Some(change)).await?;
        ensure!(answer.status < 300, "the fake game platform refused {path}: {}", answer.text());
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        answer.json()
    }

    /// Reads its API like a server.
    pub(crate) async fn read(&self, path: &str) -> Result<Value> {
        let token = format!("Bearer {TOKEN}");
        let headers = [("Authorization", token.as_str())];
        let path = format!("{API}{path}");
        let answer = request(self.port, "GET", &path, &headers, None).await?;
        ensure!(answer.status < 300, "the fake game platform refused {path}: {}", answer.text());
        answer.json()
    }

    /// Counts the calls so far.
    pub(crate) async fn calls(&self) -> Result<u64> {
        let answer = request(self.port, "GET", "/_calls", &[], None).await?;
        Ok(answer.json()?["total"].as_u64().unwrap_or_default())
    }
}
