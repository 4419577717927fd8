//! Durable means durable: no delivery is acknowledged before the disk has it, and `doctor` complains
//! of a database that would forget.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    time::Duration,
};

use platform::db::{Engine, Sql as _};
use testkit::{delivery::Delivery, histories::History};

use super::{Place, history, program::Program, tell, trace::judge};
use crate::app::SECRET;

/// Senders at once: what they send together shares commits.
const SENDERS: usize = 8;

/// The server's own calls that write, sync or answer. `-D` makes the server the child and strace
/// a process beside it, so that a signal reaches the server.
fn traced(place: &Place) -> Program {
    let mut command = Command::new("strace");
    place.settle_in(&mut command);
    command.args(["-D", "-f", "-y", "-s", "5000", "-o", "trace", "-e"]);
    command.arg("trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync");
    command.args([env!("CARGO_BIN_EXE_guildhall"), "serve", "--no-jobs"]);
    Program::start(&mut command, place.directory())
}

/// Sends deliveries whose answers name them.
async fn send_named(place: &Place, lock: Vec<&Delivery>) {
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    for delivery in lock {
        let url = format!("{}/api/v1/webhooks/github", place.url());
        let mut request = client
            .post(url)
            .header("X-Request-Id", delivery.delivery.to_string());
        for (name, value) in delivery.headers(SECRET, None) {
            request = request.header(name, value);
        }
        let answer = request.body(delivery.bytes().to_vec()).send().await;
        assert_eq!(answer.expect("an answer").status(), 202);
    }
}

async fn trace_of(place: &Place, history: &History) -> String {
    let mut server = traced(place).ready(&place.url()).await;
    let lock = |start| history.deliveries.iter().skip(start).step_by(SENDERS);
    let senders = (0..SENDERS).map(|start| send_named(place, lock(start).collect()));
    futures_util::future::join_all(senders).await;
    server.terminate();
    assert!(server.ended().await.success(), "{}", server.log());
    let file = place.directory().join("trace");
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
async fn no_answer_before_the_disk_has_it() {
    let place = Place::new().await;
    let history = history(7_000);
    let sent: BTreeSet<String> = history
        .deliveries
        .iter()
        .map(|delivery| delivery.delivery.to_string())
        .collect();
    let trace = trace_of(&place, &history).await;
    let acknowledged = judge(&trace, &sent).unwrap_or_else(|complaint| panic!("{complaint}"));
    assert_eq!(acknowledged.len(), sent.len(), "every answer was seen");
    let mut groups = BTreeMap::<usize, usize>::new();
    for sync in acknowledged.into_values() {
        *groups.entry(sync).or_default() += 1;
    }
    let shared = groups.values().filter(|count| **count > 1).count();
    tell(format_args!(
        "{} deliveries in {} commits, {shared} of them shared",
        sent.len(),
        groups.len()
    ));
    assert!(shared >= 2, "too few shared commits to judge by");
    place.remove().await;
}

/// The checks that `doctor` is not content with, and whether it went well.
fn complaints(place: &Place) -> (Vec<String>, Option<i32>) {
    let output = place.run(&["doctor", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").clone();
    let bad = findings
        .iter()
        .filter(|finding| finding["is_well"] == false)
        .map(|finding| finding["check"].as_str().expect("a check").to_owned());
    (bad.collect(), output.status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_complains_of_a_forgetful_database() {
    let place = Place::new().await;
    if place.db.engine() == Engine::Sqlite {
        assert_eq!(complaints(&place), (vec![], Some(0)));
        return place.remove().await;
    }
    let before = complaints(&place).0;
    assert!(!before.contains(&"synchronous_commit".to_owned()));
    let fsync_is_off = place
        .count("pg_settings WHERE name = 'fsync' AND setting = 'off'")
        .await;
    assert_eq!(before.contains(&"fsync".to_owned()), fsync_is_off == 1);
    let tx = place.db.begin().await.expect("a transaction");
    let sql = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
               current_database()); END $$";
    tx.run(tx.statement(sql, [])).await.expect("altered");
    tx.commit().await.expect("committed");
    let (bad, code) = complaints(&place);
    assert!(bad.contains(&"synchronous_commit".to_owned()), "{bad:?}");
    assert_eq!(code, Some(1));
    let said = String::from_utf8(place.run(&["doctor"]).stdout).expect("UTF-8");
    assert!(said.contains("set synchronous_commit = on"), "{said}");
    place.remove().await;
}
