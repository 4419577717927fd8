//! The oddest logins and kinds of accounts that GitHub states, each as author, reviewer, merger and sender.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, value::RawValue};
use testkit::{
    payloads::{Account, Verdict},
    story::{Act, NewReview},
};

use crate::app::{
    TestApp,
    scenarios::{Scenario, repo},
};

/// The forms of logins. GitHub no longer allows the first ones, and never allowed the last ones.
const FORMS: [&str; 10] =
    ["-w{n}", "w{n}-", "w--{n}", "w{n}_acme", "_{n}", "{n}", "W{n}", "w{n}[bot]", "w {n}", "w.{n}"];
const KINDS: [&str; 4] = ["User", "Bot", "Mannequin", "EnterpriseUserAccount"];
const ACCOUNTS: i64 = 200;

/// Gives accounts their kinds, wherever they are in a payload.
fn retype(value: &mut Value, kinds: &BTreeMap<i64, &str>) {
    if let Some(kind) = value["id"].as_i64().and_then(|id| kinds.get(&id))
        && value["login"].is_string()
    {
        value["type"] = Value::from(*kind);
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| retype(field, kinds)),
        Value::Array(items) => items.iter_mut().for_each(|item| retype(item, kinds)),
        _ => {}
    }
}

#[tokio::test]
async fn two_hundred_odd_logins_in_each_role_lose_nothing() {
    let app = TestApp::of_lantern().await;
    let (mut accounts, mut kinds) = (Vec::new(), BTreeMap::new());
    for number in 0..ACCOUNTS {
        let form = FORMS[number as usize % FORMS.len()];
        let id = 50_000 + number;
        accounts.push(Account::user(id, form.replace("{n}", &number.to_string())));
        kinds.insert(id, KINDS[number as usize / FORMS.len() % KINDS.len()]);
    }
    let lantern = repo(1, "lantern");
    let mut scenarios = Vec::new();
    for (place, author) in accounts.iter().enumerate() {
        let of = |further: usize| &accounts[(place + further) % accounts.len()];
        let review = NewReview {
            id: 70_000 + place as i64,
            verdict: Verdict::Approved,
            body: None,
            association: "MEMBER",
            bare: false,
        };
        let number = place as i64 + 1;
        let mut scenario = Scenario::opened(&lantern, number, author, "2026-10-02T08:00:00Z")
            .then(Act::Reviewed(review), of(1), "2026-10-02T09:00:00Z")
            .then(Act::Merged, of(2), "2026-10-02T10:00:00Z");
        for delivery in &mut scenario.deliveries {
            let mut body: Value = serde_json::from_str(delivery.body.get()).expect("JSON");
            retype(&mut body, &kinds);
            delivery.body = RawValue::from_string(body.to_string()).expect("JSON");
        }
        scenarios.push(scenario);
    }
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    let dead = "SELECT count(*) FROM webhook_deliveries WHERE dead_at IS NOT NULL";
    assert_eq!(app.count(dead).await, 0);
    let merged = "SELECT count(*) FROM pull_requests WHERE merged_at IS NOT NULL";
    assert_eq!(app.count(merged).await, ACCOUNTS);
    let people = (1..).zip(&accounts).filter(|(_, account)| {
        !account.login.ends_with("[bot]")
            && matches!(kinds[&account.id], "User" | "EnterpriseUserAccount")
    });
    let expected: BTreeSet<String> =
        people.map(|(number, _)| format!("#{number:<2} pr_opened +10 2026-10")).collect();
    let net = app.net_ledger().await.into_iter();
    let opened: BTreeSet<String> = net.filter(|line| line.contains("pr_opened")).collect();
    assert_eq!(opened, expected);
    for (number, account) in (1..=10).zip(&accounts) {
        let pull = app.json(&format!("/api/v1/pull-requests/octo-org/lantern/{number}")).await;
        let is_allowed = !account.login.contains([' ', '.']);
        let placeholder = format!("{}.github", account.id);
        let shown = if is_allowed { &account.login } else { &placeholder };
        assert_eq!(pull["author"], Value::from(shown.as_str()), "{}", account.login);
    }
    app.verify().await;
    app.finish().await;
}
