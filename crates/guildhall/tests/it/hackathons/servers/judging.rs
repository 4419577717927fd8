//! Judges at two servers, one of which is killed in the middle of the event.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hackathons::{
    actions::{add_staff, set_judging, submit},
    model::StaffRole,
    reads,
    rules::{
        judging::{rubric::Criterion, settings::JudgingInput},
        submissions::SubmissionInput,
    },
};
use platform::{Context, audit::Actor::Operator};
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};

use super::scene::{SLUG, accepted, change, context, signed_in};
use crate::{
    app::{browser::SESSION, client},
    process::{Sandbox, print_line, program::Program},
};

const PROJECTS: usize = 200;
const JUDGES: usize = 30;
const LOOKS: i64 = 3;

/// Two servers of one event, as its judges see them.
#[derive(Debug)]
struct Event {
    client: Client,
    servers: [String; 2],
    scored: AtomicUsize,
}

/// Holds an event until its judging begins. Returns the sessions of its judges.
async fn hold(context: &Context) -> Vec<String> {
    let teams = accepted(context, PROJECTS).await;
    change(context, "application_closes_at = created_at, submission_opens_at = created_at").await;
    for (number, hacker) in teams.into_iter().enumerate() {
        let input = SubmissionInput {
            title: format!("Project {number}"),
            summary: "A tide clock.".to_owned(),
            repository: "hacker/tide-clock".to_owned(),
            ..SubmissionInput::default()
        };
        submit(context, hacker, SLUG, &input).await.expect("submitted");
    }
    change(context, "submission_closes_at = created_at, judging_opens_at = created_at").await;
    let craft =
        Criterion { name: "Craft".to_owned(), min: 1, max: 5, weight: 1, ..Criterion::default() };
    let input = JudgingInput {
        mode: "rubric".to_owned(),
        looks: LOOKS,
        minutes_per_look: 5,
        minutes: 120,
        criteria: vec![craft],
        unread: None,
    };
    set_judging(context, Operator, SLUG, &input).await.expect("criteria");
    let mut judges = Vec::new();
    for number in 0..JUDGES {
        let login = format!("judge-{number}");
        let (_, token) = signed_in(context, &login).await;
        add_staff(context, Operator, SLUG, &login, StaffRole::Judge).await.expect("a judge");
        judges.push(token);
    }
    judges
}

impl Event {
    /// Sends a judge's request to one of the servers, and to the other one when that is gone. Returns the status and the body.
    async fn call(
        &self,
        token: &str,
        (method, part): (&str, &str),
        body: Value,
    ) -> (StatusCode, Value) {
        for attempt in 0..600 {
            let server = &self.servers[(attempt + token.len() + part.len()) % 2];
            let url = format!("{server}/api/v1/me/hackathons/{SLUG}/judging{part}");
            let method = method.parse().expect("a method");
            let request = self.client.request(method, url).json(&body);
            let request = request
                .header(header::COOKIE, format!("{SESSION}={token}"))
                .header("sec-fetch-site", "same-origin");
            if let Ok(answer) = request.send().await
                && answer.status() != StatusCode::TOO_MANY_REQUESTS
                && !answer.status().is_server_error()
            {
                let status = answer.status();
                let text = answer.text().await.unwrap_or_default();
                return (status, serde_json::from_str(&text).unwrap_or(Value::Null));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no server answered {part}");
    }

    /// Lets a judge score until no project is left. The judge has a conflict with the second project that they get.
    async fn judge(&self, token: &str) {
        for turn in 0.. {
            let (status, next) = self.call(token, ("POST", ""), json!({})).await;
            let Some(project) = next["submission"].as_str() else {
                match next["code"].as_str() {
                    Some("NO_PROJECT_LEFT") => return,
                    Some("PROJECTS_OCCUPIED") => {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                    _ => panic!("{status}: {next}"),
                }
            };
            let (part, body) = match turn {
                1 => ("conflict", json!({ "kind": "family" })),
                _ => ("score", json!({ "levels": [3] })),
            };
            let path = format!("/{project}/{part}");
            let (status, problem) = self.call(token, ("PUT", &path), body).await;
            assert_eq!(status, StatusCode::NO_CONTENT, "{problem}");
            self.scored.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn serve(sandbox: &Sandbox, url: &str) -> Program {
    let mut command = sandbox.command(&["serve", "--no-jobs"]);
    let address = url.trim_start_matches("http://");
    command.env("GUILDHALL_BIND", address);
    Program::start(&mut command, sandbox.directory()).ready(url).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL"]
async fn thirty_judges_at_two_servers_survive_a_kill() {
    let sandbox = Sandbox::new().await;
    let servers = [Sandbox::fresh_port(), Sandbox::fresh_port()];
    let servers = servers.map(|port| format!("http://127.0.0.1:{port}"));
    let mut first = serve(&sandbox, &servers[0]).await;
    let second = serve(&sandbox, &servers[1]).await;
    let context = context(&sandbox).await;
    let judges = hold(&context).await;
    let client = client();
    let event = Arc::new(Event { client, servers, scored: AtomicUsize::new(0) });
    let judging: Vec<_> = judges
        .into_iter()
        .map(|token| {
            let event = Arc::clone(&event);
            tokio::spawn(async move { event.judge(&token).await })
        })
        .collect();
    for kill in 1..=3 {
        while event.scored.load(Ordering::SeqCst) < kill * PROJECTS / 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Dropping it is `kill -9`.
        drop(first);
        first = serve(&sandbox, &event.servers[0]).await;
    }
    for judge in judging {
        judge.await.expect("a judge");
    }
    let id = reads::hackathon(&context.db, SLUG).await.expect("read").expect("the event").key();
    let coverage = reads::coverage(&context.db, id, None).await.expect("read");
    let mut looks = BTreeMap::<i64, usize>::new();
    for project in &coverage.projects {
        *looks.entry(project.judged).or_default() += 1;
        let judges = project.judges.iter().map(|(who, _)| &who.login);
        let distinct: std::collections::BTreeSet<_> = judges.clone().collect();
        assert_eq!(distinct.len(), judges.count(), "{}", project.title);
    }
    print_line(format_args!("projects by looks: {looks:?}"));
    assert_eq!(looks, BTreeMap::from([(LOOKS, PROJECTS)]));
    let scored_in_conflict = "judging_assignments a JOIN judging_scores s ON s.assignment_id = a.id \
         JOIN judging_conflicts c ON c.submission_id = a.submission_id AND c.user_id = a.user_id";
    assert_eq!(sandbox.count(scored_in_conflict).await, 0);
    assert_eq!(sandbox.count("judging_conflicts").await, JUDGES as i64);
    drop((first, second));
    sandbox.remove().await;
}
