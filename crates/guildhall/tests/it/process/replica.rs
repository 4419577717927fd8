//! A replica of PostgreSQL that cannot be used. `ops/drills/replica.py` makes a real one.

use platform::db::Engine;
use serde_json::Value;

use super::{Sandbox, program::Program};
use crate::app::client;

async fn get(url: String) -> reqwest::Response {
    client().get(url).send().await.expect("an answer")
}

/// Waits until `/api/health` says something of the replica.
async fn condition(url: &str) -> String {
    for _ in 0..600 {
        let health: Value = get(format!("{url}/api/health")).await.json().await.expect("JSON");
        let said = health["checks"]["database_replica"].as_str().expect("a word").to_owned();
        if said != "not_checked" {
            return said;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nothing is said of the replica");
}

/// Waits until the lag is measured.
async fn lag(url: &str) -> f64 {
    for _ in 0..600 {
        let metrics = super::sandbox::metrics(url).await;
        let mut lines = metrics.lines();
        let lag = lines.find_map(|line| line.strip_prefix("guildhall_replica_lag_seconds "));
        if let Some(lag) = lag {
            return lag.parse().expect("seconds");
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the lag is not measured");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_from_the_primary_while_the_replica_cannot_be_used() {
    let sandbox = Sandbox::new().await;
    if sandbox.db.engine() == Engine::Sqlite {
        let server = sandbox.serve(&[]).await;
        assert_eq!(condition(&sandbox.url()).await, "not_configured");
        drop(server);
        return sandbox.remove().await;
    }
    let closed = format!("postgres://owl:hunter2@127.0.0.1:{}/guildhall", Sandbox::fresh_port());
    let itself = sandbox.address();
    for (url, why) in [(closed, "cannot be read"), (itself, "it is a primary itself")] {
        let mut command = sandbox.command(&["serve"]);
        command.env("DATABASE_READ_URL", &url);
        let program = Program::start(&mut command, sandbox.directory());
        let server = program.ready(&sandbox.url()).await;
        let server = server.says("public pages are not read from the replica").await;
        for _ in 0..3 {
            let page = get(sandbox.url() + "/projects").await;
            assert_eq!(page.status(), 200);
            assert!(!page.headers().contains_key("set-cookie"));
        }
        assert_eq!(condition(&sandbox.url()).await, "degraded");
        let metrics = super::sandbox::metrics(&sandbox.url()).await;
        let reads = "guildhall_replica_reads_total{read=\"unreachable\"} 3";
        assert!(metrics.contains(reads), "{metrics}");
        assert!(lag(&sandbox.url()).await > 0.0, "it grows");
        let log = server.log();
        assert!(log.contains(why) && !log.contains("hunter2"), "{log}");
        drop(server);
        let doctor = sandbox.command(&["doctor"]).env("DATABASE_READ_URL", &url).output();
        let said = String::from_utf8(doctor.expect("doctor").stdout).expect("UTF-8");
        assert!(said.contains("Cannot use the replica in DATABASE_READ_URL"), "{said}");
        assert!(said.contains(why) && !said.contains("hunter2"), "{said}");
    }
    sandbox.remove().await;
}
