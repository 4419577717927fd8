//! Analyses of issues by a language model, simulated with `fake openai`.

mod analyses;
mod budget;
mod faults;
mod hostile;
mod page;
mod programs;

use serde_json::Value;
use testkit::fake_openai::{self, FakeOpenai};

use super::*;

/// The most that one analysis can cost with [`configure`], in millionths of a dollar.
pub(crate) const MOST: u64 = 32_768 + 2 * 1_500;

/// Makes a server use the fake, at a dollar for a million tokens that are read and two for those that are written.
pub(crate) fn configure(openai: &FakeOpenai) -> impl FnOnce(&mut Config) + use<> {
    let url = openai.url().to_owned();
    move |config| {
        config.openai_base_url = url;
        config.openai_api_key = Some(fake_openai::KEY.to_owned().into());
        config.ai_price_input = 1_000_000;
        config.ai_price_output = 2_000_000;
        config.openai_embedding_model = "none".to_owned();
    }
}

/// A server with a model.
pub(crate) async fn scene() -> (Reef, FakeOpenai, TestApp) {
    let reef = Reef::new().await;
    let openai = FakeOpenai::start().await.expect("a port");
    let app = reef.server_with(configure(&openai)).await;
    (reef, openai, app)
}

/// Returns an opportunity by the API, found by its words.
pub(crate) async fn detail(app: &TestApp, words: &str) -> Value {
    let list = app.json(&format!("/api/v1/opportunities?q={words}")).await;
    let id = list["items"][0]["id"].as_str().expect("an ID");
    app.json(&format!("/api/v1/opportunities/{id}")).await
}

/// Returns the calls: purpose, outcome, and whether they have a cost.
pub(crate) async fn calls(app: &TestApp) -> Vec<String> {
    let sql = "SELECT purpose || ' ' || outcome || CASE WHEN cost > 0 THEN '' ELSE ' free' END AS value FROM model_usage \
               ORDER BY id";
    app.values(sql).await
}

/// Returns the cost of all calls.
pub(crate) async fn cost(app: &TestApp) -> u64 {
    let sql = "SELECT CAST(coalesce(sum(cost), 0) AS text) AS value FROM model_usage";
    app.values(sql).await[0].parse().expect("a number")
}
