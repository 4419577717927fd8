//! The memory of a server that receives the largest deliveries.

use std::time::Duration;

use serde_json::Value;
use testkit::delivery::sign;

use super::{Sandbox, print_line};
use crate::app::{
    SECRET, client,
    scenarios::{Scenario, person, repo},
};

const MIB: u64 = 1 << 20;
/// The length of each title.
const TITLE: usize = 20 << 20;
/// Deliveries sent at once.
const SENDERS: i64 = 8;

/// Returns the body of an opened pull request whose title is hard to compress.
fn body(number: i64) -> Vec<u8> {
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), number, &author, "2026-10-02T08:00:00Z");
    let mut body: Value = serde_json::from_slice(scenario.deliveries[0].bytes()).expect("JSON");
    let mut state = number.unsigned_abs();
    let title = (0..TITLE).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'0' + (state % 75) as u8)
    });
    let title: String = title.map(|c| if c == '\\' { ' ' } else { c }).collect();
    body["pull_request"]["title"] = title.into();
    serde_json::to_vec(&body).expect("JSON")
}

/// Sends a signed delivery until it is accepted. Returns the number of refusals.
async fn send(url: String, number: i64) -> u32 {
    let (client, body) = (client(), body(number));
    let signature = sign(SECRET, &body);
    for refusals in 0..300 {
        let request = client
            .post(format!("{url}/api/v1/webhooks/github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "pull_request")
            .header("X-GitHub-Delivery", &signature[7..43])
            .header("X-Hub-Signature-256", &signature);
        let answer = request.body(body.clone()).send().await;
        match answer.map(|answer| answer.status().as_u16()) {
            Ok(202) => return refusals,
            // A sender that is refused early sees the end of the connection.
            Ok(503) | Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            Ok(status) => panic!("answered {status}"),
        }
    }
    panic!("delivery {number} was never accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_large_deliveries_at_once_fit_in_256_mib() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "season"]);
    let repository = ["repo", "add", "octo-org/lantern", "--project", "season"];
    sandbox.succeed(&[&repository[..], &["--github-id", "1"]].concat());
    let server = sandbox.serve(&[]).await;
    let memory = server.watch_memory();
    let before = memory.most();
    let senders = (1..=SENDERS).map(|number| tokio::spawn(send(sandbox.url(), number)));
    let mut refusals = 0;
    for sender in senders.collect::<Vec<_>>() {
        refusals += sender.await.expect("sent");
    }
    let received = memory.most();
    sandbox.settled().await;
    let peak = memory.most();
    print_line(format_args!(
        "{} MiB at the start, {} after receiving, {} after applying; {refusals} refusals",
        before / MIB,
        received / MIB,
        peak / MIB
    ));
    let titles = "pull_requests WHERE length(title) = 256";
    assert_eq!(sandbox.count(titles).await, SENDERS);
    assert!(peak <= 256 * MIB, "{} MiB", peak / MIB);
    drop(server);
    sandbox.remove().await;
}
