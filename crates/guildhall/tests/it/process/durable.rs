//! Durability: no delivery is acknowledged before it is on disk, and `doctor` warns about a database that
//! may lose commits.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    time::Duration,
};

use platform::db::{Engine, Sql as _};
use tempfile::TempDir;
use testkit::{delivery::Delivery, histories::History};

use super::{Sandbox, history, print_line, program::Program, trace::judge};
use crate::app::{SECRET, client};

/// Number of concurrent senders, whose deliveries share commits.
const SENDERS: usize = 8;

/// Starts a server under strace, which records system calls that write, sync or answer. `-D` makes strace the child, so
/// that signals reach the server.
fn traced(sandbox: &Sandbox) -> Program {
    let mut command = Command::new("strace");
    sandbox.configure(&mut command);
    command.args(["-D", "-f", "-y", "-s", "5000", "-o", "trace", "-e"]);
    command.arg("trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync");
    command.args([env!("CARGO_BIN_EXE_guildhall"), "serve", "--no-jobs"]);
    Program::start(&mut command, sandbox.directory())
}

/// Sends deliveries; the responses contain their IDs.
async fn send_named(sandbox: &Sandbox, deliveries: Vec<&Delivery>) {
    let client = client();
    for delivery in deliveries {
        let url = format!("{}/api/v1/webhooks/github", sandbox.url());
        let mut request = client.post(url).header("X-Request-Id", delivery.delivery.to_string());
        for (name, value) in delivery.headers(SECRET, None) {
            request = request.header(name, value);
        }
        let answer = request.body(delivery.bytes().to_vec()).send().await;
        assert_eq!(answer.expect("an answer").status(), 202);
    }
}

/// Runs a server on a history and returns its trace.
async fn trace_of(sandbox: &Sandbox, history: &History) -> String {
    let mut server = traced(sandbox).ready(&sandbox.url()).await;
    let part = |start| history.deliveries.iter().skip(start).step_by(SENDERS);
    let senders = (0..SENDERS).map(|start| send_named(sandbox, part(start).collect()));
    futures_util::future::join_all(senders).await;
    server.terminate();
    assert!(server.ended().await.success(), "{}", server.log());
    let file = sandbox.directory().join("trace");
    for _ in 0..1_000 {
        let trace = std::fs::read_to_string(&file).expect("a trace");
        if trace.trim_end().ends_with("+++ exited with 0 +++") {
            return trace;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("strace did not end");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs SQLite and strace"]
async fn no_delivery_is_acknowledged_before_it_is_on_disk() {
    let sandbox = Sandbox::new().await;
    let history = history(7_000);
    let sent: BTreeSet<String> =
        history.deliveries.iter().map(|delivery| delivery.delivery.to_string()).collect();
    let trace = trace_of(&sandbox, &history).await;
    let acknowledged = judge(&trace, &sent).unwrap_or_else(|complaint| panic!("{complaint}"));
    assert_eq!(acknowledged.len(), sent.len(), "the trace shows every answer");
    let mut groups = BTreeMap::<usize, usize>::new();
    for sync in acknowledged.into_values() {
        *groups.entry(sync).or_default() += 1;
    }
    let shared = groups.values().filter(|count| **count > 1).count();
    print_line(format_args!(
        "{} deliveries in {} commits, {shared} of them shared",
        sent.len(),
        groups.len()
    ));
    assert!(shared >= 2, "too few shared commits to judge by");
    sandbox.remove().await;
}

/// Returns the failed checks of `doctor` except the space on this machine's disk, and its exit code.
fn complaints(sandbox: &Sandbox) -> (Vec<String>, Option<i32>) {
    complaints_of(&mut sandbox.command(&["doctor", "--json"]))
}

fn complaints_of(command: &mut Command) -> (Vec<String>, Option<i32>) {
    let output = command.output().expect("the program");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").clone();
    let bad = findings
        .iter()
        .filter(|finding| finding["is_ok"] == false)
        .map(|finding| finding["check"].as_str().expect("a check").to_owned())
        .filter(|check| !check.starts_with("disk"));
    (bad.collect(), output.status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_warns_about_a_database_that_may_lose_commits() {
    let sandbox = Sandbox::new().await;
    if sandbox.db.engine() == Engine::Sqlite {
        assert_eq!(complaints(&sandbox).0, Vec::<String>::new());
        return sandbox.remove().await;
    }
    let before = complaints(&sandbox).0;
    for name in ["fsync", "synchronous_commit", "full_page_writes"] {
        let is_off = format!("pg_settings WHERE name = '{name}' AND setting = 'off'");
        let is_off = sandbox.count(&is_off).await == 1;
        assert_eq!(before.contains(&name.to_owned()), is_off, "{name}: {before:?}");
    }
    let tx = sandbox.db.begin().await.expect("a transaction");
    let sql = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
               current_database()); END $$";
    tx.run(tx.statement(sql, [])).await.expect("altered");
    tx.commit().await.expect("committed");
    let (bad, code) = complaints(&sandbox);
    assert!(bad.contains(&"synchronous_commit".to_owned()), "{bad:?}");
    assert_eq!(code, Some(1));
    let said = String::from_utf8(sandbox.run(&["doctor"]).stdout).expect("UTF-8");
    assert!(said.contains("set synchronous_commit = on"), "{said}");
    sandbox.remove().await;
}

/// The settings of a connection say nothing about the disk: the same file is safe in one directory and not in another.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs SQLite"]
async fn doctor_warns_about_a_file_that_is_only_in_memory() {
    let sandbox = Sandbox::new().await;
    let memory = TempDir::new_in("/dev/shm").expect("a directory");
    let file = memory.path().join("guildhall.db");
    std::fs::write(&file, "").expect("a file");
    let mut command = sandbox.command(&["doctor", "--json"]);
    command.env("DATABASE_URL", format!("sqlite:{}", file.display()));
    let (bad, code) = complaints_of(&mut command);
    assert!(bad.contains(&"durability".to_owned()), "{bad:?}");
    assert_eq!(code, Some(1));
    sandbox.remove().await;
}
