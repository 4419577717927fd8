use std::time::Duration;

use platform::db::{Db, Sql as _};
use reqwest::{Client, StatusCode};
use sea_orm::{ConnectionTrait as _, QueryResult};
use serde_json::Value;

use crate::{
    app::{browser::Browser, client, queries},
    process::{Sandbox, demos, program::Program, sandbox::metrics},
};

/// A job that changes nothing for anyone, and fills the leaderboards of skills.
const JOB: &str = "SkillBoards";

/// The program's demo in a process of its own, with everything loaded.
pub(super) struct Demo {
    pub(super) url: String,
    pub(super) client: Client,
    /// The answer of `/metrics` after the load.
    pub(super) scrape: String,
    sandbox: Sandbox,
    program: Program,
}

impl Demo {
    /// Starts a demo, loads it, and runs a job.
    pub(super) async fn start() -> Self {
        let sandbox = Sandbox::new().await;
        let program = demos::loaded(&sandbox).await;
        let (url, client, scrape) = (sandbox.url(), client(), String::new());
        let mut demo = Self { url, client, scrape, sandbox, program };
        demo.scrape = demo.run_job().await;
        demo
    }

    /// Runs a job. Returns the metrics after it.
    async fn run_job(&self) -> String {
        let path = format!("/api/v1/admin/jobs/{JOB}/runs");
        let asked = self.admin().await.call("POST", &path, None).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
        let run = format!("job=\"{JOB}\"");
        let is_run =
            |line: &str| line.starts_with("guildhall_job_runs_total{") && line.contains(&run);
        for _ in 0..600 {
            let scrape = metrics(&self.url).await;
            if scrape.lines().any(is_run) {
                return scrape;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{JOB} did not run within a minute");
    }

    pub(super) async fn admin(&self) -> Browser<'_> {
        let browser = Browser::of(&self.url);
        let form = [("as", "admin"), ("return", "/")];
        assert_eq!(browser.post("/sign-in/demo", &form).await.status, StatusCode::SEE_OTHER);
        browser
    }

    /// Requests a path as a visitor. Returns the status and the text.
    pub(super) async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await;
        let answer = answer.expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    }

    /// Requests JSON as a visitor, with any status.
    pub(super) async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).await.1)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(super) fn db(&self) -> &Db {
        &self.sandbox.db
    }

    /// Returns each `value` that `sql` selects.
    pub(super) async fn values(&self, sql: &str) -> Vec<String> {
        queries::values(self.db(), sql).await
    }

    /// Runs a statement that reads; returns its rows, or why it is refused.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<QueryResult>, String> {
        let db = self.db();
        let rows = db.connection().query_all_raw(db.statement(sql, [])).await;
        rows.map_err(|error| error.to_string())
    }

    /// Stops the demo, and removes its data.
    pub(super) async fn end(self) {
        drop(self.program);
        self.sandbox.remove().await;
    }
}
