//! The demo keeps to this machine, and a second start goes on with what is there; the fake GitHub
//! introduces itself.

use std::time::Duration;

use serde_json::Value;

use super::{Place, program::Program};

const NOTE: &str = "demo-season.json";

fn note(place: &Place) -> Value {
    let text = std::fs::read_to_string(place.directory().join(NOTE)).expect("a note");
    serde_json::from_str(&text).expect("JSON")
}

async fn demo(place: &Place) -> Program {
    let mut command = place.command(&["demo", "--data-dir"]);
    let program = Program::start(command.arg(place.directory()), place.directory());
    program.ready(&place.url()).await
}

async fn wait_for(place: &Place, deliveries: i64) {
    for _ in 0..3_000 {
        if place.count("webhook_deliveries").await >= deliveries {
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

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_stays_on_this_machine() {
    let place = Place::new().await;
    for bind in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let output = place.run(&["demo", "--bind", bind]);
        assert_eq!(output.status.code(), Some(1), "{bind}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("this machine only"), "{said}");
    }
    assert_eq!(place.count("webhook_deliveries").await, 0);
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_keeps_the_data() {
    let place = Place::new().await;
    let first = demo(&place).await;
    wait_for(&place, 50).await;
    stop(first).await;
    let mut told = note(&place);
    assert_eq!(told["is_complete"], false);
    let kept = place.count("webhook_deliveries").await;

    // An interrupted season goes on: the same one, from its beginning, without a second row.
    let second = demo(&place).await;
    wait_for(&place, kept + 1).await;
    stop(second).await;
    assert_eq!(note(&place), told);
    let projects = place.count("projects").await;
    assert_eq!(projects, 6);

    // A complete one is not sent again.
    told["is_complete"] = true.into();
    std::fs::write(place.directory().join(NOTE), told.to_string()).expect("written");
    let kept = place.count("webhook_deliveries").await;
    let third = demo(&place).await.says("The data is kept").await;
    let metrics = reqwest::Client::builder().no_proxy().build();
    let metrics = metrics.expect("a client").get(place.url() + "/metrics");
    let metrics = metrics.send().await.expect("an answer").text().await;
    let metrics = metrics.expect("text");
    assert!(
        !metrics.contains("guildhall_webhook_deliveries_total{"),
        "{metrics}"
    );
    stop(third).await;
    assert_eq!(place.count("webhook_deliveries").await, kept);
    assert_eq!(place.count("projects").await, projects);
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fake_github_says_who_lives_there() {
    let place = Place::new().await;
    let mut command = place.command(&["fake", "github", "--bind"]);
    let bind = format!("127.0.0.1:{}", place.port);
    let fake = Program::start(command.arg(&bind), place.directory());
    let fake = fake.says("token-LOGIN").await;
    let log = fake.log();
    let mut lines = log
        .lines()
        .skip_while(|line| !line.starts_with("Repositories"));
    let repository = lines.nth(1).expect("a repository").trim();
    let (full_name, id) = repository.split_once(' ').expect("a name and an id");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let url = format!("http://{bind}/repos/{full_name}");
    let asked = client.get(url).header("user-agent", "test").send().await;
    let shown: Value = asked.expect("an answer").json().await.expect("JSON");
    assert_eq!(shown["id"].to_string(), id, "{shown}");
    drop(fake);
    place.remove().await;
}
