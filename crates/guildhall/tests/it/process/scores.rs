//! The commands that show and override the points of pull requests.

use std::process::Output;

use serde_json::Value;

use super::{Sandbox, send};
use crate::app::scenarios::{Scenario, person, repo};

const PULL: &str = "octo-org/lantern#1";

/// An environment with a merged pull request that is settled. No server runs.
async fn with_merged() -> Sandbox {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    let (name, id) = ("octo-org/lantern", "1");
    let add = ["repo", "add", name, "--project", "lantern", "--github-id", id];
    sandbox.succeed(&add);
    let program = sandbox.serve(&[]).await;
    let (repo, author) = (repo(1, "lantern"), person("hexacat"));
    let scenario =
        Scenario::opened(&repo, 1, &author, "2026-10-02T08:00:00Z").merged("2026-10-03T08:00:00Z");
    let summary = send(&sandbox.url(), &scenario.deliveries).await;
    assert_eq!(summary.refused, 0, "{summary}");
    sandbox.settled().await;
    drop(program);
    sandbox
}

fn score(sandbox: &Sandbox) -> i64 {
    let said = sandbox.succeed(&["score", "show", PULL, "--json"]);
    let shown: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(shown["project"], "lantern", "{said}");
    shown["points"].as_i64().expect("points")
}

fn decide(sandbox: &Sandbox, kind: &[&str], reason: &str) -> Output {
    let command = [&["score", "override", PULL], kind, &["--reason", reason]];
    sandbox.run(&command.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn points_are_overridden_and_explained_at_once() {
    let sandbox = with_merged().await;
    let earned = score(&sandbox);
    assert!(earned > 0, "{earned}");
    let said = sandbox.succeed(&["score", "show", PULL]);
    let head = format!("octo-org/lantern#1: {earned} points (merged)\n");
    assert!(said.starts_with(&head) && said.contains("hexacat"), "{said}");
    for (kind, points, words) in [
        (&["--points", "40"][..], 40, "Set the total"),
        (&["--none"][..], 0, "No points"),
        (&["--freeze"][..], 0, "Frozen"),
    ] {
        let output = decide(&sandbox, kind, words);
        let said = String::from_utf8_lossy(&output.stdout);
        let head = format!("Overrode the points of {PULL}.\n{PULL}: {points} points");
        assert!(said.starts_with(&head), "{kind:?}: {said}");
        let reason = "Decided by an operator on ";
        assert!(said.contains(reason) && said.contains(words), "{said}");
        assert_eq!(score(&sandbox), points, "{kind:?}");
        sandbox.succeed(&["ledger", "verify"]);
    }
    let held = "score_overrides WHERE lifted_at IS NULL AND by_id IS NULL";
    assert_eq!(sandbox.count(held).await, 1);
    let lift = ["score", "lift", PULL, "--reason", "The list is complete"];
    let said = sandbox.succeed(&lift);
    let head = format!("The points of {PULL} follow the rules again.\n");
    assert!(said.starts_with(&head), "{said}");
    assert_eq!(score(&sandbox), earned);
    let acts = "audit_logs WHERE actor_kind = 'operator' AND action IN \
                ('pull_request.override_score', 'pull_request.lift_score_override')";
    assert_eq!(sandbox.count(acts).await, 4);
    // The server that settles them again finds nothing to post.
    let entries = sandbox.count("point_transactions").await;
    let program = sandbox.serve(&[]).await;
    sandbox.settled().await;
    drop(program);
    assert_eq!(sandbox.count("point_transactions").await, entries);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_decisions_are_refused() {
    let sandbox = Sandbox::new().await;
    let refused = |output: Output, words: &str| {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words), "{words}: {said}");
    };
    let words = "octo-org/lantern#1 does not belong to any project";
    refused(decide(&sandbox, &["--none"], "Copied"), words);
    refused(sandbox.run(&["score", "show", PULL]), words);
    let lift = ["score", "lift", PULL, "--reason", "Wrong"];
    refused(sandbox.run(&lift), words);
    sandbox.remove().await;
    let sandbox = with_merged().await;
    refused(decide(&sandbox, &["--none"], " "), "Enter a reason");
    refused(sandbox.run(&lift), "No decision overrides the points");
    assert_eq!(sandbox.count("score_overrides").await, 0);
    sandbox.remove().await;
}
