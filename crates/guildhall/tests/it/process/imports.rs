//! Imports from GH Archive, for projects that start later; incomplete files are refused as a whole.

use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::histories::History;

use super::{Sandbox, history};

/// Returns the history in the format of GH Archive.
fn archive(history: &History) -> Vec<Value> {
    let kinds =
        [("pull_request", "PullRequestEvent"), ("pull_request_review", "PullRequestReviewEvent")];
    let deliveries = history.deliveries.iter().enumerate();
    let event = |(number, delivery): (usize, &testkit::delivery::Delivery)| {
        let (_, kind) = kinds.iter().find(|(name, _)| *name == delivery.event)?;
        let mut payload: Value = serde_json::from_slice(delivery.bytes()).expect("JSON");
        let fields = payload.as_object_mut().expect("an object");
        let repository = fields.remove("repository")?;
        let sender = fields.remove("sender")?;
        // The archive contains complete pull requests in review events only in later years.
        fields["pull_request"].get("user")?;
        fields["pull_request"].get("merged")?;
        Some(json!({
            "id": format!("31{number:09}"),
            "type": kind,
            "actor": { "id": sender["id"], "login": sender["login"] },
            "repo": { "id": repository["id"], "name": repository["full_name"] },
            "payload": payload,
            "public": true,
            "created_at": delivery.at.expect("an instant"),
        }))
    };
    deliveries.filter_map(event).collect()
}

fn write(sandbox: &Sandbox, name: &str, events: &[Value]) -> PathBuf {
    use std::io::Write as _;
    let path = sandbox.directory().join(name);
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    let file = std::fs::File::create(&path).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(lines.as_bytes()).expect("written");
    packed.finish().expect("written");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_full_pull_requests_is_counted() {
    let history = history(5_000);
    let sandbox = Sandbox::with_repositories(&history).await;
    let mut events = archive(&history);
    let opened = events.iter().filter(|event| event["payload"]["action"] == "opened");
    let (opened, used) = (opened.count(), events.len());
    assert!(opened > 10);
    let mut foreign = events[0].clone();
    foreign["id"] = json!("32000000000");
    foreign["repo"] = json!({ "id": 5, "name": "octo/elsewhere" });
    events.push(foreign);
    let file = write(&sandbox, "2026-10-01-15.json.gz", &events);
    let file = file.to_str().expect("UTF-8");
    let import = ["import", "gharchive", file, "--project", "season"];
    let said = sandbox.succeed(&import);
    let expected = format!("new deliveries: {used}, already known: 0, from other repositories: 1");
    assert!(said.contains(&expected), "{said}");
    sandbox.settled().await;
    assert!(sandbox.count("pull_requests").await >= opened as i64);
    assert!(sandbox.count("point_transactions").await > 0);
    let dump = sandbox.dump();
    let again = sandbox.succeed(&import);
    assert!(again.contains(&format!("new deliveries: 0, already known: {used}")), "{again}");
    assert_eq!(sandbox.dump(), dump);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_without_full_pull_requests_is_refused() {
    let history = history(5_001);
    let sandbox = Sandbox::with_repositories(&history).await;
    let whole = archive(&history);
    let mut trimmed = whole.clone();
    let last = trimmed.last_mut().expect("an event");
    let pull = &last["payload"]["pull_request"];
    let few = json!({ "id": pull["id"], "number": pull["number"], "url": "https://api.example/3",
        "head": { "ref": "x" }, "base": { "ref": "main" } });
    last["payload"]["pull_request"] = few;
    let (good, bad) = (
        write(&sandbox, "2025-09-01-15.json.gz", &whole),
        write(&sandbox, "2025-11-01-15.json.gz", &trimmed),
    );
    let files = [&good, &bad].map(|path| path.to_str().expect("UTF-8"));
    let output = sandbox.run(&["import", "gharchive", files[0], files[1], "--project", "season"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("2025-11-01-15.json.gz; nothing was imported"), "{said}");
    assert!(said.contains("trimmed") || said.contains("2025-10-07"), "{said}");
    assert_eq!(sandbox.count("webhook_deliveries").await, 0);
    sandbox.remove().await;
}
