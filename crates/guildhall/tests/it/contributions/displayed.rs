//! The calculations that pages show add up to the ledger, over the demo's season.

use std::collections::BTreeMap;

use testkit::season::{Season, SeasonSpec};

use super::explanations::server_of;
use crate::app::{TestApp, at};

/// A line of a calculation, as shown.
struct ShownLine {
    step: String,
    factor: String,
    sum: String,
}

/// Returns the text of an element, without markup.
fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    text.replace('\u{a0}', " ").trim().to_owned()
}

/// Returns the lines of each award, and the total.
fn calculation(html: &str) -> Option<(Vec<Vec<ShownLine>>, String)> {
    let (_, table) = html.split_once("<table class=\"reckoning\">")?;
    let (table, _) = table.split_once("</table>")?;
    let (awards, total) = table.split_once("<tfoot>")?;
    let line = |row: &str| {
        let (step, rest) = row.split_once("<td class=\"factor\">")?;
        let (factor, rest) = rest.split_once("</td>")?;
        let step = step.split("<span class=\"meta\">").next()?;
        Some(ShownLine { step: text(&format!("<{step}")), factor: text(factor), sum: text(rest) })
    };
    let lines = |award: &str| award.split("<tr").skip(1).filter_map(line).collect();
    let awards = awards.split("<tbody>").skip(1).map(lines).collect();
    Some((awards, line(total)?.sum))
}

fn number(shown: &str) -> f64 {
    let plain = shown.replace(',', "").replace('−', "-").replace(' ', "");
    plain.parse().unwrap_or_else(|_| panic!("{shown:?} is no number"))
}

/// Applies what a line shows to the sum before it.
fn applied(before: f64, line: &ShownLine) -> f64 {
    let factor = line.factor.as_str();
    if let Some(times) = factor.strip_prefix('×') {
        before * number(times)
    } else if let Some(most) = factor.strip_prefix("at most") {
        before.min(number(most))
    } else if let Some(more) = factor.strip_prefix('+') {
        before + number(more)
    } else if line.step == "Low value" {
        (before - number(factor.trim_start_matches('−'))).max(0.0)
    } else if line.step == "Rounding" {
        before - number(factor.trim_start_matches('−'))
    } else {
        number(factor)
    }
}

fn assert_same(shown: f64, readded: f64, what: &str) {
    assert!((shown - readded).abs() < 1e-9, "{what}: {shown} is shown, {readded} is right");
}

/// Adds up an award again, and counts its kinds of lines. Returns its points.
fn readd(award: &[ShownLine], page: &str, kinds: &mut BTreeMap<String, usize>) -> f64 {
    let mut sum = 0.0;
    for line in award {
        let what = format!("{page}: {}", line.step);
        if line.factor.is_empty() {
            assert_same(number(&line.sum), sum, &what);
            continue;
        }
        sum = applied(sum, line);
        assert_same(number(&line.sum), sum, &what);
        let changes = !matches!(line.factor.as_str(), "× 1" | "0");
        let kind = match line.step.as_str() {
            step if step.ends_with("merge of the month") => "Diminishing",
            step if step.ends_with("opened in 24 hours") => "Frequency",
            step if step.starts_with("Rated") => "Rating",
            step => step.split(':').next().unwrap_or_default(),
        };
        *kinds.entry(kind.to_owned()).or_default() += usize::from(changes);
    }
    sum
}

#[tokio::test]
async fn every_displayed_factor_adds_up_to_the_ledger() {
    let season = Season::new(SeasonSpec {
        pull_requests: 500,
        people: 60,
        projects: 2,
        ..SeasonSpec::demo(at("2026-10-28T00:00:00Z"))
    });
    let app = server_of(&season).await;
    let kinds = assert_pages_add_up(&app, 200).await;
    assert_bind(&kinds, &["Opened", "Merged", "Size", "Diminishing", "Rounding"]);
    app.finish().await;
}

/// Checks that rules changed points on some page.
pub(super) fn assert_bind(kinds: &BTreeMap<String, usize>, rules: &[&str]) {
    for rule in rules {
        let count = kinds.get(*rule).copied().unwrap_or_default();
        assert!(count > 0, "{rule}: {kinds:?}");
    }
}

/// The words of a page that shows why a self-merge earns nothing.
const SELF_MERGED: &str = "its author merged it without a review by another person";

/// Adds up the calculation on each pull request's page, and compares it with the ledger. More than `least` of them earn points.
/// Returns how often each kind of line changes points, and how often a self-merge is excluded.
pub(super) async fn assert_pages_add_up(app: &TestApp, least: usize) -> BTreeMap<String, usize> {
    let net = net(app).await;
    let (mut kinds, mut shown) = (BTreeMap::<String, usize>::new(), BTreeMap::new());
    for (repository, number_of) in pull_requests(app).await {
        let path = format!("/pull-requests/{repository}/{number_of}");
        let answer = app.get(&path).send().await.expect("an answer");
        let html = answer.text().await.expect("HTML");
        if html.contains(SELF_MERGED) {
            *kinds.entry("Self-merge".to_owned()).or_default() += 1;
        }
        let Some((awards, total)) = calculation(&html) else {
            continue;
        };
        let mut sum = 0.0;
        for award in &awards {
            sum += readd(award, &path, &mut kinds);
        }
        assert_same(number(&total), sum, &path);
        if sum != 0.0 {
            shown.insert((repository, number_of), sum);
        }
    }
    let whole = |(pull, points): (_, f64)| (pull, format!("{points}"));
    let shown: BTreeMap<_, _> = shown.into_iter().map(whole).collect();
    assert!(shown.len() > least, "a season earns: {}", shown.len());
    assert_eq!(shown, net);
    kinds
}

type PullAddress = (String, String);

/// Lists the pull requests by repository and number.
async fn pull_requests(app: &TestApp) -> Vec<PullAddress> {
    let sql = "SELECT r.full_name || ' ' || CAST(p.number AS text) AS value FROM pull_requests p \
               JOIN repositories r ON r.id = p.repository_id ORDER BY r.full_name, p.number";
    let found = app.values(sql).await.into_iter();
    found.map(|value| pair(&value)).collect()
}

fn pair(value: &str) -> PullAddress {
    let (repository, number) = value.split_once(' ').expect("a pair");
    (repository.to_owned(), number.to_owned())
}

/// Returns the points of each pull request in the ledger, without zeros.
async fn net(app: &TestApp) -> BTreeMap<PullAddress, String> {
    let sql = "SELECT r.full_name || ' ' || CAST(p.number AS text) || ' ' || CAST(sum(t.points) AS text) AS value \
               FROM point_transactions t JOIN pull_requests p ON p.id = t.source_id \
               JOIN repositories r ON r.id = p.repository_id GROUP BY r.full_name, p.number \
               HAVING sum(t.points) <> 0";
    let split = |value: String| {
        let (pull, points) = value.rsplit_once(' ').expect("points");
        (pair(pull), points.to_owned())
    };
    app.values(sql).await.into_iter().map(split).collect()
}
