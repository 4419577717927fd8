//! The server that listens at the configured address, and its settings.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    time::Duration,
};

use axum::http::Method;
use kernel::Clock as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::{
    SystemClock,
    config::{Config, Setting, ShownValue},
    outside::{Answer, Http, ask, silence},
};

/// How long the server may take to respond.
const PATIENCE: Duration = Duration::from_secs(3);

/// Checks that a server can listen at the configured address or already does. With an admin's token, compares its
/// settings with this configuration.
///
/// # Errors
/// When another program uses the address, the token is refused, or the settings differ. The error says what to do.
pub async fn check(config: &Config, token: Option<&SecretString>) -> Result<String, String> {
    let http = Http::new(PATIENCE);
    let base = format!("http://{}", reachable(config.bind));
    let live = get(&http, &format!("{base}/livez"), None).await;
    let is_running = live.is_ok_and(|answer| answer.status.is_success() && answer.text == "ok");
    match (is_running, token) {
        (false, _) => may_listen(config.bind),
        (true, None) => Ok(format!(
            "runs at {base}. Its settings cannot be read without a token: to compare them with these, give an admin's \
             token with `--token-file`"
        )),
        (true, Some(token)) => compare(config, &http, &base, token).await,
    }
}

/// Asks the server or the worker that listens on `bind` whether it is ready, at the path of that check.
///
/// # Errors
/// When it does not respond within three seconds, or responds that it is not ready.
pub async fn probe(bind: SocketAddr, path: &str) -> anyhow::Result<()> {
    let url = format!("http://{}{path}", reachable(bind));
    let answer = get(&Http::new(PATIENCE), &url, None).await;
    let answer = answer.map_err(|why| anyhow::anyhow!("{url}: {why}"))?;
    anyhow::ensure!(answer.status.is_success(), "{url} responded with {}", answer.status);
    Ok(())
}

/// Returns an address at which a server that listens on `bind` can be reached from this machine.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let address = match bind.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, bind.port())
}

fn may_listen(bind: SocketAddr) -> Result<String, String> {
    match TcpListener::bind(bind) {
        Ok(_) => Ok(format!(
            "does not respond at {bind}, where it can listen. If it runs at another address, name that one: \
             `GUILDHALL_BIND=127.0.0.1:9000 guildhall doctor`"
        )),
        Err(error) => Err(format!(
            "cannot listen on {bind} ({error}): stop the program that uses this address, or set GUILDHALL_BIND to another"
        )),
    }
}

async fn get(http: &Http, url: &str, token: Option<&SecretString>) -> Result<Answer, &'static str> {
    let request = http.request(Method::GET, url);
    let request = request.map_err(|error| silence(&error))?;
    let request = match token {
        Some(token) => request.bearer_auth(token.expose_secret()),
        None => request,
    };
    let answer = ask("server", request, SystemClock.now()).await;
    answer.map_err(|error| silence(&error))
}

/// The settings of a server, as its API returns them.
#[derive(Deserialize)]
struct Settings {
    items: Vec<ReportedSetting>,
}

#[derive(Deserialize)]
struct ReportedSetting {
    key: String,
    value: Option<String>,
    is_secret: bool,
}

async fn compare(
    config: &Config,
    http: &Http,
    base: &str,
    token: &SecretString,
) -> Result<String, String> {
    let cannot = |why: String| format!("runs at {base}, but its settings cannot be read: {why}");
    let url = format!("{base}/api/v1/admin/settings");
    let answer = get(http, &url, Some(token)).await;
    let answer = answer.map_err(|why| cannot(why.to_owned()))?;
    if !answer.status.is_success() {
        return Err(cannot(format!(
            "it responded with {}. Use an admin's token with the scope 'admin'",
            answer.status
        )));
    }
    let there: Settings = serde_json::from_str(&answer.text)
        .map_err(|_| cannot("it runs a different release".to_owned()))?;
    let others = differing(&config.settings, &there.items);
    if others.is_empty() {
        Ok(format!("runs at {base} with these settings"))
    } else {
        Err(format!(
            "runs at {base} with different settings: {}. Restart it to apply these, or run `guildhall doctor` with its \
             settings",
            others.join(", ")
        ))
    }
}

/// Returns the variables whose values differ. Of secrets, only their presence is known.
fn differing(here: &[Setting], there: &[ReportedSetting]) -> Vec<&'static str> {
    let differs = |setting: &&Setting| {
        let here = match &setting.value {
            ShownValue::Nothing => (None, false),
            ShownValue::Secret => (None, true),
            ShownValue::Text(text) => (Some(text.as_str()), false),
        };
        let item = there.iter().find(|item| item.key == setting.key);
        item.is_none_or(|item| (item.value.as_deref(), item.is_secret) != here)
    };
    let others = here.iter().filter(differs);
    others.map(|setting| setting.variable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_in_use_by_another_program_is_reported() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let bind = taken.local_addr().expect("an address");
        assert!(may_listen(bind).expect_err("taken").contains("GUILDHALL_BIND"));
        drop(taken);
        let free = may_listen(bind).expect("free");
        assert!(free.contains(&format!("respond at {bind}")), "{free}");
        assert!(free.contains("GUILDHALL_BIND="), "{free}");
        let all: SocketAddr = "0.0.0.0:80".parse().expect("an address");
        assert_eq!(reachable(all).to_string(), "127.0.0.1:80");
    }
}
