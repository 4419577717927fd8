//! SIGHUP, and the lines that a server logs about its work.

use serde_json::Value;

use super::{Sandbox, program::Program};
use crate::app::{client, scenarios::delivery};

#[tokio::test(flavor = "multi_thread")]
async fn sighup_does_not_end_a_server_or_worker() {
    let sandbox = Sandbox::new().await;
    let mut server = sandbox.serve(&["--no-jobs"]).await;
    let mut worker = sandbox.worker().await;
    for program in [&server, &worker] {
        program.hang_up();
    }
    server = server.says("SIGHUP has no effect").await;
    worker = worker.says("SIGHUP has no effect").await;
    let mut server = server.ready(&sandbox.url()).await;
    for program in [&mut server, &mut worker] {
        program.terminate();
        assert!(program.ended().await.success());
    }
    sandbox.remove().await;
}

/// Returns the first log line with this message.
fn line(server: &Program, message: &str) -> Option<Value> {
    let log = server.log();
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.find(|line| line["message"] == message)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_signature_is_logged_with_its_sender() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&[]).await;
    let forged = delivery("ping", r#"{"hook_id":501,"repository":{"id":77}}"#);
    let client = client();
    let mut request = client.post(format!("{}/api/v1/webhooks/github", sandbox.url()));
    for (name, value) in forged.headers("another secret", None) {
        request = request.header(name, value);
    }
    let request = request.header("x-github-hook-id", "501");
    let answer = request.body(forged.bytes().to_vec()).send().await;
    assert_eq!(answer.expect("an answer").status(), 401);
    let server = server.says("refused a delivery").await;
    let line = line(&server, "refused a delivery").expect("a line");
    assert_eq!((&line["repository"], &line["hook"]), (&77.into(), &501.into()), "{line}");
    assert_eq!(line["address"], "127.0.0.0/24");
    assert_eq!(line["level"], "INFO");
    let reason = line["reason"].as_str().expect("a reason");
    assert!(reason.contains("does not match"), "{line}");
    drop(server);
    sandbox.remove().await;
}
