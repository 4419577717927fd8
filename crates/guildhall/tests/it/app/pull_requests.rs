//! Delivers pull requests, and reads their points.

use serde_json::Value;

use super::{TestApp, scenarios::Scenario};

impl TestApp {
    /// Starts a server with the project `season` and its repository `octo-org/lantern`, whose GitHub ID is 1.
    pub(crate) async fn of_lantern() -> Self {
        Self::with_lantern_of_id(1).await
    }

    /// Starts the same server with another GitHub ID of the repository.
    pub(crate) async fn with_lantern_of_id(id: i64) -> Self {
        let app = Self::start().await;
        app.project("season").await;
        app.repository("season", "octo-org/lantern", id).await;
        app
    }

    /// Delivers all events of these scenarios, settles them, and checks the ledger.
    pub(crate) async fn deliver_all(&self, scenarios: &[&Scenario]) {
        for scenario in scenarios {
            self.deliver(&scenario.deliveries).await;
        }
        self.work().await;
        self.verify().await;
    }

    /// Returns the net ledger of pull requests and of other sources, in order: number or kind, reason, points and month.
    pub(crate) async fn net_ledger(&self) -> Vec<String> {
        let db = &self.context().db;
        let net = recognition::reads::canonical_net(db).await.expect("the net");
        let pulls = net.iter().map(|net| net.source_id.into());
        let pulls = github::reads::pull_requests(db, pulls).await.expect("pulls");
        let line = |net: &recognition::reads::CanonicalNet| {
            let source = match pulls.get(&net.source_id) {
                Some(pull) => format!("#{:<2}", pull.number),
                None => net.source_kind.clone(),
            };
            let month = net.occurred_at.format("%Y-%m");
            format!("{source} {} {:+} {month}", net.reason, net.points)
        };
        let mut lines: Vec<String> = net.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// Returns the explanation of a pull request's points.
    pub(crate) async fn explanation(&self, number: i64) -> Vec<String> {
        let path = format!("/api/v1/pull-requests/octo-org/lantern/{number}");
        let shown = self.json(&path).await;
        let sentences = shown["explanations"].as_array().expect("explanations").iter();
        sentences.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
