//! A program that is killed while it asks the model continues, and asks again only about what has no answer.

use platform::SystemClock;
use testkit::fake_openai::KEY;

use crate::process::{Sandbox, program::Program};

use super::*;

const ISSUES: usize = 12;

async fn github() -> FakeGithub {
    let github = FakeGithub::start(Options::new(SystemClock)).await.expect("a fake");
    github.add_user("hexacat");
    github.add_repo("octo-org", "lantern");
    for number in 0..ISSUES {
        let opened = github.open_issue(LANTERN, "hexacat", |issue| {
            issue.title = format!("Sort the stations by column {number}");
            issue.body = Some("The table lists them in any order. See docs/usage.md.".to_owned());
        });
        opened.expect("opened");
    }
    github
}

fn start(
    sandbox: &Sandbox,
    github: &FakeGithub,
    openai: &FakeOpenai,
    plan: Option<&str>,
) -> Program {
    let mut command = sandbox.command(&["serve"]);
    command
        .env("GUILDHALL_GITHUB_API_URL", github.url())
        .env("GITHUB_API_TOKEN", "token-hexacat")
        .env("GUILDHALL_JOB_LEASE_SECONDS", "1")
        .env("OPENAI_BASE_URL", openai.url())
        .env("OPENAI_API_KEY", KEY)
        .env("OPENAI_EMBEDDING_MODEL", "none");
    sandbox.start(&mut command, plan)
}

#[tokio::test]
async fn what_was_answered_is_not_asked_again() {
    let (github, sandbox) = (github().await, Sandbox::new().await);
    let openai = FakeOpenai::start().await.expect("a port");
    sandbox.succeed(&["discovery", "follow", LANTERN]);
    // Killed after answers that are stored, and before requests.
    for plan in ["model.answered:2", "model.reserved:3", "model.answered:1"] {
        start(&sandbox, &github, &openai, Some(plan)).killed().await;
    }
    let server = start(&sandbox, &github, &openai, None);
    let all = "model_analyses WHERE analysis IS NOT NULL";
    sandbox.counts(all, ISSUES as i64).await;
    drop(server);
    let answered = sandbox.count("model_usage WHERE outcome = 'answered'").await;
    assert_eq!(answered, ISSUES as i64, "each answer is stored with its call");
    // Those whose process was killed cost the most that is possible: at most four at once, three times.
    let interrupted = sandbox.count("model_usage WHERE outcome = 'running'").await;
    assert!((1..=12).contains(&interrupted), "{interrupted}");
    assert!(openai.usage().completions <= (answered + interrupted) as u64);
}
