//! The demo is reachable only from this machine, says what it still loads, and loads without a warning; a second start continues
//! with its data. The fake GitHub lists its people.

use std::time::Duration;

use serde_json::Value;

use super::{Sandbox, program::Program, sandbox::metrics};
use crate::app::client;

const NOTE: &str = "demo-season.json";

fn read_progress(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.directory().join(NOTE)).expect("a note");
    serde_json::from_str(&text).expect("JSON")
}

async fn demo(sandbox: &Sandbox) -> Program {
    let mut command = sandbox.command(&["demo", "--data-dir"]);
    let program = Program::start(command.arg(sandbox.directory()), sandbox.directory());
    program.ready(&sandbox.url()).await
}

/// Starts a demo that loads everything, beside which the lease of other tests is too short.
async fn begin_whole(sandbox: &Sandbox) -> Program {
    let mut command = sandbox.command(&["demo", "--data-dir"]);
    command.arg(sandbox.directory()).env_remove("GUILDHALL_JOB_LEASE_SECONDS");
    command.env("GUILDHALL_EXEMPT_NETWORKS", "127.0.0.1");
    let program = Program::start(&mut command, sandbox.directory());
    program.ready(&sandbox.url()).await
}

/// Waits until a demo has loaded everything.
async fn whole(sandbox: &Sandbox, program: Program) -> Program {
    for _ in 0..6_000 {
        if read_progress(sandbox)["is_complete"] == true {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    program.says("The data is kept").await
}

/// Starts a demo and loads everything.
pub(crate) async fn loaded(sandbox: &Sandbox) -> Program {
    let program = begin_whole(sandbox).await;
    whole(sandbox, program).await
}

async fn wait_for(sandbox: &Sandbox, deliveries: i64) {
    for _ in 0..3_000 {
        if sandbox.count("webhook_deliveries").await >= deliveries {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the demo sends nothing");
}

async fn stop(mut program: Program) {
    program.terminate();
    assert!(program.ended().await.success(), "{}", program.log());
}

/// Waits until the services were checked, and returns their states.
async fn checked(sandbox: &Sandbox) -> Value {
    for _ in 0..300 {
        let answer = client().get(sandbox.url() + "/api/health").send().await;
        let health: Value = answer.expect("an answer").json().await.expect("JSON");
        if !health.to_string().contains("not_checked") {
            return health["checks"].clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the demo checks no services");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_listens_on_this_machine_only() {
    let sandbox = Sandbox::new().await;
    for bind in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let output = sandbox.run(&["demo", "--bind", bind]);
        assert_eq!(output.status.code(), Some(1), "{bind}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("only listens on this machine"), "{said}");
    }
    assert_eq!(sandbox.count("webhook_deliveries").await, 0);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_keeps_the_data() {
    let sandbox = Sandbox::new().await;
    let first = demo(&sandbox).await;
    wait_for(&sandbox, 50).await;
    stop(first).await;
    let mut progress = read_progress(&sandbox);
    assert_eq!(progress["is_complete"], false);
    let kept = sandbox.count("webhook_deliveries").await;

    // An interrupted season is continued from its beginning, without duplicates.
    let second = demo(&sandbox).await;
    wait_for(&sandbox, kept + 1).await;
    stop(second).await;
    assert_eq!(read_progress(&sandbox), progress);
    let projects = sandbox.count("projects").await;
    assert_eq!(projects, 6);

    // A complete season is not sent again.
    progress["is_complete"] = true.into();
    std::fs::write(sandbox.directory().join(NOTE), progress.to_string()).expect("written");
    let kept = sandbox.count("webhook_deliveries").await;
    let third = demo(&sandbox).await.says("The data is kept").await;
    let metrics = metrics(&sandbox.url()).await;
    let accepted = "guildhall_webhook_deliveries_total{outcome=\"accepted\"} 0";
    assert!(metrics.contains(accepted), "{metrics}");
    let checks = checked(&sandbox).await;
    assert_eq!(checks["github-api"], "healthy", "{checks}");
    assert_eq!(checks["email"], "healthy", "{checks}");
    stop(third).await;
    assert_eq!(sandbox.count("webhook_deliveries").await, kept);
    assert_eq!(sandbox.count("projects").await, projects);
    sandbox.remove().await;
}

/// Returns the visitors' page.
async fn front(sandbox: &Sandbox) -> String {
    let answer = client().get(sandbox.url()).send().await;
    answer.expect("an answer").text().await.expect("text")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs SQLite"]
async fn a_whole_load_logs_no_warning_and_no_error() {
    let sandbox = Sandbox::new().await;
    let program = begin_whole(&sandbox).await;
    assert!(front(&sandbox).await.contains("This demo is still loading"));
    let program = whole(&sandbox, program).await;
    assert!(!front(&sandbox).await.contains("still loading"));
    let log = program.log();
    // How long requests take and wait is measured by the bench, and not beside other tests.
    let slow = ["slow request", "slow_acquire", "\"kind\":\"response_time\""];
    let is_slow = |line: &str| slow.iter().any(|mark| line.contains(mark));
    let is_logged = |line: &&str| line.starts_with('{') && !is_slow(line);
    let logged: Vec<&str> = log.lines().filter(is_logged).collect();
    assert!(logged.is_empty(), "{logged:#?}");
    stop(program).await;
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fake_github_lists_its_people() {
    let sandbox = Sandbox::new().await;
    let mut command = sandbox.command(&["fake", "github", "--bind"]);
    let bind = format!("127.0.0.1:{}", sandbox.port);
    let fake = Program::start(command.arg(&bind), sandbox.directory());
    let fake = fake.says("token-LOGIN").await;
    let log = fake.log();
    let mut lines = log.lines().skip_while(|line| !line.starts_with("Repositories"));
    let repository = lines.nth(1).expect("a repository").trim();
    let (full_name, id) = repository.split_once(' ').expect("a name and an id");
    let client = client();
    let url = format!("http://{bind}/repos/{full_name}");
    let asked = client.get(url).header("user-agent", "test").send().await;
    let shown: Value = asked.expect("an answer").json().await.expect("JSON");
    assert_eq!(shown["id"].to_string(), id, "{shown}");
    drop(fake);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sample_data_is_refused_beside_real_data_and_in_production() {
    let sandbox = Sandbox::new().await;
    for arguments in [&["demo"][..], &["seed", "--people", "1"], &["seed", "--demo"]] {
        let mut command = sandbox.command(arguments);
        let output = command.env("GUILDHALL_ENVIRONMENT", "production").output();
        let output = output.expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("are refused in production"), "{said}");
    }
    let fresh = sandbox.directory().join("fresh");
    let mut demo = sandbox.command(&["demo", "--data-dir"]);
    let demo = demo.arg(&fresh).env_remove("DATABASE_URL");
    let output = demo.env("GUILDHALL_ENVIRONMENT", "production").output();
    assert_eq!(output.expect("the program").status.code(), Some(1));
    assert!(!fresh.exists(), "nothing is created");
    let mut fake = sandbox.command(&["fake", "smtp", "--bind", "127.0.0.1:0"]);
    let output = fake.env("GUILDHALL_ENVIRONMENT", "production").output();
    assert_eq!(output.expect("the program").status.code(), Some(1));

    sandbox.succeed(&["project", "create", "--name", "Lantern Works"]);
    for arguments in [&["demo"][..], &["seed", "--people", "1"], &["seed", "--demo"]] {
        let output = sandbox.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("contains data other than sample data"), "{said}");
    }
    assert_eq!(sandbox.count("users").await, 0);
    assert_eq!(sandbox.count("projects").await, 1);
    sandbox.remove().await;
}
