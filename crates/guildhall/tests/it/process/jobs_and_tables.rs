//! Commands for jobs, syncs, backfills and the documentation of the tables.

use std::process::Output;

use serde_json::Value;

use super::Sandbox;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(said: &str) -> Value {
    serde_json::from_str(said).expect(said)
}

/// Runs a command that fails; returns its standard output and error.
fn fail(sandbox: &Sandbox, command: &str) -> (String, String) {
    let arguments: Vec<&str> = command.split(' ').collect();
    let Output { status, stdout, stderr } = sandbox.run(&arguments);
    let (said, error) = (text(&stdout), text(&stderr));
    assert_eq!(status.code(), Some(1), "{command}: {said}{error}");
    (said, error)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_named_as_in_the_release_before() {
    let sandbox = Sandbox::new().await;
    let said = sandbox.succeed(&["jobs", "run", "SubmissionReminders"]);
    assert_eq!(said.trim(), "Requested a run of DeadlineReminder.");
    let said = sandbox.succeed(&["jobs", "run", "DeadlineReminder"]);
    assert!(said.contains("waits already"), "{said}");
    assert_eq!(sandbox.count("jobs WHERE name = 'DeadlineReminder'").await, 1);
    let pause = ["jobs", "pause", "submission-checks", "--reason", "GitHub is down"];
    assert_eq!(sandbox.succeed(&pause).trim(), "SubmissionValidator is paused.");
    let listed = json(&sandbox.succeed(&["jobs", "list", "--json"]));
    let of = |list: &str, name: &str| {
        let mut all = listed[list].as_array().expect("a list").iter();
        all.find(|it| it["name"] == name).cloned().expect(name)
    };
    let queue = of("queues", "SubmissionValidator");
    assert_eq!(queue["is_paused"], true);
    assert_eq!(queue["formerly"], "submission-checks");
    let schedule = of("schedules", "DeadlineReminder");
    assert_eq!(schedule["formerly"], "SubmissionReminders");
    assert_eq!(schedule["runs"][0]["state"], "waiting");
    assert_eq!(of("schedules", "HackathonStateUpdater")["is_paused"], false);
    sandbox.succeed(&["jobs", "resume", "SubmissionValidator"]);
    assert_eq!(sandbox.count("job_pauses").await, 0);
    assert!(sandbox.succeed(&["jobs", "list"]).contains("RewardFulfillmentMonitor"));
    assert!(fail(&sandbox, "jobs run nothing").1.contains("Unknown job 'nothing'"));
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_documented() {
    let sandbox = Sandbox::new().await;
    let all = json(&sandbox.succeed(&["schema", "--json"]));
    let tables = all["tables"].as_array().expect("tables");
    for table in tables {
        let columns = table["columns"].as_array().expect("columns");
        assert!(!columns.is_empty() && table["retention"] != "", "{table}");
        for column in columns {
            let known = ["uuid", "text", "integer", "instant", "bytes", "boolean"];
            let kind = column["type"].as_str().expect("a type");
            assert!(known.contains(&kind) && column["holds"] != "", "{table}: {column}");
        }
    }
    let one = json(&sandbox.succeed(&["schema", "hackathon_phases", "--json"]));
    let phases = &one["tables"][0];
    assert_eq!(one["tables"].as_array().map(Vec::len), Some(1));
    assert_eq!(phases["module"], "hackathons");
    let column = |name: &str| {
        let columns = phases["columns"].as_array().expect("columns");
        columns.iter().find(|it| it["name"] == name).cloned().expect(name)
    };
    assert_eq!(column("hackathon_id")["refers_to"], "hackathons");
    assert_eq!(column("phase")["holds"], "a code of Phase");
    assert_eq!(column("created_at")["is_optional"], false);
    let said = sandbox.succeed(&["schema", "users"]);
    assert!(said.starts_with("users (identity)\n") && said.contains("login"), "{said}");
    assert!(fail(&sandbox, "schema nothing").1.contains("there is no table 'nothing'"));
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_is_requested_and_followed() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "season"]);
    let add = "repo add octo/lantern --project season --github-id 1296269";
    sandbox.succeed(&add.split(' ').collect::<Vec<_>>());
    let asked = ["sync", "repository", "octo/lantern", "--no-wait", "--json"];
    let asked = json(&sandbox.succeed(&asked));
    assert_eq!(asked["repositories"][0]["state"], "waiting");
    assert_eq!(sandbox.count("repository_syncs").await, 1);
    let server = sandbox.serve(&[]).await;
    // The server has no token.
    let (said, error) = fail(&sandbox, "sync repository octo/lantern");
    assert!(said.contains("the server has no token"), "{said}");
    assert!(error.contains("0 of 1 repository read, 1 failed"), "{error}");
    assert!(error.contains("1 repository could not be read from GitHub"), "{error}");
    let (_, error) = fail(&sandbox, "sync all");
    assert!(error.contains("not everything was read: github, game-platform"), "{error}");
    for (command, words) in [
        ("sync repository octo/nothing", "octo/nothing"),
        ("sync coach unknown-login", "unknown-login"),
        ("sync game-platform", "platform"),
    ] {
        let (_, error) = fail(&sandbox, command);
        assert!(error.contains(words), "{command}: {error}");
    }
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_can_be_repeated() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "3"]);
    for _ in 0..2 {
        let done = json(&sandbox.succeed(&["backfill", "badges", "--json"]));
        assert!(done["evaluation"]["completed_at"].is_string(), "{done}");
        assert_eq!(sandbox.count("wake_ups WHERE topic = 'badge_changed'").await, 0);
    }
    let said = sandbox.succeed(&["backfill", "badges"]);
    assert!(said.contains(" evaluated: 0 badges awarded, 0 badges revoked."), "{said}");
    let said = sandbox.succeed(&["backfill", "opportunities"]);
    assert_eq!(said.trim(), "Derived the opportunities of 0 repositories.");
    sandbox.remove().await;
}
